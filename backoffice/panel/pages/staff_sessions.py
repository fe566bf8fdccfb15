"""«Sesiones del personal»: who is inside the panel, in which browser and from where (AMB-53: apart from the bot's)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from backoffice.accounts import door, selectors, services
from backoffice.accounts.models import StaffSession
from backoffice.panel.pages.base import page, person, show

VIEW, CLOSE = "accounts.view_staffsession", "accounts.close_staffsession"
PER_PAGE = 25
LATELY = 20


@page(VIEW)
def staff_sessions(request: HttpRequest) -> HttpResponse:
    """Those that are open, the last used first, and the last that ended."""
    found = Paginator(selectors.open_sessions(), PER_PAGE).get_page(request.GET.get("p"))
    ended = StaffSession.objects.filter(ended_at__isnull=False).select_related("user").order_by("-ended_at", "-pk")
    return show(
        request,
        "panel/staff_sessions.html",
        "Sesiones del personal",
        found=found,
        ended=ended[:LATELY],
        mine=request.session.get(door.SESSION),
        may_close=request.user.has_perm(CLOSE),
    )


@page(CLOSE)
@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """One session («sesion»), or all of somebody («persona»), or everybody's («todas»); never the one that asks."""
    sessions = selectors.open_sessions().exclude(pk=request.session.get(door.SESSION) or 0)
    one, somebody = _number(request, "sesion"), _number(request, "persona")
    if one is not None:
        sessions = sessions.filter(pk=one)
    elif somebody is not None:
        sessions = sessions.filter(user_id=somebody)
    elif request.POST.get("todas") != "si":
        sessions = sessions.none()
    count = services.close_sessions(sessions=sessions, by=person(request))
    told = {0: "No había nada que cerrar.", 1: "Sesión cerrada."}.get(count, f"Se cerraron {count} sesiones.")
    messages.success(request, told)
    return redirect("admin:panel_staff_sessions")


def _number(request: HttpRequest, name: str) -> int | None:
    value = request.POST.get(name, "")
    return int(value[:18]) if value.isascii() and value.isdecimal() else None
