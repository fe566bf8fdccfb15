"""Stories: people write on the stand-in network and read what comes back, while the real bot works in between.

A story is told on one of two stages by the same words. *Here*: the bot's parts run in this process, the network's
HTTP API is called through WSGI, and the clock stands still until the story moves it. *To processes*
(`tests/end_to_end/live.py`): web and bot are real processes, and the story waits for them to come to rest.

    story.maria.says("hola")
    assert "María" in story.maria.hears()
"""

from __future__ import annotations

import base64
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import time_machine

from tests import cast, hands, kept_world

HERE = "http://127.0.0.1:8000"
ZONE = ZoneInfo("America/Argentina/Buenos_Aires")
A_TUESDAY = datetime(2026, 11, 24, 10, 30, tzinfo=ZONE)


class Network:
    """The simulator's API as a phone's app calls it."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self._client.post(f"/simulator/api{path}", json=body)
        assert answer.status_code < 300, answer.text
        return dict(answer.json()) if answer.content else {}

    def get(self, path: str, **params: Any) -> Any:
        told = {key: value for key, value in params.items() if value is not None}
        answer = self._client.get(f"/simulator/api{path}", params=told)
        assert answer.status_code == 200, answer.text
        return answer.json()


@dataclass
class Phone:
    """Somebody with a phone. `says` writes and lets the bot work; `hears` reads what is new."""

    story: Story
    person: cast.Person
    cursors: dict[str, str] = field(default_factory=dict)

    def writes(self, text: str = "", *, chat: str = "bot", **extra: Any) -> str:
        """Put a message on the network, and let nothing happen yet. Returns its id."""
        body = {"from": self.person.phone, "chat": chat, "text": text} | extra
        return str(self.story.network.post("/messages", body)["id"])

    def says(self, text: str = "", *, chat: str = "bot", **extra: Any) -> str:
        written = self.writes(text, chat=chat, **extra)
        self.story.goes_on()
        return written

    def sends(self, kind: str, data: bytes, *, text: str = "", chat: str = "bot", filename: str = "archivo") -> str:
        """An image, audio or document."""
        media = {"kind": kind, "filename": filename, "mimetype": "", "base64": base64.b64encode(data).decode()}
        return self.says(text, chat=chat, media=media)

    def messages(self, chat: str = "bot", *, new: bool = True) -> list[dict[str, Any]]:
        """What this phone sees of a chat; with `new`, since it last looked."""
        after = self.cursors.get(chat) if new else None
        answer = self.story.network.get("/messages", phone=self.person.phone, chat=chat, after=after)
        if new:
            self.cursors[chat] = answer["cursor"]
        return list(answer["messages"])

    def hears_all(self, chat: str = "bot") -> list[str]:
        """The new messages of others, oldest first."""
        return [line["text"] for line in self.messages(chat) if line["from"] != self.person.phone]

    def hears(self, chat: str = "bot") -> str:
        """The one new message: fails when there is none or more than one."""
        heard = self.hears_all(chat)
        assert len(heard) == 1, f"{self.person.name} expected one message, got {len(heard)}: {heard}"
        return heard[0]

    def hears_nothing(self, chat: str = "bot") -> bool:
        return self.hears_all(chat) == []

    def asks(self, text: str) -> str:
        """Say it and hear the one answer."""
        self.says(text)
        return self.hears()

    def last_of_bot(self, chat: str) -> dict[str, Any]:
        """The bot's last message in a chat, to quote it."""
        lines = [line for line in self.messages(chat, new=False) if line["from"] == "bot"]
        assert lines, "the bot wrote nothing there"
        return lines[-1]

    def replies(self, text: str, *, chat: str, to: dict[str, Any] | None = None) -> str:
        """Quote a message (the bot's last one there), as agents do to take a case."""
        return self.says(text, chat=chat, quoted_id=(to or self.last_of_bot(chat))["id"])


class Story(ABC):
    """FibraSur and its people. `tests/conftest.py` gives one to each test that asks."""

    network: Network

    def __init__(self) -> None:
        self.maria = Phone(self, cast.MARIA)
        self.juan = Phone(self, cast.JUAN)
        self.ana = Phone(self, cast.ANA)
        self.elena = Phone(self, cast.ELENA)
        self.lucia = Phone(self, cast.LUCIA)

    def phone(self, number: str, name: str = "") -> Phone:
        return Phone(self, cast.Person(name or number, number))

    @abstractmethod
    def goes_on(self) -> None:
        """Let everything happen until nothing is left to do."""

    @abstractmethod
    def notices_leave(self) -> None:
        """Let time pass until no notice is waiting to leave."""

    @abstractmethod
    def do(self, name: str, /, **values: Any) -> Any:
        """Call a function of `tests/hands.py` where the company lives."""

    def group(self, name: str) -> str:
        """The network's id of a group by its name."""
        return str(next(group["id"] for group in self.network.get("/groups") if group["name"] == name))

    @property
    def support(self) -> str:
        return self.group("Soporte")

    @property
    def sales(self) -> str:
        return self.group("Ventas")

    @property
    def supervisors(self) -> str:
        return self.group("Supervisores")

    def seat(self, name: str, number: int = 1) -> str:
        """An agent's personal group: `seat("Juan", 2)`."""
        return self.group(f"Chat soporte {name} N°{number}")

    @property
    def ticket(self) -> dict[str, Any]:
        return dict(self.do("last_ticket"))

    def everybody_reads(self) -> None:
        """What was said so far is old for everybody: `hears` begins here."""
        groups = self.network.get("/groups")
        for phone in (self.maria, self.juan, self.ana, self.elena, self.lucia):
            phone.messages()
            for group in groups:
                if any(member["phone"] == phone.person.phone for member in group["members"]):
                    phone.messages(group["id"])


