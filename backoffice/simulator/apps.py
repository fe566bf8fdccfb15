from django.apps import AppConfig


class SimulatorConfig(AppConfig):
    name = "backoffice.simulator"
    label = "simulator"
    verbose_name = "Simulador de WhatsApp"
