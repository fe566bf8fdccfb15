from django.apps import AppConfig


class CatalogApp(AppConfig):
    name = "backoffice.catalog"
    verbose_name = "Comercial"
