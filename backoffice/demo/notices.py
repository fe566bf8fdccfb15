"""The ISP system's gateway of the demo, with the notices of the last days. All in bulk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as clock

from django.utils import timezone

from backoffice.channels.models import Channel
from backoffice.common.bulk import bulk_create_with_history
from backoffice.company.selectors import zone
from backoffice.conversations.models import Conversation, Message
from backoffice.notices.doors import Door, open_door
from backoffice.notices.models import Gateway, GatewayNotice
from backoffice.notices.services import read_notice
from integrations.understanding.notices import Notice

DAYS = 6
TEXTS = (
    "Hola {name}, ya está disponible tu factura de este mes. Vence el 10. Respondé *factura* y te la mandamos.",
    "{name}, recibimos tu pago. ¡Gracias!",
    "{name}, tu factura está vencida. Si no la pagás, en 48 horas suspendemos el servicio. ¿Ya pagaste? Avisanos.",
    "{name}, reactivamos tu servicio. Si en diez minutos no navegás, reiniciá el equipo.",
    "Mañana de 3 a 5 hacemos mantenimiento en tu zona. Puede haber cortes breves. Gracias por la paciencia.",
)
STATES = (Message.Status.READ, Message.Status.READ, Message.Status.DELIVERED, Message.Status.SENT)


@dataclass(slots=True)
class Sent:
    """A notice that left: where, what, when."""

    chat: Conversation
    text: str
    at: datetime
    status: str


def load_notices(channel: Channel) -> Gateway:
    """A gateway without a key (whoever tries it makes one) and what it sent lately, each after its chat's last word."""
    [gateway] = bulk_create_with_history([Gateway(name="MikroWisp", slug="mikrowisp", channel=channel)])
    chats = list(Conversation.objects.filter(channel=channel, kind="private").select_related("contact"))
    now = timezone.now().astimezone(zone())
    sent = sorted(_sent(chats, now), key=lambda one: one.at)
    messages = Message.objects.bulk_create([_message(one, number) for number, one in enumerate(sent)])
    door = open_door(gateway, "261")
    rows = [_notice(door, one, message) for one, message in zip(sent, messages, strict=True)]
    rows += _unsent(door, rows, now)
    GatewayNotice.objects.bulk_create(sorted(rows, key=lambda row: row.received_at))
    for one in sent:
        one.chat.last_message_at = one.at
    Conversation.objects.bulk_update([one.chat for one in sent], ["last_message_at"])
    return gateway


def _sent(chats: Sequence[Conversation], now: datetime) -> list[Sent]:
    found = []
    for place, chat in enumerate(chats):
        day = now.date() - timedelta(days=1 + place % DAYS)
        at = datetime.combine(day, clock(9 + place % 9, place * 7 % 60), now.tzinfo)
        if chat.contact is not None and (chat.last_message_at is None or chat.last_message_at < at):
            text = TEXTS[place % len(TEXTS)].format(name=chat.contact.name.split()[0])
            found.append(Sent(chat, text, at, STATES[place % len(STATES)]))
    return found


def _message(one: Sent, number: int) -> Message:
    return Message(
        conversation=one.chat,
        channel_id=one.chat.channel_id,
        direction=Message.Direction.OUT,
        author=Message.Author.SYSTEM,
        author_name="MikroWisp",
        text=one.text,
        status=one.status,
        priority=Message.Priority.NOTICE,
        external_id=f"demo:aviso:{number}",
        due_at=None,
        created_at=one.at,
        status_at=one.at,
    )


def _notice(door: Door, one: Sent, message: Message) -> GatewayNotice:
    row = _read(door, one.chat.address.removeprefix("p:"), one.text, one.at)
    row.state, row.message, row.queued_at, row.due_at = GatewayNotice.State.QUEUED, message, one.at, None
    return row


def _unsent(door: Door, sent: Sequence[GatewayNotice], now: datetime) -> list[GatewayNotice]:
    """One that came twice, one that came too late, one with a number that is none."""
    at = now - timedelta(days=1)
    wrong = _read(door, "15-0000", "Hola, ya está disponible tu factura de este mes.", at)
    if not sent:
        return [wrong]
    again = _read(door, sent[-1].phone_raw, sent[-1].text, sent[-1].received_at + timedelta(minutes=2))
    again.state, again.reason = GatewayNotice.State.DUPLICATE, "El mismo aviso salió hace menos de 10 min."
    late = _read(door, sent[0].phone_raw, "Esta noche suspendemos el servicio por falta de pago.", at)
    late.state, late.reason = GatewayNotice.State.EXPIRED, "No pudo salir en 12 h."
    for row in (again, late):
        row.due_at = None
    return [again, late, wrong]


def _read(door: Door, to: str, text: str, at: datetime) -> GatewayNotice:
    row = read_notice(door=door, notice=Notice(to, text), raw={"destinatario": to, "mensaje": text})
    row.received_at = at
    return row
