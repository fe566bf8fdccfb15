"""What is done in the trash: having something back, ending it for good, and putting a person in it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import capfirst
from django.views.decorators.http import require_POST

from backoffice.conversations.models import Contact
from backoffice.panel.pages.base import page, person, show
from backoffice.safekeeping import services
from backoffice.safekeeping.admin.trash import EMPTY, RESTORE
from backoffice.safekeeping.models import TrashItem
from backoffice.safekeeping.selectors import trash_blockers
from backoffice.safekeeping.snapshots import table_name
from backoffice.safekeeping.subject import Subject
from backoffice.safekeeping.telling import tell_kept

TRASH = "admin:safekeeping_trashitem_changelist"
CONTACTS = "admin:conversations_contact_changelist"
DELETE = "conversations.delete_contact"


@page(RESTORE)
@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """A refusal comes back as a message, with what to do about it."""
    item = TrashItem.objects.filter(pk=pk).first() or TrashItem(pk=pk)
    without = services.restore(item=item, by=person(request))
    messages.success(request, f"Listo: «{item}» está de vuelta como estaba.")
    if without:
        messages.warning(request, f"Volvió sin {', '.join(without[:3])}: ya no existe.")
    return redirect(TRASH)


@page(EMPTY)
def empty(request: HttpRequest, pk: int) -> HttpResponse:
    """Says what goes; a POST ends it."""
    item = get_object_or_404(TrashItem.objects.shown(), pk=pk)
    if request.method == "POST":
        services.throw_away(item=item, by=person(request))
        messages.success(request, "Listo: se borró para siempre.")
        return redirect(TRASH)
    return show(
        request, "panel/empty_trash.html", "Borrar para siempre", item=item, name=capfirst(table_name(item.table))
    )


@page(DELETE)
def trash_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """«Borrar» of a contact (OPEN-CNT-08): says what it means; a POST does it."""
    there = Contact.objects.filter(merged_into__isnull=True, anonymised_at__isnull=True, trashed_at__isnull=True)
    contact = get_object_or_404(there, pk=pk)
    if request.method == "POST":
        services.trash_contact(contact=contact, by=person(request))
        messages.success(request, f"{contact} ya no está en las listas.")
        tell_kept(request, Contact)
        return redirect(CONTACTS)
    blockers = trash_blockers(Subject.of(contact))
    return show(request, "panel/trash_contact.html", "Borrar contacto", contact=contact, blockers=blockers)
