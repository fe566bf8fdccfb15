"""Holidays and points of sale as spreadsheets."""

from import_export import widgets

from backoffice.common.tables.columns import Column
from backoffice.common.tables.resources import TableResource
from backoffice.common.tables.widgets import DayWidget, YesNoWidget
from backoffice.company.models import Holiday, PointOfSale


class HolidayResource(TableResource):
    date = Column("date", "fecha", DayWidget(), example="25/12/2026 | 26/02/2027")
    name = Column("name", "motivo", example="Navidad | Fiesta de la Vendimia")
    message = Column("message", "mensaje propio", example="¡Felices fiestas! Volvemos {apertura}. | ")

    class Meta(TableResource.Meta):
        model = Holiday
        fields = ("date", "name", "message")
        import_id_fields = ("date",)


class PointOfSaleResource(TableResource):
    number = Column("number", "número", widgets.IntegerWidget(), example="1 | 3")
    name = Column("name", "nombre", example="Casa central | Facturación web")
    active = Column("active", "activo", YesNoWidget(), example="sí | sí")

    class Meta(TableResource.Meta):
        model = PointOfSale
        fields = ("number", "name", "active")
        import_id_fields = ("number",)
