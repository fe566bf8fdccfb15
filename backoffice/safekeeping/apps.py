from django.apps import AppConfig


class SafekeepingApp(AppConfig):
    name = "backoffice.safekeeping"
    verbose_name = "Resguardo de datos"
