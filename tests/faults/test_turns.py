"""Each SQL statement of the bot's own work fails in turn: turns, sends, taking in. Nothing is lost or doubled.

The failure strikes once, as a database that hiccups; then the story goes on, and in the end everybody must have
heard exactly what they hear when nothing fails, with nothing left waiting.
"""

import base64
import os
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError
from django.utils import timezone

from backoffice.common.models import Job
from backoffice.conversations.models import InboxEvent, Lane, Message
from backoffice.simulator import models as sim
from backoffice.tickets.models import Ticket
from bot import group_jobs, snapshot
from bot.dispatcher import LEASE
from tests.faults.cases import attended, talking, waiting
from tests.faults.cases_desk import new_agent
from tests.faults.wrapper import Watch, shape, undone, watching
from tests.scenarios.test_agents import PNG
from tests.story import StoryHere, telling

Lead = Callable[[StoryHere], None]


def nothing(story: StoryHere) -> None:
    """The story begins here."""


def greets(story: StoryHere) -> None:
    story.maria.writes("hola")


def asks_a_person(story: StoryHere) -> None:
    story.maria.writes("no tengo internet, quiero hablar con una persona")


def juan_takes(story: StoryHere) -> None:
    story.juan.writes("lo tomo", chat=story.support, quoted_id=story.juan.last_of_bot(story.support)["id"])


def juan_writes(story: StoryHere) -> None:
    story.juan.writes("hola María, ya reviso", chat=story.group(story.ticket["group"]))


def maria_sends_a_picture(story: StoryHere) -> None:
    media = {"kind": "image", "filename": "luz.png", "mimetype": "image/png", "base64": _base64(PNG)}
    story.maria.writes("así está", media=media)


def juan_closes(story: StoryHere) -> None:
    story.juan.writes("/fin reinicio de módem", chat=story.group(story.ticket["group"]))


def case_closed(story: StoryHere) -> None:
    attended(story)
    juan_closes(story)
    story.goes_on()


def maria_rates(story: StoryHere) -> None:
    story.maria.writes("5")


def asks_the_invoice(story: StoryHere) -> None:
    story.maria.writes("mandame la factura")


def identifies(story: StoryHere) -> None:
    story.lucia.says("quiero ver mi deuda")
    story.lucia.says("30111222")


def proves(story: StoryHere) -> None:
    story.lucia.writes("261 234-5678")


def closed_doors(story: StoryHere) -> None:
    story.do("closes_now")


def carlos_is_made(story: StoryHere) -> None:
    new_agent()
    story.goes_on()


def carlos_registers(story: StoryHere) -> None:
    carlos = story.phone("5492615550777", "Carlos Díaz")
    carlos.writes("LISTO", chat=story.support, quoted_id=carlos.last_of_bot(story.support)["id"])


# Every second statement, which is minutes of work already; each of them with FAULTS=all.
EACH = slice(None, None, 1 if os.environ.get("FAULTS") == "all" else 2)

NETWORK = {model._meta.db_table for model in apps.get_app_config("simulator").get_models()}

TURNS: dict[str, tuple[Lead, Lead]] = {
    "greeting": (nothing, greets),
    "ticket": (nothing, asks_a_person),
    "out of hours": (closed_doors, asks_a_person),
    "take": (waiting, juan_takes),
    "relay to the customer": (attended, juan_writes),
    "relay of a picture": (talking, maria_sends_a_picture),
    "close": (attended, juan_closes),
    "rating": (case_closed, maria_rates),
    "invoice": (nothing, asks_the_invoice),
    "identification": (identifies, proves),
    "registration": (carlos_is_made, carlos_registers),
}


@pytest.fixture
def told(db: None) -> Iterator[StoryHere]:
    with telling() as story:
        yield story


@pytest.mark.flow
@pytest.mark.parametrize("name", TURNS)
def test_whatever_statement_of_a_turn_fails(told: StoryHere, name: str) -> None:
    lead, write = TURNS[name]
    lead(told)
    write(told)
    told.listens()
    told.time_to_answer()
    check_each_statement(told, lambda: told.dispatcher.run_once(), after=lambda: later(told, LEASE))


