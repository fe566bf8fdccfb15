"""What goes with «Usuarios» and is no form: what somebody may do, what locks them out, people in spreadsheets."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from backoffice.accounts import capabilities, invitations, selectors, services, shifts
from backoffice.accounts.links import HOURS
from backoffice.accounts.models import User
from backoffice.accounts.services.importing import BETWEEN_ROLES, COLUMNS
from backoffice.common.errors import DomainError
from backoffice.panel.pages.base import ALL_STAFF, back, page, person, require, show

CHANGE, VIEW, ADD = "accounts.change_user", "accounts.view_user", "accounts.add_user"
LARGEST = 1_000_000  # bytes of a file of people


@dataclass(frozen=True)
class Allowed:
    """A thing that can be done and by what somebody may: their roles, or a permission given to them; [] when not."""

    label: str
    sources: list[str]


@page(ALL_STAFF)
def what_they_may(request: HttpRequest, pk: int) -> HttpResponse:
    """«Qué puede hacer»: everything that can be allowed, by screen, and where each of theirs comes from.

    One's own is for everybody.
    """
    if pk != request.user.pk:
        require(request, VIEW)
    user = get_object_or_404(User, pk=pk)
    granted = selectors.granted(user)
    screens = [
        (screen.title, [Allowed(one.label, granted.get(one.code, [])) for one in screen.capabilities])
        for screen in capabilities.screens()
    ]
    roles = [(role.name, selectors.role_abouts().get(role.name, "")) for role in user.groups.order_by("pk")]
    return show(
        request,
        "panel/what_they_may.html",
        "Qué puedo hacer" if pk == request.user.pk else f"Qué puede hacer {user}",
        someone=user,
        open_screens=[(title, can) for title, can in screens if any(one.sources for one in can)],
        closed_screens=[title for title, can in screens if not any(one.sources for one in can)],
        roles=roles,
        extra=selectors.EXTRA,
        shifts=shifts.told(user.shifts.all()),
    )


@page(CHANGE)
@require_POST
def unlock(request: HttpRequest, pk: int) -> HttpResponse:
    user = _managed(request, pk)
    services.unlock(user=user, by=person(request))
    messages.success(request, f"{user} ya puede probar de nuevo.")
    return back(request, "admin:accounts_user_changelist")


@page(CHANGE)
@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """A link by mail with which they choose their password, for who is new and for who forgot it."""
    user = _managed(request, pk)
    invitations.invite(user=user, by=person(request))
    messages.success(request, f"Le mandamos a {user.email} cómo ingresar. El enlace sirve una vez, por {HOURS} horas.")
    return back(request, "admin:accounts_user_changelist")


@page(CHANGE)
@require_POST
def reset_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """For whoever lost the telephone and the recovery codes."""
    user = _managed(request, pk)
    services.remove_second_factor(user=user, by=person(request))
    messages.success(request, f"{user} ya no tiene verificación en dos pasos. Puede activarla otra vez en su cuenta.")
    return back(request, "admin:accounts_user_changelist")


@page(ADD)
def import_people(request: HttpRequest) -> HttpResponse:
    """People out of a CSV, typed or in a file; their first passwords are shown in the answer, and never again."""
    text, error = request.POST.get("texto", ""), ""
    lines: list[str] = []
    if request.method == "POST":
        try:
            text = _sent(request) or text
            done = services.import_people(text=text, by=person(request))
        except DomainError as refusal:
            error, lines = refusal.message, getattr(refusal, "lines", [])
        else:
            return show(request, "panel/people_imported.html", "Usuarios importados", done=done)
    return show(
        request,
        "panel/people_import.html",
        "Importar usuarios",
        text=text,
        error=error,
        lines=lines,
        example=f"{';'.join(COLUMNS)}\nana;Ana;Ruiz;ana@tuempresa.com.ar;2615550102;Operador {BETWEEN_ROLES} Agente;\n",
        roles=selectors.role_abouts().items(),
    )


def _sent(request: HttpRequest) -> str:
    """The text of the file that was sent; "" when none was. Raises DomainError for what is no text."""
    file = request.FILES.get("file")
    if file is None:
        return ""
    if file.size is None or file.size > LARGEST:
        raise DomainError("Ese archivo es demasiado grande para ser una lista de personas.")
    data = file.read()
    for encoding in ("utf-8-sig", "cp1252"):  # Excel in Spanish still writes the second
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DomainError("Ese archivo no es un CSV. Guardalo desde la planilla como «CSV».")


def _managed(request: HttpRequest, pk: int) -> User:
    """Somebody whose account this person may change. Raises DomainError when they may more."""
    user = get_object_or_404(User, pk=pk)
    services.check_may_manage(by=person(request), user=user)
    return user
