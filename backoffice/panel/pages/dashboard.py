"""The «Tablero» (ISPBOT-DASH-01…18): what happens right now, refreshed by htmx; 204 when nothing changed.

What it shows is read once a tick for all who look; here is who sees which piece. The basic version has how the bot
and the tickets are; the full one everything, with names and words only for who may see conversations.
"""

import hashlib
import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from backoffice.panel import board, selectors
from backoffice.panel.alerts import linked_alerts
from backoffice.panel.pages.base import page, show
from backoffice.panel.tick import tick

FULL, BASIC = "accounts.view_full_dashboard", "accounts.view_basic_dashboard"
PEOPLE = "conversations.view_contact"
SLOW = 10  # ticks: what an hour or a month adds up to changes little from one tick to the next


@page(FULL, BASIC)
def dashboard(request: HttpRequest) -> HttpResponse:
    return show(request, "panel/dashboard.html", "Tablero", **_live(request))


@page(FULL, BASIC)
def live(request: HttpRequest) -> HttpResponse:
    """The part that changes. 204 while its version is the one the browser shows."""
    context = _live(request)
    if request.GET.get("v") == context["version"]:
        return HttpResponse(status=204)
    return render(request, "panel/dashboard_live.html", context)


def _live(request: HttpRequest) -> dict[str, Any]:
    context: dict[str, Any] = {
        "full": request.user.has_perm(FULL),
        "bot": tick.read("bot", board.bot),
        "tickets": tick.read("tickets", selectors.open_tickets),
        "donuts": tick.read("cases", board.cases),
    }
    if context["full"]:
        context |= {
            "alerts": linked_alerts(request),
            "people": tick.read("people", board.people, ticks=SLOW),
            "traffic": tick.read("traffic", board.traffic, ticks=SLOW),
            "hours": tick.read("hours", board.by_hour, ticks=SLOW),
            "donuts": [*context["donuts"], tick.read("solved", board.solved, ticks=3 * SLOW)],
        }
        if request.user.has_perm(PEOPLE):
            context["waiting"] = tick.read("waiting", board.waiting)
    return context | {"version": _version(context)}


def _version(context: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(context, default=repr, sort_keys=True).encode()).hexdigest()[:16]
