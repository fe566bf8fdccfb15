"""Messages that failed or that we do not know to have left: staff decide (design 3)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from backoffice.common.errors import DomainError
from backoffice.common.sql import Written
from backoffice.conversations import services
from backoffice.conversations.models import Message
from backoffice.panel.pages.base import page, person, show

DECISIONS = {"sent": "Anotado: se envió.", "resend": "Vuelve a salir.", "discard": "Descartado."}
PER_PAGE = 25


@page("conversations.view_message")
def doubtful(request: HttpRequest) -> HttpResponse:
    found = Paginator(_doubtful(), PER_PAGE).get_page(request.GET.get("p"))
    return show(request, "panel/doubtful.html", "Mensajes por revisar", found=found)


def _doubtful() -> QuerySet[Message]:
    """Newest first. The two states are asked for apart, so that each is found by its own small index."""
    doubtful = Message.objects.filter(due_at__isnull=False, status=Message.Status.UNCERTAIN).values("pk")
    failed = Message.objects.filter(status=Written(Message.Status.FAILED)).values("pk")
    rows = Message.objects.filter(Q(pk__in=doubtful) | Q(pk__in=failed))
    return rows.select_related("conversation__contact").order_by("-id")


@page("conversations.reply_conversation")
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    decision = request.POST.get("decision", "")
    if decision not in DECISIONS:
        raise DomainError("Elegí qué hacer con el mensaje.")
    message = get_object_or_404(Message.objects.select_related("conversation__contact"), pk=pk)
    if services.settle(message=message, decision=decision, by=person(request)):
        messages.success(request, DECISIONS[decision])
    else:
        messages.info(request, "Ese mensaje ya estaba resuelto.")
    return redirect("admin:panel_doubtful")
