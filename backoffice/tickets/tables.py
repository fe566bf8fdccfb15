"""Contacts and tickets as spreadsheets. They only leave: both are born in chats."""

from typing import Any

from django.db.models import QuerySet
from import_export import widgets

from backoffice.common.tables.columns import Column, full_name
from backoffice.common.tables.resources import TableResource
from backoffice.common.tables.widgets import ChoiceWidget, MomentWidget
from backoffice.conversations.models import Contact
from backoffice.tickets import contacts
from backoffice.tickets.models import Ticket
from integrations.understanding.phones import short_display

CUSTOMERS = "customers.view_customer"


def _phone(phone: str | None) -> str:
    return short_display(phone) if phone else ""


class ContactResource(TableResource):
    """Who wrote. What no column of theirs tells is read for a chunk of them together."""

    since = Column("created_at", "alta", MomentWidget())
    name = Column("name", "nombre")
    phone = Column(column_name="celular", reads=("phone",), says=_phone)
    labels = Column(column_name="etiquetas", gathers=contacts.labels_told)
    customer = Column(column_name="cliente", gathers=contacts.customers_told, needs=CUSTOMERS)
    last = Column(column_name="último mensaje", gathers=contacts.last_told)
    attended_by = Column(column_name="lo atiende", gathers=contacts.attention_told)

    class Meta(TableResource.Meta):
        model = Contact
        fields = ("since", "name", "phone", "labels", "customer", "last", "attended_by")

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
