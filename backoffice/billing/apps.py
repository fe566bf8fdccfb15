from django.apps import AppConfig


class BillingApp(AppConfig):
    name = "backoffice.billing"
    verbose_name = "Cobranzas"
