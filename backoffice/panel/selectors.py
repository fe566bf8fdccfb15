"""What the panel's pages read. Each function makes a small, fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet
from django.utils import timezone

from backoffice.channels.models import Channel, ChannelStatus
from backoffice.operations.selectors import SILENCE
from backoffice.tickets.models import Ticket

CHART_DAYS = 30


@dataclass(frozen=True)
class ChannelCard:
    """A channel as the dashboard shows it; `state` is DISCONNECTED too when its process went silent."""

    channel: Channel
    state: str
    label: str
    tone: str
    detail: str
    qr: str
    number: str


def channel_cards(now: datetime | None = None) -> list[ChannelCard]:
    now = now or timezone.now()
    channels = Channel.objects.filter(enabled=True).exclude(kind=Channel.Kind.PREVIEW).select_related("status")
    return [_channel_card(channel, getattr(channel, "status", None), now) for channel in channels]


def _channel_card(channel: Channel, status: ChannelStatus | None, now: datetime) -> ChannelCard:
    states = ChannelStatus.State
    silent = status is None or status.seen_at is None or now - status.seen_at > SILENCE
    state = states.DISCONNECTED if status is None or silent else states(status.state)
    details = {
        states.CONNECTED: "Todo funcionando correctamente.",
        states.WAITING_QR: "Necesitás escanear el código QR.",
        states.DISCONNECTED: (status.reason if status and not silent else "") or "Hay un problema de conexión.",
    }
    if silent:
        details[states.DISCONNECTED] = "El bot no está en marcha o no da señales."
    tones = {states.CONNECTED: "good", states.WAITING_QR: "warn", states.DISCONNECTED: "bad"}
    return ChannelCard(
        channel=channel,
        state=state.value,
        label=str(state.label),
        tone=tones[state],
        detail=details[state],
        qr=status.qr if status and state == states.WAITING_QR else "",
        number=status.number if status else "",
    )


def open_tickets() -> dict[str, int]:
    """How many tickets wait and how many are being attended: {"pendiente": 3, "en_progreso": 2, "total": 5}."""
    counts = {Ticket.State.PENDING.value: 0, Ticket.State.IN_PROGRESS.value: 0}
    rows = Ticket.objects.filter(state__in=list(counts)).order_by().values_list("state").annotate(Count("pk"))
    counts |= dict(rows)
    return counts | {"total": sum(counts.values())}


def tickets_by_state() -> list[tuple[str, int]]:
    """Tickets opened in the last `CHART_DAYS` days, in the order a case goes through."""
    counts = dict(_recent_tickets().values_list("state").annotate(Count("pk")))
    names = {"pendiente": "Pendientes", "en_progreso": "En progreso", "cerrado": "Cerrados"}
    return [(name, counts.get(state, 0)) for state, name in names.items()]


def tickets_by_sentiment() -> list[tuple[str, int]]:
    """Contento, Neutro, Enojado; Frustrado counts as Enojado here (AMB-06)."""
    counts = dict(_recent_tickets().values_list("sentiment").annotate(Count("pk")))
    moods = Ticket.Sentiment
    return [
        ("Contento", counts.get(moods.HAPPY, 0)),
        ("Neutro", counts.get(moods.NEUTRAL, 0)),
        ("Enojado", counts.get(moods.ANGRY, 0) + counts.get(moods.FRUSTRATED, 0)),
    ]


def _recent_tickets() -> QuerySet[Ticket]:
    return Ticket.objects.filter(opened_at__gte=timezone.now() - timedelta(days=CHART_DAYS)).order_by()
