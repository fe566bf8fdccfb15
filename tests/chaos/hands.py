"""What a run does to the company without a phone: more seats for the agents, the panel's side, and the last reading."""

from collections import Counter
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from tests.chaos.history import Case, Event, Line
from tests.hands import is_idle, load_world, serve

RACERS = ("Juan Pérez", "Ana Ruiz")
LOOK_AGAIN = timedelta(seconds=5)
"""How long a doubtful message waits before a person looks at the phone: a request on its way may still arrive."""


def load_crowd(seats: int) -> None:
    """FibraSur with a main menu of plain answers, and two agents with `seats` personal groups each."""
    from backoffice.agents.models import Agent

    load_world()
    _plain_menu()
    for agent in Agent.objects.filter(name__in=RACERS):
        _seat(agent, seats)


def _plain_menu() -> None:
    """Whatever digit comes, in any order, is answered once and leads nowhere."""
    from backoffice.dialogs.models import MenuOption
    from backoffice.dialogs.services import publish_as_it_is

    for number, option in enumerate(MenuOption.objects.filter(menu__is_root=True).order_by("position"), start=1):
        option.action_id, option.target, option.text = "reply", None, f"Esta es la respuesta de la opción {number}."
        option.save()
    publish_as_it_is(note="Respuestas simples")


def _seat(agent: Any, seats: int) -> None:
    from backoffice.agents.models import GroupMember, WhatsAppGroup
    from backoffice.channels.models import Channel
    from backoffice.conversations.models import Conversation
    from backoffice.simulator import services as network
    from integrations.whatsapp.base import Addr

    channel = Channel.objects.get(kind=Channel.Kind.SIMULATOR)
    phones = list(network.ensure_phones(numbers=[agent.phone]).values())
    for number in range(agent.groups.count() + 1, seats + 1):
        name = f"Chat soporte {agent.first_name} N°{number}"
        made, _ = network.create_group(name=name, phones=phones)
        chat = Conversation.objects.create(
            channel=channel, kind="group", address=Addr.group(made.wire_id).key, title=name
        )
        group = WhatsAppGroup.objects.create(
            kind="personal", agent=agent, number=number, name=name, conversation=chat, state=WhatsAppGroup.State.READY
        )
        GroupMember.objects.create(group=group, agent=agent, state=GroupMember.State.ADDED, is_admin=True)
    agent.group_count = seats
    agent.save()


def take_in_panel(number: int) -> str:
    """A third one races from the panel. "" when the case is theirs, else what they were told."""
    from backoffice.tickets import services as tickets
    from backoffice.tickets.errors import TakeRefused

    try:
        tickets.take_in_panel(ticket=tickets.find(number=number), user=_operator())
    except TakeRefused as refusal:
        return refusal.message
    return ""


def reply_from_panel(number: int, text: str) -> None:
    from backoffice.tickets import services as tickets

    tickets.reply_from_panel(ticket=tickets.find(number=number), user=_operator(), text=text)


def _operator() -> Any:
    from backoffice.accounts.models import User

    return User.objects.get(username="oper")


def settle_doubts() -> dict[str, list[int]]:
    """What staff do with «no sabemos si salió»: look at the phone, and send again only what is not there.

    What is there is left alone: its tick must settle it. Returns the messages in doubt and those sent again.
    """
    from django.utils import timezone

    from backoffice.conversations.models import Message
    from backoffice.conversations.services import settle
    from backoffice.simulator.models import Message as OnNetwork

    doubtful = list(Message.objects.filter(status=Message.Status.UNCERTAIN))
    arrived = set(
        OnNetwork.objects.filter(client_ref__in=[f"m{one.pk}" for one in doubtful]).values_list("client_ref", flat=True)
    )
    lost = [one for one in doubtful if f"m{one.pk}" not in arrived and one.status_at < timezone.now() - LOOK_AGAIN]
    resent = [one.pk for one in lost if settle(message=one, decision="resend", by=_operator())]
    return {"doubtful": [one.pk for one in doubtful], "resent": resent}


def left_to_do() -> int:
    """0 when nothing moves and nothing waits to leave, however long from now; else what falls with the work."""
    from backoffice.conversations.models import InboxEvent, Message

    unsent = Message.objects.filter(status__in=["queued", "sending", "uncertain"]).count()
    unread = InboxEvent.objects.filter(state=InboxEvent.State.PENDING, kind="message").count()
    return unsent + unread or int(not is_idle())


def tables() -> dict[str, Any]:
    """The rows that a `History` is made of."""
    return {
        "events": [asdict(one) for one in _events()],
        "lines": [asdict(one) for one in _lines()],
        "cases": [asdict(one) for one in _cases()],
        "stuck": _stuck(),
        "redelivered": _redelivered(),
    }


def _events() -> list[Event]:
    from django.utils import timezone

    from backoffice.conversations.models import InboxEvent

    now = timezone.now()
    return [
        Event(
            id=row.pk,
            wire_id=str(row.payload.get("message_id", "")) if row.kind == "message" else "",
            kind=row.kind,
            state=InboxEvent.State(row.state).name,
            at=str(row.payload.get("at", "")),
            is_later=row.ready_at is not None and row.ready_at > now,
        )
        for row in InboxEvent.objects.order_by("pk")
    ]


def _lines() -> list[Line]:
    from backoffice.conversations.models import Message

    return [
        Line(
            id=row.pk,
            chat=row.conversation.address,
            incoming=row.direction == Message.Direction.IN,
            author=row.author,
            text=row.text,
            wire_id=row.external_id or "",
            status=row.status,
            priority=row.priority,
            relay_of=row.relay_of_id,
        )
        for row in Message.objects.select_related("conversation").order_by("pk")
    ]


def _cases() -> list[Case]:
    from backoffice.tickets.models import Ticket, TicketEvent

    rows = Ticket.objects.select_related("conversation", "group__conversation", "agent", "user").order_by("pk")
    steps = Counter(TicketEvent.objects.values_list("ticket_id", "kind"))
    return [
        Case(
            number=row.number,
            chat=row.conversation.address,
            state=row.state,
            group=row.group.conversation.address if row.group and row.group.conversation else None,
            agent=row.agent.name if row.agent else None,
            user=str(row.user) if row.user else None,
            taken=steps[row.pk, TicketEvent.Kind.TAKEN],
            refused=steps[row.pk, TicketEvent.Kind.REFUSED],
        )
        for row in rows
    ]


def _stuck() -> list[str]:
    """Lanes that somebody holds, that are due, or that would run with nothing to do."""
    from django.db.models import Exists, OuterRef, Q
    from django.utils import timezone

    from backoffice.conversations.models import InboxEvent, Lane

    waiting = InboxEvent.objects.filter(lane=OuterRef("pk"), state=InboxEvent.State.PENDING)
    left = Q(lease_until__isnull=False) | Q(ready_at__lte=timezone.now())
    idle = Q(ready_at__isnull=False) & ~Exists(waiting)
    return list(Lane.objects.filter(left | idle).values_list("key", flat=True))


def _redelivered() -> int:
    """How often the network told the bot a line that it had told before."""
    from backoffice.simulator.models import WireEvent

    told = Counter(WireEvent.objects.filter(message__isnull=False).values_list("message_id", flat=True))
    return sum(times - 1 for times in told.values())


if __name__ == "__main__":
    serve(globals())
