"""The plant and the stock as spreadsheets. What is imported passes the same services as what is typed."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from import_export import widgets

from backoffice.catalog.models import Zone
from backoffice.common.tables.columns import Column, full_name, person
from backoffice.common.tables.resources import SavedByService, TableResource
from backoffice.common.tables.widgets import ChoiceWidget, MomentWidget, OneByName, PointWidget, YesNoWidget
from backoffice.network import services
from backoffice.network.models import Deposit, Item, NapBox, NapPort, Olt, PonPort, Seal, Supply, Unit
from backoffice.network.selectors.plant import with_counts
from integrations.understanding.places import Point

CUSTOMERS = "customers.view_customer"
_TECHNICIAN = ("technician__first_name", "technician__last_name", "technician__username")


class OltResource(SavedByService):
    parts = ("pons",)
    name = Column("name", "nombre", example="OLT Central | OLT Maipú")
    brand = Column("brand", "marca", example="Huawei | ZTE")
    model_name = Column("model", "modelo", example="MA5608T | C320")
    address = Column("address", "IP de gestión", widgets.CharWidget(), example="10.0.0.5 | 10.0.0.6")
    pon_count = Column("pon_count", "puertos PON", widgets.IntegerWidget(), example="8 | 16")
    place = Column("place", "dónde está", example="Nodo San Martín 450 | Nodo Maipú")

    class Meta(TableResource.Meta):
        model = Olt
        fields = ("name", "brand", "model_name", "address", "pon_count", "place")
        import_id_fields = ("name",)

    def write(self, instance: Olt) -> None:
        services.save_olt(olt=instance)


def _pon(olt: str | None, number: int | None) -> str:
    return f"{olt} · PON {number}" if olt is not None else ""


def _point(latitude: Decimal | None, longitude: Decimal | None) -> str:
    return "" if latitude is None or longitude is None else str(Point(latitude, longitude))


class NapBoxResource(SavedByService):
    parts = ("ports",)
    name = Column("name", "nombre", example="NAP-GC-014 | NAP-MA-002")
    zone = Column("zone", "zona", OneByName(Zone), example="Godoy Cruz | Maipú")
    pon = Column(
        "pon",
        "OLT y PON",
        OneByName(PonPort, ("olt",)),
        reads=("pon__olt__name", "pon__number"),
        says=_pon,
        example="OLT Central · PON 1 | OLT Maipú · PON 2",
    )
    capacity = Column("capacity", "puertos", widgets.IntegerWidget(), example="16 | 8")
    address = Column("address", "dirección", example="Mitre 20, esquina Belgrano | Ozamis 300")
    coordinates = Column(
        "point", "coordenadas", PointWidget(), reads=("latitude", "longitude"), says=_point,
        example="-32.890800, -68.827200 | -32.978000, -68.790000",
    )  # fmt: skip
    free = Column("free", "libres", widgets.IntegerWidget(), readonly=True)

    class Meta(TableResource.Meta):
        model = NapBox
        fields = ("name", "zone", "pon", "capacity", "address", "coordinates", "free")
        import_id_fields = ("name",)

    def rows(self) -> QuerySet[Any]:
        return with_counts(NapBox.objects.all())

    def write(self, instance: NapBox) -> None:
        services.save_box(box=instance)

    def erase(self, instance: NapBox) -> None:
        services.delete_box(box=instance)


class NapPortResource(TableResource):
    """Who is on each port; whoever may not see customers gets only the ports."""

    box = Column("box__name", "caja")
    number = Column("number", "puerto", widgets.IntegerWidget())
    state = Column("state", "estado", ChoiceWidget(NapPort.State))
    code = Column("service__customer__code", "número de cliente", needs=CUSTOMERS)
    customer = Column("service__customer__name", "cliente", needs=CUSTOMERS)
    address = Column("service__address", "dirección")
    note = Column("note", "nota")

    class Meta(TableResource.Meta):
        model = NapPort
        fields = ("box", "number", "state", "code", "customer", "address", "note")


class ItemResource(TableResource):
    name = Column("name", "nombre", example="ONU Huawei HG8310M | Cable drop")
    kind = Column("kind", "tipo", ChoiceWidget(Item.Kind), example="ONU / ONT | Cable")
    measure = Column(
        "measure",
        "cómo se controla",
        ChoiceWidget(Item.Measure, Item.Measure.SERIAL),
        example="Uno por uno, con su número de serie | Por cantidad (metros)",
    )
    active = Column("active", "se usa", YesNoWidget(), example="sí | sí")

    class Meta(TableResource.Meta):
        model = Item
        fields = ("name", "kind", "measure", "active")
        import_id_fields = ("name",)


class DepositResource(TableResource):
    name = Column("name", "nombre", example="Depósito Central | Camioneta 2")
    address = Column("address", "dirección", example="San Martín 450 | ")

    class Meta(TableResource.Meta):
        model = Deposit
        fields = ("name", "address")
        import_id_fields = ("name",)


def _mac(mac: str | None) -> str:
    return ":".join((mac or "")[at : at + 2] for at in range(0, len(mac or ""), 2))


def _unit_place(
    state: str, deposit: str | None, first: str | None, last: str | None, username: str | None,
    customer: str | None, address: str | None, plan: str | None,
) -> str:  # fmt: skip
    """As `Whereabouts.place` says it."""
    if customer is not None:
        return f"{customer} · {address or plan}"
    return deposit or full_name(first, last, username) or str(Unit.State(state).label)


class UnitResource(TableResource):
    item = Column("item__name", "artículo")
    serial = Column("serial", "número de serie")
    mac = Column("mac_shown", "MAC", reads=("mac",), says=_mac)
    state = Column("state", "estado", ChoiceWidget(Unit.State))
    place = Column(
        "place", "dónde está", says=_unit_place,
        reads=(
            "state", "deposit__name", *_TECHNICIAN, "service__customer__name", "service__address",
            "service__plan__name",
        ),
    )  # fmt: skip
    since = Column("since", "desde", MomentWidget())
    notes = Column("notes", "notas")

    class Meta(TableResource.Meta):
        model = Unit
        fields = ("item", "serial", "mac", "state", "place", "since", "notes")


def _sign(measure: str) -> str:
    return Item(measure=measure).sign


class SupplyResource(TableResource):
    item = Column("item__name", "artículo")
    deposit = Column("deposit__name", "depósito")
    quantity = Column("quantity", "cantidad", widgets.IntegerWidget())
    sign = Column("item__sign", "medida", reads=("item__measure",), says=_sign)
    minimum = Column("minimum", "mínimo", widgets.IntegerWidget())

    class Meta(TableResource.Meta):
        model = Supply
        fields = ("item", "deposit", "quantity", "sign", "minimum")


def _seal_place(customer: str | None, of_port: str | None, port: int | None, box: str | None) -> str:
    """As `Seal.place` says it."""
    where = [customer or "", f"{of_port} · puerto {port}" if of_port is not None else box or ""]
    return " · ".join(part for part in where if part)


class SealResource(TableResource):
    code = Column("code", "precinto")
    state = Column("state", "estado", ChoiceWidget(Seal.State))
    technician = person("technician", "técnico")
    place = Column(
        "place", "dónde se usó", reads=("service__customer__name", "port__box__name", "port__number", "box__name"),
        says=_seal_place,
    )  # fmt: skip
    at = Column("at", "desde", MomentWidget())
    reason = Column("reason", "motivo")

    class Meta(TableResource.Meta):
        model = Seal
        fields = ("code", "state", "technician", "place", "at", "reason")
