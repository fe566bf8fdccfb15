from django.apps import AppConfig


class PanelApp(AppConfig):
    name = "backoffice.panel"
    verbose_name = "Panel"
