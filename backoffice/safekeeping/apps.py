from django.apps import AppConfig


class SafekeepingApp(AppConfig):
    name = "backoffice.safekeeping"
    verbose_name = "Resguardo de datos"

    def ready(self) -> None:
        from backoffice.operations.alerts import watches
        from backoffice.safekeeping.alarms import alarms

        watches(alarms)
