"""«Sesiones activas»: who is talking with the bot right now, and where they stand (AMB-53)."""

from datetime import timedelta

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from backoffice.conversations.models import DialogState
from backoffice.dialogs.models import Menu
from backoffice.panel.pages.base import page, show
from backoffice.tickets.models import Ticket

RECENT = timedelta(minutes=30)
PER_PAGE = 25
FLOWS = {
    "collect": "Completando datos",
    "identify": "Identificándose",
    "rating": "Calificando la atención",
    "troubleshoot": "Probando soluciones",
}


@page("conversations.view_dialogstate")
def sessions(request: HttpRequest) -> HttpResponse:
    found = Paginator(_active(), PER_PAGE).get_page(request.GET.get("p"))
    menus = dict(Menu.objects.values_list("key", "title"))
    rows = [
        {"contact": state.contact, "since": state.updated_at, "doing": FLOWS.get(state.flow) or _menu(state, menus)}
        for state in found
    ]
    return show(request, "panel/sessions.html", "Sesiones activas", found=found, rows=rows)


def _active() -> QuerySet[DialogState]:
    """Dialogues that moved lately and have not run out; those with a person at work are no longer the bot's."""
    now = timezone.now()
    attended = Ticket.objects.filter(contact=OuterRef("contact"), state=Ticket.State.IN_PROGRESS)
    recent = DialogState.objects.filter(updated_at__gte=now - RECENT).exclude(expires_at__lt=now)
    return recent.filter(~Exists(attended)).select_related("contact").order_by("-updated_at")


def _menu(state: DialogState, menus: dict[str, str]) -> str:
    return f"En el menú «{menus[state.menu]}»" if state.menu in menus else "Conversando"
