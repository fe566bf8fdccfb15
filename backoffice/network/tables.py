"""The plant and the stock as spreadsheets. What is imported passes the same services as what is typed."""

from typing import Any

from import_export import widgets
from import_export.fields import Field

from backoffice.catalog.models import Zone
from backoffice.common.tables.resources import SavedByService, TableResource
from backoffice.common.tables.widgets import ChoiceWidget, YesNoWidget
from backoffice.network import services
from backoffice.network.models import Item, NapBox, NapPort, Olt, PonPort, Seal, Supply, Unit
from integrations.understanding.places import Point, parse_point
from integrations.understanding.words import fold


class OneByName(widgets.Widget):
    """A row of another table by what people call it; an empty cell is none."""

    def __init__(self, model: type[Zone] | type[PonPort]) -> None:
        super().__init__()
        self.model = model
        self._by_name: dict[str, Any] | None = None

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        if not str(value or "").strip():
            return None
        if self._by_name is None:  # the widget is copied for each file
            related = ("olt",) if self.model is PonPort else ()
            self._by_name = {fold(str(one)): one for one in self.model._default_manager.select_related(*related)}
        found = self._by_name.get(fold(str(value)))
        if found is None:
            raise ValueError(f"No existe «{value}» en {self.model._meta.verbose_name_plural}.")
        return found

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return str(value) if value else ""


class PointWidget(widgets.Widget):
    """Coordinates as Google Maps gives them; an empty cell is none."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Point | None:
        typed = str(value or "").strip()
        point = parse_point(typed) if typed else None
        if typed and point is None:
            raise ValueError(f"«{typed}» no son coordenadas: poné, por ejemplo, -32.8908, -68.8272.")
        return point

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return str(value) if value else ""


class OltResource(SavedByService):
    name = Field("name", "nombre")
    brand = Field("brand", "marca")
    model_name = Field("model", "modelo")
    address = Field("address", "IP de gestión")
    pon_count = Field("pon_count", "puertos PON", widgets.IntegerWidget())
    place = Field("place", "dónde está")

    class Meta(TableResource.Meta):
        model = Olt
        fields = ("name", "brand", "model_name", "address", "pon_count", "place")
        import_id_fields = ("name",)

    def write(self, instance: Olt) -> None:
        services.save_olt(olt=instance)


class NapBoxResource(SavedByService):
    name = Field("name", "nombre")
    zone = Field("zone", "zona", OneByName(Zone))
    pon = Field("pon", "OLT y PON", OneByName(PonPort))
    capacity = Field("capacity", "puertos", widgets.IntegerWidget())
    address = Field("address", "dirección")
    coordinates = Field("point", "coordenadas", PointWidget())
    free = Field(attribute="free", column_name="libres", readonly=True)

    class Meta(TableResource.Meta):
        model = NapBox
        fields = ("name", "zone", "pon", "capacity", "address", "coordinates", "free")
        import_id_fields = ("name",)

    def write(self, instance: NapBox) -> None:
        services.save_box(box=instance)


class NapPortResource(TableResource):
    """Who is on each port; without `names`, for whoever may not see customers, only the ports."""

    box = Field("box__name", "caja")
    number = Field("number", "puerto")
    state = Field("state", "estado", ChoiceWidget(NapPort.State))
    code = Field("service__customer__code", "número de cliente")
    customer = Field("service__customer__name", "cliente")
    address = Field("service__address", "dirección")
    note = Field("note", "nota")

    class Meta(TableResource.Meta):
        model = NapPort
        fields = ("box", "number", "state", "code", "customer", "address", "note")

    def __init__(self, *, names: bool = True, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._names = names

    def export_field(self, field: Field, instance: Any, **kwargs: Any) -> Any:
        hidden = not self._names and str(field.attribute).startswith("service__customer")
        return "" if hidden else super().export_field(field, instance, **kwargs)


class ItemResource(TableResource):
    name = Field("name", "nombre")
    kind = Field("kind", "tipo", ChoiceWidget(Item.Kind))
    measure = Field("measure", "cómo se controla", ChoiceWidget(Item.Measure, Item.Measure.SERIAL))
    active = Field("active", "se usa", YesNoWidget())

    class Meta(TableResource.Meta):
        model = Item
        fields = ("name", "kind", "measure", "active")
        import_id_fields = ("name",)


class UnitResource(TableResource):
    item = Field("item__name", "artículo")
    serial = Field("serial", "número de serie")
    mac = Field("mac_shown", "MAC")
    state = Field("state", "estado", ChoiceWidget(Unit.State))
    place = Field("place", "dónde está")
    since = Field("since", "desde", widgets.DateTimeWidget(format="%d/%m/%Y %H:%M"))
    notes = Field("notes", "notas")

    class Meta(TableResource.Meta):
        model = Unit
        fields = ("item", "serial", "mac", "state", "place", "since", "notes")


class SupplyResource(TableResource):
    item = Field("item__name", "artículo")
    deposit = Field("deposit__name", "depósito")
    quantity = Field("quantity", "cantidad")
    sign = Field("item__sign", "medida")
    minimum = Field("minimum", "mínimo")

    class Meta(TableResource.Meta):
        model = Supply
        fields = ("item", "deposit", "quantity", "sign", "minimum")


class SealResource(TableResource):
    code = Field("code", "precinto")
    state = Field("state", "estado", ChoiceWidget(Seal.State))
    technician = Field("technician", "técnico")
    place = Field("place", "dónde se usó")
    at = Field("at", "desde", widgets.DateTimeWidget(format="%d/%m/%Y %H:%M"))
    reason = Field("reason", "motivo")

    class Meta(TableResource.Meta):
        model = Seal
        fields = ("code", "state", "technician", "place", "at", "reason")
