from django.apps import AppConfig


class OperationsApp(AppConfig):
    name = "backoffice.operations"
    verbose_name = "Operación"
