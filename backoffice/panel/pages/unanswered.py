"""«Sin responder»: chats the bot left alone, each with «Crear ticket»."""

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from backoffice.conversations.models import Contact, Conversation, Message
from backoffice.operations.selectors import unanswered as waiting
from backoffice.panel.pages.base import page, show
from backoffice.tickets import services as tickets
from backoffice.tickets.models import Ticket
from backoffice.tickets.phrases import what_was_sent

PER_PAGE = 25


@page("conversations.view_contact")
def unanswered(request: HttpRequest) -> HttpResponse:
    found = Paginator(waiting(), PER_PAGE).get_page(request.GET.get("p"))
    return show(request, "panel/unanswered.html", "Sin responder", found=found)


@page("tickets.take_ticket")
@require_POST
def open_ticket(request: HttpRequest, pk: int) -> HttpResponse:
    """A ticket with what the customer said last, so that agents hear of it like of any other."""
    chats = Conversation.objects.select_related("contact").filter(
        kind=Conversation.Kind.PRIVATE,
        contact__isnull=False,
        contact__anonymised_at__isnull=True,
        contact__trashed_at__isnull=True,
    )
    conversation = get_object_or_404(chats, pk=pk)
    contact = cast(Contact, conversation.contact)
    last = Message.objects.filter(conversation=conversation, direction=Message.Direction.IN).order_by("-id").first()
    ticket = tickets.open_ticket(
        conversation=conversation,
        contact=contact,
        area=Ticket.Area.SUPPORT,
        subject="Mensaje sin responder",
        message=what_was_sent(last) if last else "",
        customer_id=contact.links.order_by("pk").values_list("customer_id", flat=True).first(),
    )
    messages.success(request, f"Se creó el ticket #{ticket.number}.")
    return redirect("admin:panel_ticket", pk=ticket.pk)
