"""«Puesta en marcha»: what is ready, what is missing and why it matters, each step with the way to its screen.

ISPBOT-END-01 (what the bot can do when it is done), ISPBOT-END-02 (who helps), SC-37 and SC-38.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from backoffice.common.qr import qr_svg
from backoffice.panel import selectors, services
from backoffice.panel.pages.base import ALL_STAFF, page, person, show
from backoffice.panel.setup.abilities import offers
from backoffice.panel.setup.base import Way
from backoffice.panel.setup.progress import SEES, Stand, concerns, progress
from backoffice.panel.setup.registry import optional_step


@dataclass(frozen=True)
class Row:
    """A step on the screen: how it stands, the ways this person may go, and whether it is the one to go on with."""

    stand: Stand
    ways: list[Way]
    is_next: bool


@page(ALL_STAFF)
def start(request: HttpRequest) -> HttpResponse:
    """Where somebody goes after choosing their first password: whoever configures, to what is missing."""
    return redirect("admin:panel_setup" if concerns(request) else "admin:index")


@page(SEES)
def assistant(request: HttpRequest) -> HttpResponse:
    return show(request, "panel/setup/page.html", "Puesta en marcha", support=settings.SUPPORT, **_context(request))


@page(SEES)
def live(request: HttpRequest) -> HttpResponse:
    """The steps again when something moved, as a number that was just linked; 204 otherwise."""
    context = _context(request)
    if request.GET.get("v") == context["version"]:
        return HttpResponse(status=204)
    return render(request, "panel/setup/live.html", context)


def _context(request: HttpRequest) -> dict[str, Any]:
    now = progress(fresh=True)
    cards = [card for card in selectors.channel_cards() if card.qr]
    seen = ([(stand.step.key, stand.verdict, stand.skipped) for stand in now.stands], [card.qr for card in cards])
    return {
        "progress": now,
        "rows": [Row(stand, _open(stand, request), stand == now.following) for stand in now.stands],
        "next_way": next(iter(_open(now.following, request)), None) if now.following else None,
        "offers": list(offers(now, request)),
        "cards": cards,
        "codes": {card.channel.pk: qr_svg(card.qr) for card in cards},
        "version": hashlib.sha256(repr(seen).encode()).hexdigest()[:16],
    }


def _open(stand: Stand, request: HttpRequest) -> list[Way]:
    return [way for way in stand.step.ways if not way.permission or request.user.has_perm(way.permission)]


@page(SEES)
@require_POST
def skip(request: HttpRequest, key: str) -> HttpResponse:
    if optional_step(key) is None:
        raise Http404
    services.skip_step(key=key, by=person(request))
    return redirect("admin:panel_setup")


@page(SEES)
@require_POST
def take_back(request: HttpRequest, key: str) -> HttpResponse:
    services.take_step_back(key=key)
    return redirect("admin:panel_setup")
