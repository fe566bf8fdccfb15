"""Messages that failed or that we do not know to have left: staff decide (design 3)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from backoffice.common.errors import DomainError
from backoffice.conversations import services
from backoffice.conversations.models import Message
from backoffice.panel.pages.base import page, show

DECISIONS = {"sent": "Anotado: se envió.", "resend": "Vuelve a salir.", "discard": "Descartado."}
PER_PAGE = 25


@page("conversations.view_message")
def doubtful(request: HttpRequest) -> HttpResponse:
    rows = Message.objects.filter(status__in=[Message.Status.UNCERTAIN, Message.Status.FAILED])
    found = Paginator(rows.select_related("conversation__contact").order_by("-id"), PER_PAGE)
    return show(request, "panel/doubtful.html", "Mensajes por revisar", found=found.get_page(request.GET.get("p")))


@page("conversations.reply_conversation")
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    decision = request.POST.get("decision", "")
    if decision not in DECISIONS:
        raise DomainError("Elegí qué hacer con el mensaje.")
    if services.settle(message=get_object_or_404(Message, pk=pk), decision=decision):
        messages.success(request, DECISIONS[decision])
    else:
        messages.info(request, "Ese mensaje ya estaba resuelto.")
    return redirect("admin:panel_doubtful")
