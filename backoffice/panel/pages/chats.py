"""Conversations: the list as an inbox, and one contact's whole story as a chat."""

import hashlib
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from backoffice.billing.selectors import accounts
from backoffice.channels.models import Channel
from backoffice.conversations.models import Contact, Conversation, Message
from backoffice.customers.selectors import by_phone_keys
from backoffice.operations.selectors import unanswered
from backoffice.panel import services
from backoffice.panel.pages.base import back, page, show
from backoffice.tickets.models import Ticket
from integrations.understanding.phones import phone_key

PER_PAGE = 25
PER_SCREEN = 60
VIEW = "conversations.view_contact"
FILTERS = {"": "Todas", "ticket": "Con ticket abierto", "sin-responder": "Sin responder"}


@page(VIEW)
def chats(request: HttpRequest) -> HttpResponse:
    """The inbox: who wrote last, what they said, whether somebody attends them. `?q=` searches people."""
    query, chosen = request.GET.get("q", "").strip(), request.GET.get("ver", "")
    number = request.GET.get("p", "1")
    page_number = max(int(number[:6]), 1) if number.isdecimal() else 1  # a database refuses a longer number
    start = (page_number - 1) * PER_PAGE
    rows = list(_found(_inbox(chosen), query)[start : start + PER_PAGE + 1])
    return show(
        request,
        "panel/chats.html",
        "Conversaciones",
        conversations=rows[:PER_PAGE],
        query=query,
        chosen=chosen,
        filters=FILTERS,
        page_number=page_number,
        has_next=len(rows) > PER_PAGE,
    )


def _inbox(chosen: str) -> QuerySet[Conversation]:
    if chosen == "sin-responder":
        rows = unanswered()
    else:
        last = Message.objects.filter(conversation=OuterRef("pk")).order_by("-id")
        rows = (
            Conversation.objects.filter(
                kind=Conversation.Kind.PRIVATE, contact__isnull=False, last_message_at__isnull=False
            )
            .exclude(channel__kind=Channel.Kind.PREVIEW)
            .annotate(
                last_text=Subquery(last.values("text")[:1]), last_direction=Subquery(last.values("direction")[:1])
            )
            .select_related("contact")
            .order_by("-last_message_at", "-id")
        )
    tickets = Ticket.objects.filter(conversation=OuterRef("pk")).exclude(state=Ticket.State.CLOSED)
    rows = rows.annotate(
        ticket_state=Subquery(tickets.values("state")[:1]), ticket_pk=Subquery(tickets.values("pk")[:1])
    )
    return rows.filter(ticket_pk__isnull=False) if chosen == "ticket" else rows


def _found(rows: QuerySet[Conversation], query: str) -> QuerySet[Conversation]:
    if not query:
        return rows
    wanted = Q(contact__name__icontains=query) | Q(contact__links__customer__name__icontains=query)
    wanted |= Q(contact__links__customer__code=query) | Q(contact__links__customer__document=query)
    digits = "".join(letter for letter in query if letter.isdecimal())
    if len(digits) >= 4:
        wanted |= Q(contact__phone_key__contains=phone_key(query) or digits)
    return rows.filter(wanted).distinct()


@page(VIEW)
def chat(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything said with one contact, newest at the end; `?antes=<id>` goes back in time."""
    contact = get_object_or_404(Contact.objects.select_related("merged_into", "dialog"), pk=pk)
    if contact.merged_into_id:
        return redirect("admin:panel_chat", pk=contact.merged_into_id)
    before = request.GET.get("antes", "")
    messages = _messages(contact, int(before[:18]) if before.isdecimal() else None)
    ticket = (
        Ticket.objects.filter(contact=contact)
        .exclude(state=Ticket.State.CLOSED)
        .select_related("agent", "user")
        .first()
    )
    return show(
        request,
        "panel/chat.html",
        str(contact),
        contact=contact,
        customers=_customers(contact),
        ticket=ticket,
        past_tickets=Ticket.objects.filter(contact=contact, state=Ticket.State.CLOSED).order_by("-id")[:5],
        in_the_past=bool(before),
        **_screen(messages),
    )


@page(VIEW)
def chat_news(request: HttpRequest, pk: int) -> HttpResponse:
    """The last messages again when any is new or changed its status; 204 otherwise."""
    contact = get_object_or_404(Contact, pk=pk)
    seen = (
        Message.objects.filter(conversation__contact=contact).order_by("-id").values_list("id", "status")[:PER_SCREEN]
    )
    if _version(list(seen)[::-1]) == request.GET.get("v"):
        return HttpResponse(status=204)
    return render(request, "panel/chat_messages.html", live_chat(contact))


def _messages(contact: Contact, before: int | None) -> list[Message]:
    rows = Message.objects.filter(conversation__contact=contact).select_related("media", "quoted")
    rows = rows.filter(id__lt=before) if before else rows
    return list(rows.order_by("-id")[: PER_SCREEN + 1])[::-1]


def live_chat(contact: Contact) -> dict[str, Any]:
    """What `panel/chat_messages.html` shows of a contact and keeps fresh, for a page that carries it."""
    return {"contact": contact, **_screen(_messages(contact, None))}


def _screen(messages: list[Message]) -> dict[str, Any]:
    shown = messages[-PER_SCREEN:]
    older = shown[0].pk if len(messages) > PER_SCREEN else None
    return {"messages_shown": shown, "older": older, "version": _version([(m.pk, m.status) for m in shown])}


def _version(seen: list[tuple[int, str]]) -> str:
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


def _customers(contact: Contact) -> list[dict[str, Any]]:
    """Who the contact speaks for: by a link, or because their phone is on file."""
    links = list(contact.links.select_related("customer"))
    found: dict[int, dict[str, Any]] = {link.customer_id: {"customer": link.customer, "link": link} for link in links}
    if contact.phone_key:
        for customer in by_phone_keys([contact.phone_key])[contact.phone_key]:
            found.setdefault(customer.pk, {"customer": customer, "link": None})
    stands = accounts(list(found))
    return [item | {"account": stands[pk]} for pk, item in found.items()]


@page("conversations.change_contact", "conversations.reply_conversation")
@require_POST
def save_notes(request: HttpRequest, pk: int) -> HttpResponse:
    contact = get_object_or_404(Contact, pk=pk)
    services.save_contact_notes(contact=contact, notes=request.POST.get("notas", ""))
    return back(request)
