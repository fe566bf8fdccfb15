from django.apps import AppConfig


class CommonApp(AppConfig):
    name = "backoffice.common"
    verbose_name = "Sistema"
