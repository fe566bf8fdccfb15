from django.apps import AppConfig


class TicketsApp(AppConfig):
    name = "backoffice.tickets"
    verbose_name = "Tickets"
