"""What no turn could handle: who wrote it, why it failed, and the two ways out (design 3, row 5)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from backoffice.common.errors import DomainError
from backoffice.conversations.models import InboxEvent
from backoffice.operations import services
from backoffice.operations.stuck import dead_events, letters
from backoffice.panel.pages.base import page, person, show

PER_PAGE = 25
DECISIONS = {
    "retry": (services.retry_event, "El bot lo intenta de nuevo."),
    "discard": (services.discard_event, "Descartado."),
}


@page("conversations.view_message")
def dead(request: HttpRequest) -> HttpResponse:
    found = Paginator(dead_events(), PER_PAGE).get_page(request.GET.get("p"))
    rows = letters(list(found))
    return show(request, "panel/dead.html", "Mensajes que hicieron fallar al bot", found=found, rows=rows)


@page("conversations.reply_conversation")
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    decision = request.POST.get("decision", "")
    if decision not in DECISIONS:
        raise DomainError("Elegí qué hacer con el mensaje.")
    verb, done = DECISIONS[decision]
    if verb(event=get_object_or_404(InboxEvent.objects.select_related("lane"), pk=pk), by=person(request)):
        messages.success(request, done)
    else:
        messages.info(request, "Ese mensaje ya estaba resuelto.")
    return redirect("admin:panel_dead")
