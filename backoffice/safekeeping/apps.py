from django.apps import AppConfig


class SafekeepingApp(AppConfig):
    name = "backoffice.safekeeping"
    verbose_name = "Resguardo de datos"

    def ready(self) -> None:
        """What staff delete, in whichever app, is seen here before it goes."""
        from backoffice.common.deleting import KEEPERS, Keeper
        from backoffice.safekeeping.services import keep_deleted
        from backoffice.safekeeping.snapshots import take

        KEEPERS.append(Keeper(look=take, keep=keep_deleted))
        from backoffice.operations.alerts import watches
        from backoffice.safekeeping.alarms import alarms

        watches(alarms)
