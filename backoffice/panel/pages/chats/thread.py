"""One person's whole story as a chat, which stays fresh while it is open."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from backoffice.billing.selectors import accounts
from backoffice.conversations import services
from backoffice.conversations.models import Contact, Conversation, Label
from backoffice.conversations.uploads import ACCEPT
from backoffice.customers.selectors import by_phone_keys
from backoffice.panel.pages.base import page, person, show
from backoffice.panel.pages.chats.inbox import ATTEND, VIEW, chat_list
from backoffice.tickets import timeline
from backoffice.tickets.models import Ticket
from backoffice.tickets.phrases import holder
from backoffice.tickets.selectors import seats, takers

ANY_CASE = "tickets.change_ticket"
"""Whoever supervises acts on everybody's cases."""


@page(VIEW)
def chat(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything said with one contact, newest at the end; `?antes=<id>` goes back in time, `&parte=1` only that."""
    contact = get_object_or_404(Contact.objects.select_related("merged_into"), pk=pk)
    if contact.merged_into_id:
        return redirect("admin:panel_chat", pk=contact.merged_into_id)
    before = request.GET.get("antes", "")
    shown = timeline.screen(contact, before=int(before[:18]) if before.isdecimal() else None)
    context = {"contact": contact, "screen": shown, "in_the_past": bool(before)}
    if request.GET.get("parte"):
        return render(request, "panel/chats/items.html", context)
    desk = desk_of(request, contact)
    if not before:
        _mark_read(request, contact, desk, shown)
    return show(
        request,
        "panel/chats/page.html",
        str(contact),
        **context,
        **desk,
        **chat_list(request, opened=contact.pk),
        **about(contact),
    )


@page(VIEW)
@require_safe
def news(request: HttpRequest, pk: int) -> HttpResponse:
    """The last lines and who attends when anything moved since `?v=`, else 204. `?visto=1`: somebody is looking."""
    contact = get_object_or_404(Contact, pk=pk)
    if timeline.version(contact) == request.GET.get("v"):
        return HttpResponse(status=204)
    shown = timeline.screen(contact)
    desk = desk_of(request, contact)
    if request.GET.get("visto"):
        _mark_read(request, contact, desk, shown)
    context = {"contact": contact, "screen": shown, "past_tickets": _past(contact), **desk}
    return render(request, "panel/chats/news.html", context)


def desk_of(request: HttpRequest, contact: Contact) -> dict[str, Any]:
    """Who attends a person's chat, and what whoever looks may do about it: the context of `panel/chats/desk.html`."""
    user = person(request)
    case = open_case(contact)
    attended = case is not None and case.state == Ticket.State.IN_PROGRESS
    mine = attended and case is not None and case.user_id == user.pk
    attends, supervises = user.has_perm(ATTEND), user.has_perm(ANY_CASE)
    passes = case is not None and (supervises or (mine and attends))
    return {
        "ticket": case,
        "attended_by": holder(case) if case is not None and attended else "",
        "mine": mine,
        "can_write": mine and attends,
        "can_take": attends and not attended and can_be_written_to(contact),
        "can_take_over": attends and attended and not mine and supervises,
        "can_pass": passes,
        "can_close": case is not None and user.has_perm("tickets.close_ticket") and (mine or supervises),
        "can_note": case is not None and (attends or user.has_perm("tickets.close_ticket")),
        "takers": [one for one in takers() if not mine or one.pk != user.pk] if passes else [],
        "seats": seats() if passes else [],
        "areas": Ticket.Area.choices,
        "accept": ACCEPT,
    }


def open_case(contact: Contact) -> Ticket | None:
    """Their open case; of two (one on each number of ours) the newest."""
    rows = Ticket.objects.filter(contact=contact).exclude(state=Ticket.State.CLOSED).order_by("-id")
    return rows.select_related(
        "conversation", "contact", "agent", "user__agent", "group__conversation", "queue"
    ).first()


def can_be_written_to(contact: Contact) -> bool:
    if contact.anonymised_at is not None or contact.trashed_at is not None:
        return False
    return Conversation.objects.filter(contact=contact).exclude(channel__kind="preview").exists()


def _mark_read(request: HttpRequest, contact: Contact, desk: dict[str, Any], shown: timeline.Screen) -> None:
    if desk["mine"] and shown.last_id:
        services.mark_read(contact=contact, user=person(request), upto=shown.last_id)


def about(contact: Contact) -> dict[str, Any]:
    """The column of who they are: their customers and accounts, cases, labels, other numbers."""
    return {
        "customers": _customers(contact),
        "past_tickets": _past(contact),
        "labels_on": list(contact.labels.all()),
        "labels_all": list(Label.objects.all()),
        "addresses": contact.addresses.select_related("channel").order_by("pk")[:8],
    }


def _past(contact: Contact) -> QuerySet[Ticket]:
    return Ticket.objects.filter(contact=contact, state=Ticket.State.CLOSED).order_by("-id")[:5]


def _customers(contact: Contact) -> list[dict[str, Any]]:
    """Who the contact speaks for: by a link, or because their phone is on file."""
    links = list(contact.links.select_related("customer"))
    found: dict[int, dict[str, Any]] = {link.customer_id: {"customer": link.customer, "link": link} for link in links}
    if contact.phone_key:
        for customer in by_phone_keys([contact.phone_key])[contact.phone_key]:
            found.setdefault(customer.pk, {"customer": customer, "link": None})
    stands = accounts(list(found))
    return [item | {"account": stands[pk]} for pk, item in found.items()]
