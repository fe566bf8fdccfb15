"""Orders and branches as spreadsheets."""

from typing import Any

from import_export import widgets

from backoffice.common.tables.columns import Column
from backoffice.common.tables.resources import TableResource
from backoffice.common.tables.widgets import ChoiceWidget, MomentWidget, PesosWidget, YesNoWidget
from backoffice.sales.models import Branch, SalesOrder
from integrations.understanding.phones import short_display


def _phone(phone: str | None) -> str:
    return short_display(phone) if phone else ""


def _collected(data: list[dict[str, Any]] | None) -> str:
    return " · ".join(f"{item['label']}: {item['value']}" for item in data or ())


class OrderResource(TableResource):
    """It only leaves: orders are born in chats and move by their verb (ADR 18)."""

    number = Column("number", "número", widgets.IntegerWidget())
    received_at = Column("received_at", "recibido", MomentWidget())
    state = Column("state", "estado", ChoiceWidget(SalesOrder.State))
    contact = Column("contact__name", "contacto")
    phone = Column(column_name="celular", reads=("contact__phone",), says=_phone)
    customer = Column("customer__code", "número de cliente", needs="customers.view_customer")
    branch = Column("branch__name", "sucursal")
    subject = Column("subject", "qué pide")
    data = Column(column_name="datos recopilados", reads=("data",), says=_collected)
    plan = Column("plan__name", "plan")
    amount = Column("amount", "monto", PesosWidget())
    payment = Column("payment", "forma de pago", ChoiceWidget(SalesOrder.Payment, ""))
    comments = Column("comments", "comentarios")
    ended_at = Column("ended_at", "terminado", MomentWidget())

    class Meta(TableResource.Meta):
        model = SalesOrder
        fields = (
            "number", "received_at", "state", "contact", "phone", "customer", "branch", "subject", "data", "plan",
            "amount", "payment", "comments", "ended_at",
        )  # fmt: skip


class BranchResource(TableResource):
    name = Column("name", "nombre", example="Sucursal Centro | Sucursal Maipú")
    address = Column("address", "dirección", example="San Martín 450, Ciudad | Ozamis 300, Maipú")
    active = Column("active", "activa", YesNoWidget(), example="sí | sí")

    class Meta(TableResource.Meta):
        model = Branch
        fields = ("name", "address", "active")
        import_id_fields = ("name",)
