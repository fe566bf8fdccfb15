from django.apps import AppConfig


class AgentsApp(AppConfig):
    name = "backoffice.agents"
    verbose_name = "Agentes y grupos"
