"""The list of tickets. A ticket itself is a page with its whole story (`panel/pages/tickets.py`)."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from unfold.decorators import display

from backoffice.common.admin import ReadOnlyAdmin, label
from backoffice.common.filters import DayRangeFilter
from backoffice.common.tables.screens import PEOPLE, Exportable
from backoffice.tickets.models import Ticket
from backoffice.tickets.tables import TicketResource

States, Sentiments = Ticket.State, Ticket.Sentiment
TONES: dict[str, str] = {
    States.PENDING: "warning",
    States.IN_PROGRESS: "info",
    States.CLOSED: "success",
    Sentiments.HAPPY: "success",
    Sentiments.FRUSTRATED: "warning",
    Sentiments.ANGRY: "danger",
}


class StateFilter(admin.SimpleListFilter):
    """By state; «Abiertos» is whatever is not closed (AMB-05)."""

    title = "estado"
    parameter_name = "estado"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("abiertos", "Abiertos"), *((state.value, str(state.label)) for state in States)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Ticket]) -> QuerySet[Ticket]:
        if self.value() == "abiertos":
            return queryset.filter(state__in=(States.PENDING, States.IN_PROGRESS))
        return queryset.filter(state=self.value()) if self.value() in States.values else queryset


@admin.register(Ticket)
class TicketAdmin(Exportable, ReadOnlyAdmin):
    empty_state = (
        "Todavía no hay tickets. Aparecen solos cuando un cliente pide hablar con una persona "
        "o el bot no puede resolver su problema."
    )
    empty_icon = "confirmation_number"
    search_fields = (
        "number",
        "subject",
        "message",
        "contact__name",
        "contact__phone_key",
        "customer__name",
        "customer__code",
    )
    search_help_text = "Número, asunto, nombre o teléfono."
    list_display = ("number_shown", "who", "subject", "state_badge", "sentiment_badge", "attended_by", "opened_at")
    list_display_links = ("number_shown", "subject")
    list_filter = (StateFilter, "area", "priority", "sentiment", "agent", ("opened_at", DayRangeFilter))
    list_select_related = ("contact", "customer", "agent", "user")
    list_filter_submit = False
    resource_classes = [TicketResource]
    export_permission = PEOPLE

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Its own page, which is where everybody's links to a ticket end."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect("admin:panel_ticket", pk=object_id) if object_id.isdecimal() else redirect("admin:index")

    @display(description="N°", ordering="number")
    def number_shown(self, ticket: Ticket) -> str:
        return f"#{ticket.number}"

    @display(description="Cliente")
    def who(self, ticket: Ticket) -> str:
        return str(ticket.customer or ticket.contact)

    @display(description="Estado", ordering="state")
    def state_badge(self, ticket: Ticket) -> SafeString:
        return label(str(ticket.get_state_display()), TONES.get(ticket.state, ""))

    @display(description="Sentimiento", ordering="sentiment")
    def sentiment_badge(self, ticket: Ticket) -> SafeString:
        return label(str(ticket.get_sentiment_display()), TONES.get(ticket.sentiment, ""))

    @display(description="Lo atiende")
    def attended_by(self, ticket: Ticket) -> str:
        return str(ticket.agent or ticket.user or "—")
