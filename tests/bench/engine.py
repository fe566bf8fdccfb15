"""The product's own turns, in this process: a poll's batch is taken in, the dispatcher runs until nobody waits.

Every function is called by `tests.bench.worker` in a process with Django and a database of its own. A turn ends when
its reply is committed as QUEUED; with `send`, when the sender gave it to a network that takes everything at once.
"""

import re
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from backoffice.catalog.models import Plan, Zone
from backoffice.channels.models import Channel
from backoffice.conversations.models import DialogState, Message
from backoffice.demo.accounts import load_customers
from bot import snapshot
from bot.dispatcher import Dispatcher
from bot.intake import take_in
from bot.sender import Sender
from integrations.whatsapp.base import Addr, Cap, Content, Limits, MessageIn, Sent
from tests import hands
from tests.bench import dialogue

PHONES = 64
MOST_PHONES = 256  # of the measurement with most of them
A_POLL = 32  # messages that a poll brings at once


class SilentNetwork:
    """Takes every message at once and tells nobody."""

    caps = Cap.IDEMPOTENT_SEND
    limits = Limits()

    def send(self, to: Addr, content: Content, *, quote_id: str | None = None, client_ref: str = "") -> Sent:
        return Sent(f"net{client_ref}", datetime.now(UTC))


class Desk:
    """A channel and those who work for it."""

    def __init__(self, phones: int = PHONES) -> None:
        snapshot.forget()
        self.channel = Channel.objects.get(kind=Channel.Kind.SIMULATOR)
        self.phones = [dialogue.phone(number) for number in range(phones)]
        self.network: Any = SilentNetwork()
        self.dispatcher = Dispatcher()
        self.sender = Sender(self.channel, self.network)
        self._prefix = uuid.uuid4().hex[:8] + ":"

    def everybody_says(self, line: str) -> None:
        """One wave: each phone writes `line` and waits for its reply."""
        events = self.wave(line, self.phones)
        for start in range(0, len(events), A_POLL):
            take_in(self.channel, self.network, events[start : start + A_POLL])
        while self.dispatcher.run_once():
            pass

    def wave(self, line: str, phones: Sequence[str]) -> list[MessageIn]:
        return dialogue.wave(phones, line, self._prefix)

    def send_all(self) -> int:
        """Empty the outbox. Returns how many left."""
        sent = 0
        while self.sender.run_once():
            sent += 1
        return sent

    def dialogues(self, lines: Sequence[str] = dialogue.LINES, *, send: bool = False) -> int:
        """Tell the dialogue once with every phone. Returns the turns."""
        for line in lines:
            self.everybody_says(line)
            if send:
                self.send_all()
        return len(lines) * len(self.phones)


def load(phones: int = PHONES) -> int:
    """The company with its own menus, policy Manual without a human pause, and these customers. Returns the channel."""
    channel = hands.load_world()
    Channel.objects.filter(pk=channel).update(policy=Channel.Policy.MANUAL, human_pause=False)
    zones = {zone.name: zone for zone in Zone.objects.all()}
    plans = {plan.name: plan for plan in Plan.objects.all()}
    load_customers(dialogue.people(phones), zones, plans)
    desk = Desk(phones)
    desk.dialogues()
    _check(desk)
    another_day()
    return channel


def _check(desk: Desk) -> None:
    """What is measured is the dialogue we mean: each phone was answered each time, and in the end heard its debt."""
    replies = Message.objects.filter(direction=Message.Direction.OUT, status=Message.Status.QUEUED)
    count, wanted = replies.count(), len(dialogue.LINES) * len(desk.phones)
    if count != wanted:
        raise RuntimeError(f"{count} replies were queued, not {wanted}")
    heard = list(replies.order_by("-pk").values_list("text", flat=True)[: len(desk.phones)])
    if not all("Total" in text for text in heard):
        raise RuntimeError(f"the dialogue did not end in a balance: {heard[0]!r}")


def another_day() -> None:
    """What was said has left, and nobody is taken for a machine that writes all the time: rounds are alike.

    Only those who talked are touched: rewriting everybody's rows would leave the next round a log to carry over.
    """
    Message.objects.filter(status=Message.Status.QUEUED).update(status=Message.Status.SENT, due_at=None)
    keys = [dialogue.phone(number).removeprefix("549") for number in range(MOST_PHONES)]
    DialogState.objects.filter(contact__phone_key__in=keys).update(memory={})


_desk: Desk | None = None


def desk(phones: int = PHONES) -> Desk:
    """One for the process."""
    global _desk
    if _desk is None:
        _desk = Desk(phones)
    return _desk


def run(send: bool = False) -> dict[str, float]:
    """One round. Returns {"turns", "seconds", "cpu"}; `cpu` in seconds of this process."""
    told = timed(lambda: desk().dialogues(send=send))
    check_outbox(0 if send else int(told["turns"]))
    another_day()
    return told


def check_outbox(wanted: int) -> None:
    """A fast run that answered nobody is no figure."""
    queued = Message.objects.filter(status=Message.Status.QUEUED).count()
    if queued != wanted:
        raise RuntimeError(f"{queued} replies are queued, not {wanted}")


def timed(work: Callable[[], int]) -> dict[str, float]:
    cpu, start = time.process_time(), time.perf_counter()
    turns = work()
    return {"turns": turns, "seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu}


def sending() -> dict[str, float]:
    """What the sender does alone: a reply for each phone waits, until none does. Returns as `run`, a reply a turn."""
    desk().everybody_says(dialogue.LINES[0])
    told = timed(desk().send_all)
    check_outbox(0)
    another_day()
    return told


def statements(phones: int = PHONES) -> dict[str, float]:
    """How often each statement runs in one round, without its values; the key "turns" is the round's turns."""
    seen: Counter[str] = Counter()

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen[_shape(sql)] += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        turns = Desk(phones).dialogues()
    another_day()
    return {"turns": turns} | dict(seen.most_common())


def _shape(sql: str) -> str:
    """A statement whose lists of values have no length, nor its savepoints a name."""
    one = re.sub(r"\(%s(?:, %s)*\)", "(%s)", re.sub(r'SAVEPOINT "\w+"', "SAVEPOINT", sql))
    return re.sub(r"\(%s\)(?:, \(%s\))+", "(%s)", one)
