"""«Sin responder»: chats the bot left alone, each with «Crear ticket»."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from backoffice.conversations.models import Conversation, Message
from backoffice.panel import selectors
from backoffice.panel.pages.base import page, show
from backoffice.tickets import services as tickets

PER_PAGE = 25


@page("conversations.view_contact")
def unanswered(request: HttpRequest) -> HttpResponse:
    found = Paginator(selectors.unanswered(), PER_PAGE).get_page(request.GET.get("p"))
    return show(request, "panel/unanswered.html", "Sin responder", found=found)


@page("tickets.take_ticket")
@require_POST
def open_ticket(request: HttpRequest, pk: int) -> HttpResponse:
    """A ticket with what the customer said last, so that agents hear of it like of any other."""
    conversation = get_object_or_404(
        Conversation.objects.select_related("contact"), pk=pk, kind="private", contact__isnull=False
    )
    last = Message.objects.filter(conversation=conversation, direction="in").order_by("-id").first()
    ticket = tickets.open_ticket(
        conversation=conversation,
        subject="Mensaje sin responder",
        message=last.text if last else "",
        actor=str(request.user),
    )
    messages.success(request, f"Se creó el ticket #{ticket.number}.")
    return redirect("admin:panel_ticket", pk=ticket.pk)
