from django.apps import AppConfig


class DemoApp(AppConfig):
    name = "backoffice.demo"
    verbose_name = "Demostración"
