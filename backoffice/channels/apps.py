from django.apps import AppConfig


class ChannelsApp(AppConfig):
    name = "backoffice.channels"
    verbose_name = "Canales"
