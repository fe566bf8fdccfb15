from django.apps import AppConfig


class ConnectionsApp(AppConfig):
    name = "backoffice.connections"
    verbose_name = "Conexiones"
