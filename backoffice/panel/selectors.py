"""What the panel's pages read. Each function makes a small, fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from backoffice.agents.models import WhatsAppGroup
from backoffice.channels.models import Channel, ChannelStatus
from backoffice.common.models import Job
from backoffice.conversations.models import Conversation, Message
from backoffice.tickets.models import Ticket

SILENCE = timedelta(seconds=60)  # a process that says nothing for this long is taken for dead
UNANSWERED_AFTER = timedelta(minutes=3)
UNANSWERED_UNTIL = timedelta(days=7)
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


def unanswered(now: datetime | None = None) -> QuerySet[Conversation]:
    """Private chats whose last word is the customer's, with no open ticket, oldest first.

    They are what the bot left alone: after Parado or Solo Gateway, or when it was down.
    """
    now = now or timezone.now()
    last = Message.objects.filter(conversation=OuterRef("pk")).order_by("-id")
    open_ticket = Ticket.objects.filter(conversation=OuterRef("pk")).exclude(state=Ticket.State.CLOSED)
    return (
        Conversation.objects.filter(
            kind=Conversation.Kind.PRIVATE,
            contact__isnull=False,
            last_message_at__lt=now - UNANSWERED_AFTER,
            last_message_at__gt=now - UNANSWERED_UNTIL,
        )
        .exclude(channel__kind=Channel.Kind.PREVIEW)
        .annotate(last_direction=Subquery(last.values("direction")[:1]), last_text=Subquery(last.values("text")[:1]))
        .filter(~Exists(open_ticket), last_direction=Message.Direction.IN)
        .select_related("contact")
        .order_by("last_message_at")
    )


@dataclass(frozen=True)
class Alert:
    """A line of «Alertas del Sistema»; `url_name` is where it is solved (an admin URL, maybe with a query)."""

    tone: str
    text: str
    url_name: str = ""
    query: str = ""


def alerts(cards: list[ChannelCard]) -> list[Alert]:
    found = [
        Alert("bad", f"«{card.channel.name}» está {card.label.lower()}. {card.detail}", "channels_channel_changelist")
        for card in cards
        if card.state != ChannelStatus.State.CONNECTED
    ]
    if not cards:
        found.append(
            Alert("warn", "Todavía no hay ningún canal de WhatsApp habilitado.", "channels_channel_changelist")
        )
    return found + _group_alerts() + _message_alerts() + _job_alerts()


def _group_alerts() -> list[Alert]:
    kinds, states = WhatsAppGroup.Kind, WhatsAppGroup.State
    figures = WhatsAppGroup.objects.aggregate(
        support=Count("pk", filter=Q(kind=kinds.SUPPORT, state=states.READY)),
        removed=Count("pk", filter=Q(bot_removed=True) & ~Q(state=states.RETIRED)),
        failed=Count("pk", filter=Q(state=states.FAILED)),
    )
    found = []
    if not figures["support"]:
        found.append(
            Alert("warn", "No hay un grupo de Soporte: los tickets no se avisan por WhatsApp.", "panel_groups")
        )
    if figures["removed"]:
        found.append(Alert("bad", f"Sacaron al bot de {figures['removed']} grupo(s).", "panel_groups"))
    if figures["failed"]:
        found.append(Alert("bad", f"{figures['failed']} grupo(s) no se pudieron crear.", "panel_groups"))
    return found


def _message_alerts() -> list[Alert]:
    doubtful = Message.objects.filter(status=Message.Status.UNCERTAIN).count()
    if not doubtful:
        return []
    text = f"{doubtful} mensaje(s) no sabemos si salieron: revisalos."
    return [Alert("warn", text, "panel_doubtful")]


def _job_alerts() -> list[Alert]:
    since = timezone.now() - timedelta(days=1)
    failed = Job.objects.filter(state=Job.State.FAILED, finished_at__gte=since).count()
    return (
        [Alert("warn", f"{failed} tarea(s) fallaron hoy.", "common_job_changelist", "state__exact=failed")]
        if failed
        else []
    )
