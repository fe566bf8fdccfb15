"""What needs somebody's eyes: customers nobody answered, and alerts worked out from the tables each time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from backoffice.agents.models import WhatsAppGroup
from backoffice.channels.models import Channel, ChannelStatus
from backoffice.common.models import Job
from backoffice.conversations.models import Conversation, InboxEvent, Lane, Message
from backoffice.operations.models import Heartbeat
from backoffice.tickets.models import Ticket

UNANSWERED_AFTER = timedelta(minutes=10)
UNANSWERED_UNTIL = timedelta(days=7)
SILENCE = timedelta(seconds=60)  # a process that says nothing for this long is taken for dead
DISPATCHER = "despachador"  # how `bot/heart.py` signs
STUCK_AFTER = timedelta(minutes=2)
DAY = timedelta(days=1)
BACK = 20_000  # how many rows back a count looks: a failure older than that was seen already


def unanswered(now: datetime | None = None) -> QuerySet[Conversation]:
    """Private chats whose last word is the customer's, from ten minutes to seven days old, with no open ticket.

    They are what came in Parado or Solo Gateway, or while the bot was down: it will not answer them any more
    (design 3), so the list offers «Crear ticket». Oldest first, with `last_text`; agents' own chats are left out.
    """
    now = now or timezone.now()
    last = Message.objects.filter(conversation=OuterRef("pk")).order_by("-id")
    open_ticket = Ticket.objects.filter(conversation=OuterRef("pk")).exclude(state=Ticket.State.CLOSED)
    recent = Conversation.objects.filter(
        kind=Conversation.Kind.PRIVATE,
        contact__agent__isnull=True,
        last_message_at__lte=now - UNANSWERED_AFTER,
        last_message_at__gt=now - UNANSWERED_UNTIL,
    ).exclude(channel__kind=Channel.Kind.PREVIEW)
    return (
        recent.annotate(
            last_direction=Subquery(last.values("direction")[:1]), last_text=Subquery(last.values("text")[:1])
        )
        .filter(~Exists(open_ticket), last_direction=Message.Direction.IN)
        .select_related("contact", "channel")
        .order_by("last_message_at", "pk")
    )


@dataclass(frozen=True, slots=True)
class Alert:
    """A line of «Alertas del Sistema». `tone` is "bad" or "warn"; `url_name` an admin URL where it is solved, or ""."""

    tone: str
    text: str
    url_name: str = ""
    query: str = ""


def alerts(now: datetime | None = None) -> list[Alert]:
    """All that is wrong now, the worst first. A fixed number of queries, each bounded."""
    now = now or timezone.now()
    found = _channels(now) + _processes(now) + _groups() + _messages(now) + _lanes(now) + _jobs(now)
    return sorted(found, key=lambda alert: alert.tone != "bad")


def _channels(now: datetime) -> list[Alert]:
    link = "channels_channel_changelist"
    channels = list(Channel.objects.filter(enabled=True).exclude(kind=Channel.Kind.PREVIEW).select_related("status"))
    if not channels:
        return [Alert("warn", "Todavía no hay ningún canal de WhatsApp habilitado.", link)]
    found = []
    for channel in channels:
        status = getattr(channel, "status", None)
        if status is None or status.seen_at is None or now - status.seen_at > SILENCE:
            found.append(Alert("bad", f"«{channel.name}» no da señales: ¿está en marcha el bot?", link))
        elif status.state != ChannelStatus.State.CONNECTED:
            reason = f" {status.reason}" if status.reason else ""
            found.append(Alert("bad", f"«{channel.name}» está {status.get_state_display().lower()}.{reason}", link))
        elif status.paused_until and status.paused_until > now:
            until = timezone.localtime(status.paused_until)
            found.append(Alert("warn", f"«{channel.name}» tiene los envíos en pausa hasta las {until:%H:%M}.", link))
    return found


def _processes(now: datetime) -> list[Alert]:
    """Silent only when every dispatcher is: another one does the work of one that died."""
    last = Heartbeat.objects.filter(name__startswith=DISPATCHER).aggregate(seen=Max("seen_at"))["seen"]
    if last is None or last > now - SILENCE:
        return []
    return [Alert("bad", f"El bot no atiende desde las {timezone.localtime(last):%H:%M}: sus procesos no dan señales.")]


def _groups() -> list[Alert]:
    kinds, states = WhatsAppGroup.Kind, WhatsAppGroup.State
    alive = ~Q(state=states.RETIRED)
    figures = WhatsAppGroup.objects.aggregate(
        support=Count("pk", filter=Q(kind=kinds.SUPPORT, state=states.READY)),
        removed=Count("pk", filter=Q(bot_removed=True) & alive),
        failed=Count("pk", filter=Q(state=states.FAILED)),
    )
    found = []
    if not figures["support"]:
        text = "No hay un grupo de Soporte: los tickets no se avisan por WhatsApp."
        found.append(Alert("warn", text, "panel_groups"))
    if figures["removed"]:
        text = _count(figures["removed"], "Sacaron al bot de un grupo.", "Sacaron al bot de {n} grupos.")
        found.append(Alert("bad", text, "panel_groups"))
    if figures["failed"]:
        text = _count(figures["failed"], "Un grupo no se pudo crear.", "{n} grupos no se pudieron crear.")
        found.append(Alert("bad", text, "panel_groups"))
    return found


def _messages(now: datetime) -> list[Alert]:
    newest = Message.objects.aggregate(newest=Max("pk"))["newest"] or 0
    states = Message.Status
    doubtful = Message.objects.filter(status=states.UNCERTAIN).count()
    failed = Message.objects.filter(pk__gt=newest - BACK, status=states.FAILED, status_at__gt=now - DAY).count()
    found = []
    if failed:
        text = _count(failed, "Un mensaje no se pudo enviar hoy.", "{n} mensajes no se pudieron enviar hoy.")
        found.append(Alert("bad", text, "panel_doubtful"))
    if doubtful:
        text = _count(doubtful, "De un mensaje no sabemos si salió.", "De {n} mensajes no sabemos si salieron.")
        found.append(Alert("warn", f"{text} Revisalos." if doubtful > 1 else f"{text} Revisalo.", "panel_doubtful"))
    return found


def _lanes(now: datetime) -> list[Alert]:
    waiting = Lane.objects.filter(ready_at__lt=now - STUCK_AFTER, merged_into__isnull=True)
    stuck = waiting.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=now)).count()
    newest = InboxEvent.objects.aggregate(newest=Max("pk"))["newest"] or 0
    recent = InboxEvent.objects.filter(pk__gt=newest - BACK, received_at__gt=now - DAY)
    dead = recent.filter(state=InboxEvent.State.DEAD).count()
    found = []
    if stuck:
        one, many = "Una conversación espera", "{n} conversaciones esperan"
        text = _count(stuck, one, many) + " al bot hace más de 2 minutos: ¿está en marcha?"
        found.append(Alert("bad", text))
    if dead:
        one, many = "Un mensaje hizo fallar al bot", "{n} mensajes hicieron fallar al bot"
        found.append(Alert("warn", _count(dead, one, many) + " hoy y pasaron a una persona."))
    return found


def _jobs(now: datetime) -> list[Alert]:
    failed = Job.objects.filter(state=Job.State.FAILED, finished_at__gte=now - DAY).count()
    if not failed:
        return []
    text = _count(failed, "Una tarea falló hoy.", "{n} tareas fallaron hoy.")
    return [Alert("warn", text, "common_job_changelist", "state__exact=failed")]


def _count(number: int, one: str, many: str) -> str:
    return one if number == 1 else many.format(n=number)
