"""The screen of a list with «Importar» and «Exportar»."""

from backoffice.common.admin import BackofficeAdmin
from backoffice.common.tables.importing import Importable
from backoffice.common.tables.screens import Exportable, WithTemplate


class TableAdmin(Exportable, WithTemplate, Importable, BackofficeAdmin):
    """A list with «Importar» and «Exportar»."""
