from django.apps import AppConfig


class AccountsApp(AppConfig):
    name = "backoffice.accounts"
    verbose_name = "Usuarios"
