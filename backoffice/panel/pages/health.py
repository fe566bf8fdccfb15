"""«Salud del sistema»: who is alive, how much there is to do, how the last day went, and what needs a person."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from backoffice.operations import metering, services
from backoffice.operations.load import Load, database_size, disk_now, load_now
from backoffice.operations.metering import Span
from backoffice.operations.models import Heartbeat
from backoffice.operations.selectors import SILENCE
from backoffice.operations.stuck import waiting
from backoffice.panel.alerts import linked_alerts
from backoffice.panel.charts import Chart, Series, figure, lines, stacked
from backoffice.panel.pages.base import page, person, show
from backoffice.panel.selectors import channel_cards
from backoffice.panel.tick import tick

HEALTH = "operations.view_health"
STRETCH, STRETCHES = 30, 48  # minutes of each bar, and how many make the day
CHANNEL = "canal "  # how the process of a number signs; its light is the number's own
DUTIES = {"bot": "Cuida a los demás procesos.", "despachador": "Responde a quienes escriben."}


@dataclass(frozen=True, slots=True)
class Light:
    """A process or channel. `tone` is "good", "warn" or "bad"; `detail` says what is behind it."""

    name: str
    tone: str
    label: str
    detail: str


@page(HEALTH)
def health(request: HttpRequest) -> HttpResponse:
    return show(request, "panel/health.html", "Salud del sistema", **_live(request))


@page(HEALTH)
def live(request: HttpRequest) -> HttpResponse:
    """The part that changes. 204 while its version is the one the browser shows."""
    context = _live(request)
    if request.GET.get("v") == context["version"]:
        return HttpResponse(status=204)
    return render(request, "panel/health_live.html", context)


@page("operations.use_bot_tools")
@require_POST
def free(request: HttpRequest) -> HttpResponse:
    """Give all waiting chats their turn again."""
    freed = services.free_lanes(by=person(request))
    if freed == 1:
        messages.success(request, "El bot vuelve a intentar con esa conversación.")
    elif freed:
        messages.success(request, f"El bot vuelve a intentar con {freed} conversaciones.")
    else:
        messages.info(request, "No quedaba ninguna conversación esperando.")
    return redirect("admin:panel_health")


def _live(request: HttpRequest) -> dict[str, Any]:
    """Read once for all who look; the charts of the day less often than the rest."""
    context = {
        "alerts": linked_alerts(request),
        **tick.read("health", _now),
        **tick.read("health-day", lambda: _day(timezone.now()), ticks=5),
    }
    return context | {"version": _version(context)}


def _now() -> dict[str, Any]:
    now = timezone.now()
    return {"lights": _channel_lights() + _process_lights(now), "load": _load(load_now(now)), "stuck": waiting(now)}


def _version(context: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(context, default=repr, sort_keys=True).encode()).hexdigest()[:16]


def _channel_lights() -> list[Light]:
    return [Light(card.channel.name, card.tone, card.label, card.detail) for card in channel_cards()]


def _process_lights(now: datetime) -> list[Light]:
    """The bot's processes, by their last sign of life. The panel itself is alive: it is answering."""
    found = [Light("Panel", "good", "EN MARCHA", "Está respondiendo esta página.")]
    for row in Heartbeat.objects.exclude(name__startswith=CHANNEL).order_by("name"):
        alive = row.seen_at > now - SILENCE
        since = timezone.localtime(row.started_at if alive else row.seen_at)
        told = f"Desde el {since:%d/%m a las %H:%M}." if alive else f"Última señal el {since:%d/%m a las %H:%M}."
        detail = f"{DUTIES.get(row.name.partition(' ')[0], '')} {told}".strip()
        name = row.name[:1].upper() + row.name[1:]
        found.append(Light(name, "good" if alive else "bad", "EN MARCHA" if alive else "SIN SEÑALES", detail))
    return found


