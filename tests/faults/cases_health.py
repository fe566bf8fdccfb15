"""Cases of what gets the bot going again: dead letters, lanes that wait, processes that are no more; and of exports."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from backoffice.common.models import Activity, Export, Job
from backoffice.common.services import exports
from backoffice.conversations.models import InboxEvent, Lane, Message
from backoffice.operations import services as operations
from backoffice.operations.models import Heartbeat
from tests.faults.cases import Call, admin, case
from tests.story import StoryHere


def dead_letter() -> InboxEvent:
    """A line that no turn could handle, kept in its chat for the person who got it."""
    line = Message.objects.filter(direction=Message.Direction.IN).exclude(external_id=None)[0]
    lane = Lane.objects.get_or_create(key=f"{line.channel_id}:p:2610000000")[0]
    return InboxEvent.objects.create(
        lane=lane,
        source=f"channel:{line.channel_id}",
        external_id="dead-1",
        kind="message",
        payload={"message_id": line.external_id},
        state=InboxEvent.State.DEAD,
        ready_at=None,
    )


def lost_lane() -> Lane:
    """Something waits in it, and it says nothing."""
    lane = Lane.objects.create(key="1:p:2610000001")
    waits = timezone.now() - timedelta(minutes=5)
    InboxEvent.objects.create(lane=lane, source="channel:1", external_id="lost-1", kind="message", ready_at=waits)
    return lane


@case("operations.retry_event")
def _retry(story: StoryHere) -> Call:
    story.maria.says("hola")
    event = dead_letter()
    return lambda: operations.retry_event(event=event, by=admin())


@case("operations.discard_event")
def _discard(story: StoryHere) -> Call:
    story.maria.says("hola")
    event = dead_letter()
    return lambda: operations.discard_event(event=event, by=admin())


@case("operations.free_lanes")
def _free(story: StoryHere) -> Call:
    lost_lane()
    Lane.objects.create(key="1:p:2610000002", lease_until=timezone.now() - timedelta(minutes=5), token="dead")
    return lambda: operations.free_lanes(by=admin())


@case("operations.mend_lanes")
def _mend(story: StoryHere) -> Call:
    lost_lane()
    return lambda: operations.mend_lanes()


@case("operations.forget_silent")
def _forget(story: StoryHere) -> Call:
    gone = timezone.now() - timedelta(days=2)
    Heartbeat.objects.create(name="canal 9", started_at=gone, seen_at=gone)
    return lambda: operations.forget_silent(now=timezone.now())


@case("operations.forget_activity")
def _forget_activity(story: StoryHere) -> Call:
    Activity.objects.create(kind="connection", text="Conectado", at=timezone.now() - timedelta(days=2))
    return lambda: operations.forget_activity(now=timezone.now())


# --- long lists that leave ---


def long_list() -> Export:
    """One that the worker holds."""
    job = Job.objects.create(kind=exports.KIND, owner="worker", state=Job.State.RUNNING, token="held")
    return Export.objects.create(
        owner=admin(), job=job, table="customers.customer", title="clientes", format="csv", columns=["nombre"],
        clock="UTC", rows=3, token="tres-filas",
    )  # fmt: skip


@case("common.exports.ask")
def _ask(story: StoryHere) -> Call:
    asked: dict[str, Any] = {
        "table": "customers.customer",
        "title": "clientes",
        "kind": "csv",
        "columns": ["nombre"],
        "clock": "UTC",
    }
    return lambda: exports.ask(owner=admin(), rows=3, token="tres-filas", **asked)


@case("common.exports.is_ready")
def _is_ready(story: StoryHere) -> Call:
    export = long_list()
    return lambda: exports.is_ready(export=export, at=timezone.now())


@case("common.exports.withdraw")
def _withdraw(story: StoryHere) -> Call:
    long_list()
    return lambda: exports.withdraw(exports=Export.objects.all(), why="Se descartó.")


@case("common.exports.drop")
def _drop(story: StoryHere) -> Call:
    long_list()
    return lambda: exports.drop(exports=Export.objects.all())
