from django.apps import AppConfig


class ConversationsApp(AppConfig):
    name = "backoffice.conversations"
    verbose_name = "Conversaciones"
