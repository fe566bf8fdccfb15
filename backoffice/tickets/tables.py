"""Contacts and tickets as spreadsheets. Tickets only leave: each that came in would be told to a group (ADR 18)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import Manager, QuerySet
from import_export import widgets

from backoffice.common.tables.columns import Column, full_name
from backoffice.common.tables.resources import TableResource
from backoffice.common.tables.widgets import ChoiceWidget, MomentWidget, YesNoWidget
from backoffice.conversations.models import Contact, Label
from backoffice.tickets import contacts
from backoffice.tickets.models import Ticket
from integrations.understanding.phones import short_display

CUSTOMERS = "customers.view_customer"
CONTACTS = "conversations.view_contact"


def _phone(phone: str | None) -> str:
    return short_display(phone) if phone else ""


def _wants_none(since: datetime | None) -> str:
    return "sí" if since else "no"


class LabelsWidget(widgets.ManyToManyWidget):
    """The names of labels with commas between them, each as it was typed: one that nobody has is made by the verb."""

    def __init__(self) -> None:
        super().__init__(Label, separator=",", field="name")

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[str]:  # type: ignore[override]
        return [part.strip() for part in str(value or "").split(",") if part.strip()]

    def render(self, value: Iterable[Any] | None, obj: Any = None, **kwargs: Any) -> str:
        rows = value.all() if isinstance(value, Manager) else (value or ())
        return ", ".join(str(one) for one in rows)


class ContactResource(TableResource):
    """Who wrote, or will: an agenda comes in by its phones. What no column tells is read for a chunk together."""

    aliases: ClassVar[dict[str, tuple[str, ...]]] = {
        "name": ("nombre y apellido", "apellido y nombre", "nombre completo", "contacto"),
        "phone": ("teléfono", "cel", "móvil", "whatsapp", "tel", "número", "número de celular"),
        "labels": ("etiqueta", "grupos"),
        "notes": ("nota", "observaciones", "comentarios"),
        "opted_out": ("sin avisos", "no molestar"),
    }
    writer = "backoffice.tickets.importing.ContactsInBulk"

    since = Column("created_at", "alta", MomentWidget(), readonly=True)
    name = Column("name", "nombre", example="María González | Juan Pérez | Ana Ruiz")
    phone = Column(
        "phone",
        "celular",
        reads=("phone",),
        says=_phone,
        example="261 234-5678 | 0261 15 555-0101 | +54 9 261 555 0102",
    )
    labels = Column(
        "labels",
        "etiquetas",
        LabelsWidget(),
        gathers=contacts.labels_told,
        example="VIP, Llamar de tarde | Obra nueva | ",
    )
    customer = Column(column_name="cliente", gathers=contacts.customers_told, needs=CUSTOMERS)
    last = Column(column_name="último mensaje", gathers=contacts.last_told)
    attended_by = Column(column_name="lo atiende", gathers=contacts.attention_told)
    notes = Column("notes", "notas", needs=CONTACTS, example="Tiene dos perros | | Prefiere mensajes")
    opted_out = Column(
        "opted_out",
        "no quiere avisos",
        YesNoWidget(),
        reads=("opted_out_at",),
        says=_wants_none,
        example="no | sí | no",
    )

    class Meta(TableResource.Meta):
        model = Contact
        fields = ("since", "name", "phone", "labels", "customer", "last", "attended_by", "notes", "opted_out")
        import_id_fields = ("phone",)

    def rows(self) -> QuerySet[Any]:
        return contacts.everybody()


def _attended_by(agent: str | None, first: str | None, last: str | None, username: str | None) -> str:
    return agent or full_name(first, last, username)


class TicketResource(TableResource):
    number = Column("number", "número", widgets.IntegerWidget())
    opened_at = Column("opened_at", "abierto", MomentWidget())
    state = Column("state", "estado", ChoiceWidget(Ticket.State))
    area = Column("area", "área", ChoiceWidget(Ticket.Area))
    priority = Column("priority", "prioridad", ChoiceWidget(Ticket.Priority))
    sentiment = Column("sentiment", "sentimiento", ChoiceWidget(Ticket.Sentiment))
    subject = Column("subject", "asunto")
    contact = Column("contact__name", "contacto")
    phone = Column(column_name="celular", reads=("contact__phone",), says=_phone)
    code = Column("customer__code", "número de cliente", needs=CUSTOMERS)
    customer = Column("customer__name", "cliente", needs=CUSTOMERS)
    attended_by = Column(
        column_name="lo atiende", reads=("agent__name", "user__first_name", "user__last_name", "user__username"),
        says=_attended_by,
    )  # fmt: skip
    taken_at = Column("taken_at", "tomado", MomentWidget())
    closed_at = Column("closed_at", "cerrado", MomentWidget())
    close_reason = Column("close_reason", "motivo de cierre")
    rating = Column("rating", "calificación", widgets.IntegerWidget())

    class Meta(TableResource.Meta):
        model = Ticket
        fields = (
            "number", "opened_at", "state", "area", "priority", "sentiment", "subject", "contact", "phone", "code",
            "customer", "attended_by", "taken_at", "closed_at", "close_reason", "rating",
        )  # fmt: skip
