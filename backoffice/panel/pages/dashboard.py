"""The «Tablero»: what happens right now, refreshed by htmx; 204 when nothing changed."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from backoffice.common.qr import qr_svg
from backoffice.operations.alerts import Alert, alerts
from backoffice.operations.models import BotControl
from backoffice.operations.selectors import unanswered
from backoffice.panel import selectors
from backoffice.panel.pages.base import page, show

FULL, BASIC = "accounts.view_full_dashboard", "accounts.view_basic_dashboard"
KEEP = 4  # seconds: alerts are worked out once for all the dashboards that ask meanwhile
WAITING = 5  # how many of «Sin responder» the dashboard shows
COLOURS = {
    "Pendientes": "#f59e0b",
    "En progreso": "#0ea5e9",
    "Cerrados": "#14b8a6",
    "Contento": "#14b8a6",
    "Neutro": "#94a3b8",
    "Enojado": "#ef4444",
}


@dataclass(frozen=True)
class Slice:
    name: str
    count: int
    percent: int
    colour: str


@dataclass(frozen=True)
class Donut:
    """A ring chart as CSS paints it, with its legend for whoever cannot see it."""

    title: str
    total: int
    slices: list[Slice]
    paint: str


@page(FULL, BASIC)
def dashboard(request: HttpRequest) -> HttpResponse:
    return show(request, "panel/dashboard.html", "Tablero", full=request.user.has_perm(FULL), **_live(request))


@page(FULL, BASIC)
def live(request: HttpRequest) -> HttpResponse:
    """The part that changes. 204 while its version is the one the browser shows."""
    context = _live(request)
    if request.GET.get("v") == context["version"]:
        return HttpResponse(status=204)
    return render(request, "panel/dashboard_live.html", context | {"full": request.user.has_perm(FULL)})


def _live(request: HttpRequest) -> dict[str, Any]:
    full = request.user.has_perm(FULL)
    cards = selectors.channel_cards()
    control = BotControl.objects.filter(pk=1).first() or BotControl()
    context: dict[str, Any] = {
        "cards": cards,
        "codes": {card.channel.pk: qr_svg(card.qr) for card in cards if card.qr},
        "mode": control.get_mode_display(),
        "mode_normal": control.mode == BotControl.Mode.FULL,
        "tickets": selectors.open_tickets(),
        "donuts": [
            donut("Tickets por estado", selectors.tickets_by_state()),
            donut("Análisis de sentimiento", selectors.tickets_by_sentiment()),
        ],
    }
    if full:
        waiting = unanswered()
        context["alerts"] = linked_alerts()
        context["waiting"] = list(waiting[:WAITING])
        context["waiting_count"] = waiting.count() if len(context["waiting"]) == WAITING else len(context["waiting"])
    return context | {"version": _version(context)}


def linked_alerts() -> list[dict[str, str]]:
    """What is wrong, each with its address; worked out once every few seconds, however many dashboards are open."""
    return [_linked(alert) for alert in cache.get_or_set("alerts", alerts, timeout=KEEP) or []]


def _linked(alert: Alert) -> dict[str, str]:
    link = reverse(f"admin:{alert.url_name}") if alert.url_name else ""
    return asdict(alert) | {"link": f"{link}?{alert.query}" if alert.query else link}


def _version(context: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(context, default=repr, sort_keys=True).encode()).hexdigest()[:16]


def donut(title: str, figures: list[tuple[str, int]]) -> Donut:
    total = sum(count for _, count in figures)
    slices = [Slice(name, count, round(100 * count / total) if total else 0, COLOURS[name]) for name, count in figures]
    stops, start = [], 0.0
    for piece in slices:
        end = start + (100 * piece.count / total if total else 0)
        stops.append(f"{piece.colour} {start:.2f}% {end:.2f}%")
        start = end
    return Donut(title, total, slices, f"conic-gradient({', '.join(stops)})" if total else "var(--line)")