def _load(load: Load) -> dict[str, Any]:
    return asdict(load) | {"age": spoken(load.age.total_seconds() * 1000), "late": load.age > timedelta(seconds=10)}


def _day(now: datetime) -> dict[str, Any]:
    """The last twenty-four hours: figures and charts. Two queries."""
    stretches = metering.spans(now, count=STRETCHES, minutes=STRETCH)
    whole = metering.together(stretches)
    disk = disk_now()
    return {
        "received": figure(whole.count("received")),
        "answered": figure(whole.count("answered")),
        "failed": whole.count("failed") + whole.count("uncertain"),
        "dead": whole.count("dead"),
        "median": spoken(whole.quantile("turn", 0.5)),
        "slow": spoken(whole.quantile("turn", 0.95)),
        "slowest": spoken(whole.quantile("turn", 0.99)),
        "charts": _charts(stretches, whole, now),
        "room": {
            "free": weight(disk.free),
            "used": round(100 * (1 - disk.free / disk.total)) if disk.total else 0,
            "database": weight(database_size()),
            "is_short": disk.is_short,
        },
    }


def _charts(stretches: list[Span], whole: Span, now: datetime) -> list[Chart]:
    begins = [now - timedelta(minutes=STRETCH * (len(stretches) - 1 - place)) for place in range(len(stretches))]
    begins = [timezone.localtime(_floor(moment)) for moment in begins]
    moments = [f"{moment:%d/%m %H:%M}" for moment in begins]
    labels = [f"{moment:%H:%M}" for moment in begins[:: STRETCHES // 4]] + ["ahora"]

    def counted(name: Any, title: str, tone: str) -> Series:
        return Series(title, tone, [span.count(name) for span in stretches], figure(whole.count(name)))

    def timed(name: Any, share: float, title: str, tone: str, scale: float) -> Series:
        values = [span.quantile(name, share) for span in stretches]
        scaled = [None if value is None else value / scale for value in values]
        return Series(title, tone, scaled, spoken(whole.quantile(name, share)))

    return [
        stacked("Mensajes recibidos", [counted("received", "Recibidos", "brand")], moments, labels),
        stacked(
            "Mensajes enviados",
            [
                counted("sent", "Respuestas", "brand"),
                counted("notices_sent", "Avisos", "info"),
                counted("failed", "Fallidos", "bad"),
            ],
            moments,
            labels,
        ),
        lines(
            "Cuánto tarda el bot en responder",
            [timed("turn", 0.5, "La mitad, en menos de", "brand", 1), timed("turn", 0.95, "95 de 100", "warn", 1)],
            labels,
            "ms",
        ),
        lines(
            "Cuánto espera un mensaje su turno",
            [
                timed("queue", 0.95, "En la cola", "info", 1000),
                timed("outbox", 0.95, "En salir a WhatsApp", "warn", 1000),
            ],
            labels,
            "s",
        ),
    ]


def _floor(moment: datetime) -> datetime:
    seconds = int(moment.timestamp()) // (STRETCH * 60) * (STRETCH * 60)
    return datetime.fromtimestamp(seconds, tz=moment.tzinfo)


def spoken(milliseconds: float | None) -> str:
    """«35 ms», «2,4 s», «3 min», or a dash when nothing was measured."""
    if milliseconds is None:
        return "—"
    if milliseconds < 1000:
        return f"{milliseconds:.0f} ms"
    seconds = milliseconds / 1000
    if seconds < 60:
        return f"{seconds:.1f} s".replace(".", ",")
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.0f} h"


def weight(size: int) -> str:
    """Bytes as people say them: «1,4 GB»."""
    amount, unit = float(size), "B"
    for unit in ("B", "KB", "MB", "GB", "TB"):
        if amount < 1024 or unit == "TB":
            break
        amount /= 1024
    return (f"{amount:.1f}" if amount < 10 and unit != "B" else f"{amount:.0f}").replace(".", ",") + f" {unit}"
