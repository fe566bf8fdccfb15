from django.apps import AppConfig


class NetworkApp(AppConfig):
    name = "backoffice.network"
    verbose_name = "Red"
