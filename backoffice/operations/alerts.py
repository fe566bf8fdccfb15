"""«Alertas del sistema»: worked out from the tables each time, each with the page whose button resolves it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q
from django.utils import timezone

from backoffice.agents.models import WhatsAppGroup
from backoffice.channels.models import ChannelStatus
from backoffice.common.models import Job
from backoffice.common.sql import Written
from backoffice.connections.selectors import refused
from backoffice.conversations.models import InboxEvent, Message
from backoffice.mail.selectors import trouble
from backoffice.operations.load import disk_now
from backoffice.operations.models import Heartbeat
from backoffice.operations.selectors import DISPATCHER, SILENCE, enabled_channels, is_silent
from backoffice.operations.stuck import STUCK_AFTER, forgotten_lanes, waiting_lanes
from backoffice.sales.selectors import expiring

DAY = timedelta(days=1)
BY_NO_MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Alert:
    """A line. `tone` is "bad" or "warn"; `url_name` an admin URL where it is solved and `action` what its link says.

    `key` tells one that is bad from any other, whatever its text counts at the moment.
    """

    tone: str
    text: str
    url_name: str = ""
    action: str = "Ver"
    query: str = ""
    key: str = ""


Watch = Callable[[datetime], list[Alert]]
WATCHES: list[Watch] = []
"""Of the rooms that are built above this one."""


def watches(watch: Watch) -> Watch:
    """Have this asked too, each few seconds: it must be quick. From the app's `ready`."""
    if watch not in WATCHES:
        WATCHES.append(watch)
    return watch


def alerts(now: datetime | None = None) -> list[Alert]:
    """All that is wrong now, the worst first. A fixed number of queries, each over a small index."""
    now = now or timezone.now()
    of_people = _groups() + _messages(now) + _lanes(now) + _dead() + _jobs(now) + _orders(now)
    found = _channels(now) + _connections() + _mail(now) + _processes(now) + of_people + _room()
    found += [alert for watch in WATCHES for alert in watch(now)]
    return sorted(found, key=lambda alert: alert.tone != "bad")


def _channels(now: datetime) -> list[Alert]:
    link = "channels_channel_changelist"
    channels = list(enabled_channels())
    if not channels:
        return [Alert("warn", "Todavía no hay ningún canal de WhatsApp habilitado.", link)]
    found = []
    for channel in channels:
        if is_silent(channel, now):
            text = f"«{channel.name}» no da señales: ¿está en marcha el bot?"
            found.append(Alert("bad", text, "panel_tools", "Reiniciar el bot", key=f"channel:{channel.pk}"))
            continue
        status = channel.status
        if status.state != ChannelStatus.State.CONNECTED:
            reason = f" {status.reason}" if status.reason else ""
            text = f"«{channel.name}» está {status.get_state_display().lower()}.{reason}"
            found.append(Alert("bad", text, link, key=f"channel:{channel.pk}"))
        elif status.paused_until and status.paused_until > now:
            until = timezone.localtime(status.paused_until)
            found.append(Alert("warn", f"«{channel.name}» tiene los envíos en pausa hasta las {until:%H:%M}.", link))
        elif status.stopped_until and status.stopped_until > now:
            until = timezone.localtime(status.stopped_until)
            text = f"«{channel.name}» frenó los avisos hasta el {until:%d/%m a las %H:%M}. {status.stopped_why}"
            found.append(Alert("warn", text, link, "Revisar", key=f"stopped:{channel.pk}"))
    return found


def _connections() -> list[Alert]:
    """Those whose key was not accepted the last time: no waiting mends them."""
    return [
        Alert("bad", f"«{row.name}» no acepta la clave guardada.", "panel_connections", "Revisar", key=f"key:{row.pk}")
        for row in refused()
    ]


def _mail(now: datetime) -> list[Alert]:
    """That the last mail did not leave is told here and nowhere else: by mail it would go round and round."""
    why = trouble(now)
    if not why:
        return []
    text = f"No se pueden mandar correos. {why}"
    return [Alert("bad", text, "mail_outgoingmail_changelist", "Revisar", key=BY_NO_MAIL)]


