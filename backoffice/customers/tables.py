"""Customers and their services as spreadsheets."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.db import models
from import_export import widgets

from backoffice.catalog.models import Plan, Zone
from backoffice.common.sql import Among
from backoffice.common.tables.columns import Column
from backoffice.common.tables.resources import Key, TableResource
from backoffice.common.tables.widgets import ChoiceWidget, DayWidget, MomentWidget, OneByKey, OneByName, PesosWidget
from backoffice.customers.models import Customer, CustomerPhone, Service
from backoffice.customers.selectors import code_as_typed
from integrations.understanding.phones import short_display

BETWEEN_PHONES = " / "


class PhonesWidget(widgets.ManyToManyWidget):
    """The phones of somebody, with bars between them, each as it was typed. The verb says which is none."""

    def __init__(self) -> None:
        super().__init__(CustomerPhone, separator="/", field="number")

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[str]:  # type: ignore[override]
        return [part.strip() for part in str(value or "").split("/") if part.strip()]

    def render(self, value: Iterable[Any] | None, obj: Any = None, **kwargs: Any) -> str:
        rows = value.all() if isinstance(value, models.Manager) else (value or ())
        return BETWEEN_PHONES.join(short_display(getattr(one, "number", one)) for one in rows)


def phones_of(customers: Sequence[int]) -> dict[int, str]:
    """What the phones of each one look like in a cell, in one query."""
    found: dict[int, list[str]] = {}
    rows = CustomerPhone.objects.filter(Among("customer", customers)).order_by("customer_id", "pk")
    for customer, number in rows.values_list("customer_id", "number"):
        found.setdefault(customer, []).append(short_display(number))
    return {customer: BETWEEN_PHONES.join(numbers) for customer, numbers in found.items()}


class CustomerByCode(OneByKey):
    """A customer by their number, also without the zeros that Excel takes away."""

    def __init__(self) -> None:
        super().__init__(Customer, "code")

    def forms(self, key: str) -> tuple[str, ...]:
        return code_as_typed(key)


class CustomerResource(TableResource):
    """A row without a number of customer is a new one, who gets the next. Phones replace all that there were."""

    keys = (
        Key("code", "número de cliente", ("code",)),
        Key("document", "DNI o CUIT", ("document",)),
        Key("phones", "teléfono", ("phones",)),
    )
    aliases: ClassVar[dict[str, tuple[str, ...]]] = {
        "code": ("código", "cliente", "nº cliente", "número", "nro cliente", "nro de cliente", "id cliente", "legajo"),
        "name": ("apellido y nombre", "nombre y apellido", "nombre completo", "razón social", "titular"),
        "document": ("dni", "cuit", "documento", "dni/cuit", "nro documento", "número de documento", "cuil"),
        "email": ("email", "e-mail", "mail", "correo electrónico"),
        "address": ("dirección", "calle", "domicilio fiscal"),
        "zone": ("barrio", "localidad"),
        "phones": ("teléfono", "celular", "cel", "móvil", "whatsapp", "tel", "celulares"),
        "notes": ("observaciones", "comentarios", "nota"),
    }
    writer = "backoffice.customers.importing.CustomersInBulk"
    parts = ("phones",)

    code = Column("code", "número de cliente", example="000123 | 000124 | 000125")
    name = Column("name", "nombre", example="María González de Paz | Juan Pérez | Almacén Don Pedro SRL")
    document = Column("document", "DNI o CUIT", example="27.345.678 | 30123456 | 30-71234567-1")
    email = Column("email", "correo", example="maria.gonzalez@example.com | | compras@example.com")
    address = Column("address", "domicilio", example="San Martín 450, Godoy Cruz | Belgrano 20, Maipú | Ruta 60 km 4")
    zone = Column("zone", "zona", OneByName(Zone), example="Godoy Cruz | Maipú | ")
    status = Column(
        "status",
        "estado",
        ChoiceWidget(Customer.Status, Customer.Status.ACTIVE),
        example="Activo | Activo | Suspendido",
    )
    phones = Column(
        "phones",
        "teléfonos",
        PhonesWidget(),
        gathers=phones_of,
        example="261 234-5678 / 261 555-0102 | 0261 15 555-0101 | ",
    )
    notes = Column("notes", "notas", example="Llamar después de las 18 | | Factura A")
    created_at = Column("created_at", "alta", MomentWidget(), readonly=True)

    class Meta(TableResource.Meta):
        model = Customer
        fields = (
            "code", "name", "document", "email", "address", "zone", "status", "phones", "notes", "created_at",
        )  # fmt: skip
        import_id_fields = ("code",)


class ServiceResource(TableResource):
    """A contract is told by its customer and its address."""

    aliases: ClassVar[dict[str, tuple[str, ...]]] = {
        "customer": ("código", "cliente n°", "nº cliente", "nro cliente", "nro de cliente"),
        "price": ("precio", "abono", "importe"),
        "address": ("dirección de la conexión", "domicilio"),
        "since": ("alta", "fecha de alta"),
    }
    writer = "backoffice.customers.importing.ServicesInBulk"

    customer = Column("customer", "número de cliente", CustomerByCode(), example="000123 | 000124 | 000125")
    name = Column("customer__name", "cliente", readonly=True)
    plan = Column("plan", "plan", OneByName(Plan), example="Fibra 300MB | Fibra 100MB | Fibra 600MB")
    price = Column("price", "precio mensual", PesosWidget(), example="24.900,00 | 18.500,00 | 32.000,50")
    address = Column("address", "dirección", example="San Martín 450, Godoy Cruz | Belgrano 20, Maipú | Ruta 60 km 4")
    status = Column(
        "status", "estado", ChoiceWidget(Service.Status, Service.Status.ACTIVE), example="Activo | Activo | Suspendido"
    )
    since = Column("since", "desde", DayWidget(), example="01/12/2026 | 15/03/2025 | 02/01/2024")

    class Meta(TableResource.Meta):
        model = Service
        fields = ("customer", "name", "plan", "price", "address", "status", "since")
        import_id_fields = ("customer", "address")
