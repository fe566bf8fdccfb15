"""«Borrar» of a contact: what goes, what stays, and the last step, which cannot be undone (Ley 25.326)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from backoffice.common.errors import DomainError
from backoffice.conversations.models import Contact
from backoffice.panel.pages.base import page, person, show
from backoffice.safekeeping import services
from backoffice.safekeeping.selectors import preview

FORGET = "conversations.anonymise_contact"
NO_NUMBER = "BORRAR"
"""What is typed for whom hides their number."""


@page(FORGET)
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Says what goes and what stays; a POST with the reason and the last four digits does it."""
    contact = get_object_or_404(Contact.objects.filter(merged_into__isnull=True, anonymised_at__isnull=True), pk=pk)
    typed, reason, errors = request.POST.get("numero", "").strip()[:20], request.POST.get("motivo", "")[:20], {}
    wanted = contact.phone[-4:] if contact.phone else NO_NUMBER
    if request.method == "POST":
        try:
            _check(typed, wanted)
            looked = services.look_ahead(contact=contact)
            services.anonymise(contact=contact, by=person(request), reason=reason, looked=looked)
        except DomainError as error:
            errors = {error.field or "": error.message}
        else:
            messages.success(request, "Listo: el contacto y todo lo que dijo ya no están.")
            return redirect("admin:conversations_contact_changelist")
    return show(
        request,
        "panel/forget_contact.html",
        "Borrar contacto",
        contact=contact,
        found=preview(contact),
        reasons=services.Reason.by_hand(),
        chosen=reason,
        typed=typed,
        word="" if contact.phone else NO_NUMBER,
        number_error=errors.get("numero", ""),
        reason_error=errors.get("motivo", ""),
        refusal=errors.get("", ""),
    )


def _check(typed: str, wanted: str) -> None:
    """Raises: DomainError (field «numero») unless the last four digits were typed."""
    if typed.upper() != wanted:
        digits = "los últimos cuatro números de su celular" if wanted != NO_NUMBER else f"la palabra {NO_NUMBER}"
        raise DomainError(f"Para confirmar escribí {digits}.", field="numero")
