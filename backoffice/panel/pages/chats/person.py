"""Who a chat is with: labels, notes, and that two contacts are one person."""

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from backoffice.conversations import services
from backoffice.conversations.models import Contact
from backoffice.panel.pages.base import page, person, show
from backoffice.panel.pages.chats.thread import about
from backoffice.panel.pages.chats.verbs import REPLY, verb
from backoffice.tickets.merging import merge_contacts
from integrations.understanding.phones import phone_key

CHANGE = "conversations.change_contact"
CANDIDATES = 12


@verb(CHANGE, REPLY)
def save_notes(request: HttpRequest, contact: Contact) -> str:
    services.save_contact_notes(contact=contact, notes=request.POST.get("notas", ""))
    return "Notas guardadas."


@verb(CHANGE, REPLY)
def save_labels(request: HttpRequest, contact: Contact) -> str:
    """`etiqueta` as often as there are labels, and `nueva` for one by its name."""
    chosen = [int(one[:18]) for one in request.POST.getlist("etiqueta") if one.isascii() and one.isdecimal()]
    new = request.POST.get("nueva", "") if request.user.has_perm("conversations.add_label") else ""
    services.set_labels(contact=contact, labels=chosen, new=new)
    return "Etiquetas guardadas."


@page(CHANGE)
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Look for the other contact of the same person (`?q=`), then see both side by side (`?otro=`) and confirm."""
    contact = get_object_or_404(Contact, pk=pk, merged_into__isnull=True)
    query, chosen = request.GET.get("q", "").strip()[:80], request.GET.get("otro", "")
    other = _others(contact).filter(pk=int(chosen[:18])).first() if chosen.isascii() and chosen.isdecimal() else None
    return show(
        request,
        "panel/chats/merge.html",
        "Unir contactos",
        contact=contact,
        query=query,
        other=other,
        sides=[(one, about(one)) for one in (contact, other) if one is not None] if other else [],
        found=_found(contact, query) if query and other is None else [],
    )


@page(CHANGE)
@require_POST
def do_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """`otro` becomes part of this contact; it cannot be undone, so the page has asked."""
    contact = get_object_or_404(Contact, pk=pk, merged_into__isnull=True)
    chosen = request.POST.get("otro", "")
    other = get_object_or_404(_others(contact), pk=int(chosen[:18]) if chosen.isascii() and chosen.isdecimal() else 0)
    merge_contacts(keep=contact, lose=other, by=str(person(request)))
    messages.success(request, f"Listo: todo lo de {other} está ahora en esta charla.")
    return redirect("admin:panel_chat", pk=pk)


def _others(contact: Contact) -> QuerySet[Contact]:
    there = Contact.objects.filter(merged_into__isnull=True, anonymised_at__isnull=True, trashed_at__isnull=True)
    return there.exclude(pk=contact.pk)


def _found(contact: Contact, query: str) -> list[Contact]:
    wanted = Q(name__icontains=query)
    digits = "".join(letter for letter in query if letter.isdecimal())
    if len(digits) >= 4:
        wanted |= Q(phone_key__contains=phone_key(query) or digits)
    return list(_others(contact).filter(wanted).order_by("-last_seen_at", "-pk")[:CANDIDATES])