@pytest.mark.flow
@pytest.mark.parametrize("name", ["greeting", "take", "relay of a picture"])
def test_whatever_statement_of_taking_in_fails(told: StoryHere, name: str) -> None:
    lead, write = TURNS[name]
    lead(told)
    write(told)
    check_each_statement(told, lambda: told.listens())


@pytest.mark.flow
@pytest.mark.parametrize("name", ["greeting", "invoice", "relay to the customer"])
def test_whatever_statement_of_a_send_fails(told: StoryHere, name: str) -> None:
    lead, write = TURNS[name]
    lead(told)
    write(told)
    told.listens()
    told.time_to_answer()
    told.dispatcher.run_once()
    check_each_statement(told, lambda: told.sender.run_once(), after=lambda: told.sender.recover())


@pytest.mark.flow
def test_whatever_statement_of_a_group_job_fails(told: StoryHere) -> None:
    """The job makes one change outside each time: each kind of change fails in turn."""
    new_agent(groups=2)
    seen: set[frozenset[str]] = set()

    def work() -> bool:
        return group_jobs.run_due(told.channel, told.transport, timezone.now())

    while True:
        with undone(), watching(Watch()) as stage:
            more = work()
        if not more:
            break
        if (kind := frozenset(stage.written)) not in seen:
            seen.add(kind)
            check_each_statement(told, work, after=lambda: later(told, group_jobs.LEASE))
        work()
    assert len(seen) >= 3
    names = sim.Group.objects.filter(name__contains="Carlos").values_list("name", flat=True)
    assert sorted(names) == [f"Chat soporte Carlos N°{number}" for number in (1, 2)]


def check_each_statement(
    story: StoryHere, work: Callable[[], object], *, after: Callable[[], object] = lambda: None
) -> None:
    """Fail each statement once; and, where something was written before, lose the answer or the whole database."""
    with undone(), _same_moment(story):
        with watching(Watch()) as clean:
            work()
        soon, wanted = shape(NETWORK | clean.written), outcome(story)
    failures = [Watch(number) for number in range(1, clean.count + 1)]
    failures += [Watch(number, late=True) for number in clean.durable]
    failures += [Watch(number, gone=True) for number in clean.edges]
    for failure in failures[EACH]:
        with undone(), _same_moment(story):
            try:
                with watching(failure):
                    work()
            except DatabaseError:
                after()
            else:
                if not failure.written - clean.written and shape(NETWORK | clean.written) == soon:
                    continue  # mended at once, as if nothing had happened: the rest of the story is the same
            assert outcome(story) == wanted, str(failure)


def later(story: StoryHere, span: timedelta) -> None:
    """What was held by the work that failed is free again."""
    story.it_is(f"{story.now + span + timedelta(seconds=1):%Y-%m-%d %H:%M:%S}")


def _same_moment(story: StoryHere) -> Any:
    snapshot.forget()
    return story.clock_comes_back()


def outcome(story: StoryHere) -> dict[str, Any]:
    """What everybody has heard once all has come to rest, and what is stored."""
    story.goes_on()
    said = sim.Message.objects.order_by("seq").values_list(
        "phone__name", "group__name", "sender__name", "text", "media"
    )
    heard = [(phone, group, sender, _timeless(text), bool(media)) for phone, group, sender, text, media in said]
    return {
        "heard": heard,
        "received": Message.objects.filter(direction="in").count(),
        "tickets": sorted(Ticket.objects.values_list("number", "state", "agent__name", "close_reason")),
        "waiting": InboxEvent.objects.filter(state=InboxEvent.State.PENDING).exclude(kind="escalate").count(),
        "dead": InboxEvent.objects.filter(state=InboxEvent.State.DEAD).count(),
        "held": Lane.objects.filter(lease_until__isnull=False).count(),
        "unsent": Message.objects.filter(status__in=["queued", "sending", "uncertain", "failed"]).count(),
        "groups": sorted(sim.Group.objects.values_list("name", flat=True)),
        "jobs": sorted(Job.objects.values_list("kind", "state")),
    }


def _timeless(text: str) -> str:
    return re.sub(r"Duración: .*", "Duración", text)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
