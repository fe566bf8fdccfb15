from django.apps import AppConfig


class CompanyApp(AppConfig):
    name = "backoffice.company"
    verbose_name = "Empresa"
