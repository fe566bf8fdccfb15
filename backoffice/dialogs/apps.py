from django.apps import AppConfig


class DialogsApp(AppConfig):
    name = "backoffice.dialogs"
    verbose_name = "Bot"