def _processes(now: datetime) -> list[Alert]:
    """Silent only when every dispatcher is: another one does the work of one that died."""
    last = Heartbeat.objects.filter(name__startswith=DISPATCHER).aggregate(seen=Max("seen_at"))["seen"]
    if last is None or last > now - SILENCE:
        return []
    text = f"El bot no atiende desde las {timezone.localtime(last):%H:%M}: sus procesos no dan señales."
    return [Alert("bad", text, "panel_tools", "Reiniciar el bot", key="bot")]


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
        found.append(Alert("warn", text, "panel_groups", "Crearlo"))
    if figures["removed"]:
        text = _count(figures["removed"], "Sacaron al bot de un grupo.", "Sacaron al bot de {n} grupos.")
        found.append(Alert("bad", text, "panel_groups", key="groups-removed"))
    if figures["failed"]:
        text = _count(figures["failed"], "Un grupo no se pudo crear.", "{n} grupos no se pudieron crear.")
        found.append(Alert("bad", text, "panel_groups", "Reintentar", key="groups-failed"))
    return found


def _messages(now: datetime) -> list[Alert]:
    """What failed today, and what is in doubt. Two queries, so that each uses a small index of its own."""
    states = Message.Status
    doubtful = Message.objects.filter(due_at__isnull=False, status=states.UNCERTAIN).count()
    failed = Message.objects.filter(status=Written(states.FAILED), status_at__gt=now - DAY).count()
    found = []
    if failed:
        text = _count(failed, "Un mensaje no se pudo enviar hoy.", "{n} mensajes no se pudieron enviar hoy.")
        found.append(Alert("bad", text, "panel_doubtful", "Reenviar", key="messages"))
    if doubtful:
        text = _count(doubtful, "De un mensaje no sabemos si salió.", "De {n} mensajes no sabemos si salieron.")
        found.append(Alert("warn", text, "panel_doubtful", "Decidir"))
    return found


def _lanes(now: datetime) -> list[Alert]:
    waiting = waiting_lanes(now).count() + forgotten_lanes(now - STUCK_AFTER).count()
    if not waiting:
        return []
    one, many = "Una conversación espera", "{n} conversaciones esperan"
    text = _count(waiting, one, many) + " al bot hace más de 2 minutos."
    return [Alert("bad", text, "panel_health", "Volver a intentar", key="lanes")]


def _dead() -> list[Alert]:
    """Events no turn could handle stay here until somebody decides: they are few, whatever their age."""
    dead = InboxEvent.objects.filter(state=Written(InboxEvent.State.DEAD)).count()
    if not dead:
        return []
    text = _count(dead, "Un mensaje hizo fallar al bot.", "{n} mensajes hicieron fallar al bot.")
    return [Alert("warn", text, "panel_dead", "Revisar")]


def _jobs(now: datetime) -> list[Alert]:
    failed = Job.objects.filter(state=Job.State.FAILED, finished_at__gte=now - DAY).count()
    if not failed:
        return []
    text = _count(failed, "Una tarea falló hoy.", "{n} tareas fallaron hoy.")
    return [Alert("warn", text, "common_job_changelist", query="state__exact=failed")]


def _orders(now: datetime) -> list[Alert]:
    """Orders that somebody attends and that expire by themselves soon (AMB-31)."""
    late = expiring(now)
    if not late:
        return []
    one, many = "Un pedido en proceso vence", "{n} pedidos en proceso vencen"
    text = _count(late, one, many) + " en menos de 4 h."
    return [Alert("warn", text, "sales_salesorder_changelist", query="estado=en_proceso")]


def _room() -> list[Alert]:
    if not disk_now().is_short:
        return []
    return [Alert("bad", "Queda poco lugar en el disco del servidor.", "panel_health", key="disk")]


def _count(number: int, one: str, many: str) -> str:
    return one if number == 1 else many.format(n=number)
