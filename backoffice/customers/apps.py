from django.apps import AppConfig


class CustomersApp(AppConfig):
    name = "backoffice.customers"
    verbose_name = "Clientes"
