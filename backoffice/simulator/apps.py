from django.apps import AppConfig


class SimulatorConfig(AppConfig):
    name = "backoffice.simulator"
    label = "simulator"
    verbose_name = "Simulador de WhatsApp"

    def ready(self) -> None:
        from backoffice.safekeeping.elsewhere import forgets
        from backoffice.simulator.forgetting import forget

        forgets(forget)
