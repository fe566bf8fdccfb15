from django.apps import AppConfig


class SalesApp(AppConfig):
    name = "backoffice.sales"
    verbose_name = "Ventas"

    def ready(self) -> None:
        """Cases know how two contacts become one person; what that means for orders is told to them here."""
        from backoffice.sales.services import join_orders
        from backoffice.tickets.merging import FOLLOWERS

        FOLLOWERS.append(join_orders)