class StoryHere(Story):
    """Told in this process, by the test's clock."""

    def __init__(self, clock: time_machine.Traveller) -> None:
        from backoffice.channels.models import Channel
        from backoffice.wsgi import application
        from bot import snapshot
        from bot.dispatcher import Dispatcher
        from bot.notices import Feeder
        from bot.sender import Sender
        from integrations.whatsapp.simulator import SimulatorTransport

        super().__init__()
        snapshot.forget()
        self._clock = clock
        wire = httpx.WSGITransport(app=application, remote_addr="127.0.0.1")
        self.network = Network(httpx.Client(base_url=HERE, transport=wire))
        self.channel = Channel.objects.get(pk=kept_world.load())
        self.transport = SimulatorTransport(HERE, transport=wire)
        self.dispatcher = Dispatcher()
        self.sender = Sender(self.channel, self.transport)
        self.feeder = Feeder(self.channel)

    def do(self, name: str, /, **values: Any) -> Any:
        return getattr(hands, name)(**values)

    @property
    def now(self) -> datetime:
        from django.utils import timezone

        return timezone.now().astimezone(ZONE)

    def it_is(self, when: str) -> None:
        """Move to a local time, «2026-11-28 20:00»."""
        self._clock.move_to(datetime.fromisoformat(when).replace(tzinfo=ZONE))

    def time_passes(self, **span: float) -> None:
        """Move on and let what became due happen."""
        self._clock.shift(timedelta(**span))
        self.goes_on()

    def listens(self) -> int:
        """What the channel's process does with what the network has for it."""
        from backoffice.channels.models import ChannelStatus
        from backoffice.channels.services import status_of
        from bot.intake import take_in

        cursor = status_of(self.channel).cursor
        batch = self.transport.poll(cursor or None)
        count = take_in(self.channel, self.transport, batch.events)
        ChannelStatus.objects.filter(channel=self.channel).update(cursor=batch.cursor)
        return count

    def works(self) -> int:
        """One round of all that the bot's processes do."""
        from django.utils import timezone

        from bot import group_jobs

        worked = self.listens() + self.dispatcher.run_once()
        worked += group_jobs.run_due(self.channel, self.transport, timezone.now())
        worked += self.feeder.run_once()
        while self.sender.run_once():
            worked += 1
        return worked

    def time_to_answer(self) -> None:
        """Move past the wait for the rest of a burst."""
        self._clock.shift(timedelta(seconds=7))

    @contextmanager
    def clock_comes_back(self) -> Iterator[None]:
        """What happens inside takes no time."""
        moment = self.now
        yield
        self._clock.move_to(moment)

    def notices_leave(self) -> None:
        from backoffice.channels.models import ChannelStatus
        from bot.pacing import LIVELY

        self.channel.refresh_from_db()
        self.sender.adopt(self.channel)
        while hands.unsent_notices():
            if not self.works():
                at = ChannelStatus.objects.get().next_notice_at or self.now
                self._clock.move_to(max(at, self.now) + timedelta(seconds=LIVELY))
                assert self.works(), "what waits has nothing to wait for"

    def goes_on(self) -> None:
        for _ in range(80):
            if not self.works() and not self._waits_a_moment():
                return
        raise AssertionError("the story does not come to rest")

    def _waits_a_moment(self) -> bool:
        """Move the clock over a burst that is being gathered, or a short wait before trying again."""
        from django.db.models import Min
        from django.utils import timezone

        from backoffice.common.models import Job
        from backoffice.conversations.models import Lane, Message

        soon = timezone.now() + timedelta(seconds=7)
        lanes = Lane.objects.filter(ready_at__lte=soon, lease_until__isnull=True)
        sends = Message.objects.filter(status="queued", due_at__lte=soon, priority__lte=1)
        jobs = Job.objects.filter(state__in=["pending", "running"], not_before__lte=soon)
        due = [
            lanes.aggregate(at=Min("ready_at"))["at"],
            sends.aggregate(at=Min("due_at"))["at"],
            jobs.aggregate(at=Min("not_before"))["at"],
        ]
        moments = [moment for moment in due if moment is not None]
        if not moments:
            return False
        self._clock.move_to(max(min(moments), timezone.now()) + timedelta(milliseconds=1))
        return True


@contextmanager
def telling(start: datetime = A_TUESDAY) -> Iterator[StoryHere]:
    with time_machine.travel(start, tick=False) as clock, _one_connection():
        yield StoryHere(clock)


@contextmanager
def _one_connection() -> Iterator[None]:
    """Requests run on the test's own connection, as with Django's test client, and must not close it."""
    from django.core.signals import request_finished, request_started
    from django.db import close_old_connections

    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
