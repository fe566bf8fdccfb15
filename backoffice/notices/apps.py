from django.apps import AppConfig


class NoticesApp(AppConfig):
    name = "backoffice.notices"
    verbose_name = "Avisos"
