"""From turns to rows: what came in, what is said, where each dialogue stands, all in one transaction (design 3, row 6).

The lanes' token is checked first: a turn whose lease was lost is dropped. Many lanes are written with bulk
statements; when anything fails nothing of the batch is written, and the dispatcher runs each lane alone.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Min, Q, QuerySet

from backoffice.common.inserting import insert
from backoffice.conversations.lanes import Bell, ring
from backoffice.conversations.models import DialogState, InboxEvent, Lane, Message
from backoffice.conversations.services import mark_spoken
from backoffice.sales.services import Talk, record_talks
from bot.context import Run
from bot.effects import Outcome, apply
from bot.identity import touch, welcome_back
from bot.turn import Effect, KeepOrder, Say, SendInvoice


@transaction.atomic
def commit(runs: Sequence[Run], *, token: str, now: datetime, invoices: dict[int, int]) -> None:
    """Write these turns. `invoices` maps an invoice's id to the Media of its document, made beforehand.

    Raises:
        Stale: what a turn was decided on is no longer so; run it again with fresh eyes.
    """
    held = _still_ours(runs, token)
    runs = [run for run in runs if run.lane.pk in held]
    inbound = _store_inbound(runs)
    outcomes = [_apply(run, inbound[run.lane.pk]) for run in runs]
    _store_replies(runs, outcomes, invoices, now)
    _store_orders(outcomes, now)
    _store_states(runs, now)
    _finish(runs, held, now)
    ring(Bell.OUTBOX)


def _still_ours(runs: Sequence[Run], token: str) -> dict[int, datetime | None]:
    """The lanes that are still this worker's, locked, with the moment that whoever wrote meanwhile asked for."""
    lanes = Lane.objects.select_for_update().filter(pk__in=[run.lane.pk for run in runs], token=token)
    return dict(lanes.order_by("pk").values_list("pk", "ready_at"))


def _store_inbound(runs: Sequence[Run]) -> dict[int, list[Message]]:
    """The lines of each lane as messages, in their order."""
    rows: dict[int, list[Message]] = {run.lane.pk: [] for run in runs}
    for run in runs:
        for (event, message), line in zip(run.messages, run.turn.lines, strict=True):
            assert run.conversation is not None
            staff = run.turn.sender is not None
            rows[run.lane.pk].append(
                Message(
                    conversation=run.conversation,
                    channel_id=run.conversation.channel_id,
                    direction=Message.Direction.IN,
                    author=Message.Author.AGENT if staff else Message.Author.CONTACT,
                    author_name=run.turn.sender.name if run.turn.sender else message.sender_name[:120],
                    text=line.text,
                    media_id=line.media_id,
                    location=dict(line.location) if line.location else None,
                    quoted_id=line.quote.message_id if line.quote else None,
                    external_id=message.message_id,
                    status=Message.Status.RECEIVED,
                    created_at=event.received_at,
                    status_at=event.received_at,
                )
            )
    insert([row for found in rows.values() for row in found])
    return rows


def _apply(run: Run, inbound: list[Message]) -> Outcome:
    outcome = Outcome(run=run, inbound=inbound)
    for effect in run.turn.effects:
        apply(effect, outcome)
    return outcome


def _store_replies(runs: Sequence[Run], outcomes: Sequence[Outcome], invoices: dict[int, int], now: datetime) -> None:
    """One message for all that a turn says, then the documents it sends."""
    queued: list[Message] = []
    for run, outcome in zip(runs, outcomes, strict=True):
        if run.conversation is None:
            continue
        texts = [say.text for say in run.turn.said if say.text.strip()] + outcome.replies
        if texts:
            queued.append(_reply(run, now, text="\n\n".join(texts), menu=_options(run.turn.effects)))
        for effect in run.turn.effects:
            if isinstance(effect, SendInvoice) and effect.invoice_id in invoices:
                queued.append(_reply(run, now, text=effect.caption, media_id=invoices[effect.invoice_id]))
    insert(queued)


def _reply(run: Run, now: datetime, **values: Any) -> Message:
    assert run.conversation is not None
    return Message(
        conversation=run.conversation,
        channel_id=run.conversation.channel_id,
        direction=Message.Direction.OUT,
        author=Message.Author.BOT,
        priority=Message.Priority.REPLY,
        status=Message.Status.QUEUED,
        due_at=now,
        created_at=now,
        status_at=now,
        **values,
    )


def _options(effects: Sequence[Effect]) -> list[dict[str, str]] | None:
    """The options offered last: one message carries one list."""
    offers = [effect.options for effect in effects if isinstance(effect, Say) and effect.options]
    return [{"key": key, "title": title} for key, title in offers[-1]] if offers else None


def _store_orders(outcomes: Sequence[Outcome], now: datetime) -> None:
    """The orders that these talks begin or complete, together; where there are none nothing is asked."""
    talks = [
        Talk(
            contact_id=outcome.run.contact.pk,
            customer_id=outcome.run.turn.customer.id if outcome.run.turn.customer else None,
            finished=effect.finished,
            subject=effect.subject,
            data=effect.data,
            ticket_id=outcome.ticket_id,
        )
        for outcome in outcomes
        for effect in outcome.run.turn.effects
        if isinstance(effect, KeepOrder) and outcome.run.contact is not None
    ]
    if talks:
        record_talks(talks=talks, now=now)


def _store_states(runs: Sequence[Run], now: datetime) -> None:
    """Where each dialogue stands after the turn; the last turn of a contact wins when two lanes are one person."""
    rows: dict[int, DialogState] = {}
    for run in runs:
        if run.contact is None or run.is_group:
            continue
        state = run.turn.state
        rows[run.contact.pk] = DialogState(
            contact=run.contact,
            flow=state.flow,
            step=state.step,
            data=state.data,
            menu=state.menu,
            options=state.options,
            memory=state.memory,
            expires_at=state.expires_at,
            updated_at=now,
        )
    insert(list(rows.values()), replace_by="contact")
    touch({run.contact for run in runs if run.contact and run.contact.pk in rows}, now)
    welcome_back({run.contact for run in runs if run.contact and run.messages and not run.is_group})


def _finish(runs: Sequence[Run], held: Mapping[int, datetime | None], now: datetime) -> None:
    """Mark the events done and let the lanes go, each ready again when its next event is due."""
    events = [event.pk for run in runs for event in run.events]
    InboxEvent.objects.filter(pk__in=events).update(state=InboxEvent.State.DONE, ready_at=None)
    spoken = {run.conversation.pk for run in runs if run.conversation is not None and run.messages}
    mark_spoken(chats=spoken, at=now)
    leftovers = {run.lane.pk for run in runs if run.leftovers}
    release(held, leftovers=leftovers, now=now)


def release(lanes: Mapping[int, datetime | None], *, leftovers: set[int], now: datetime) -> None:
    """Give back locked lanes. What arrived meanwhile has set their `ready_at`; timers and leftovers are added here."""
    waiting = InboxEvent.objects.filter(lane_id__in=list(lanes), ready_at__isnull=False)
    found = _moments(waiting) if waiting.exists() else {}
    alike: dict[datetime | None, list[int]] = defaultdict(list)
    for pk, ready_at in lanes.items():
        alike[_ready_at(ready_at, *found.get(pk, (None, None)), pk in leftovers, now)].append(pk)
    for ready, ids in alike.items():
        changes = _FREE if ready is not None else _FREE | {"burst_started_at": None}
        Lane.objects.filter(pk__in=ids).update(ready_at=ready, **changes)


def _moments(waiting: QuerySet[InboxEvent]) -> dict[int, tuple[datetime | None, datetime | None]]:
    """Of each lane that has something to do: its earliest event, and the earliest that no burst is gathering."""
    moments = waiting.values("lane_id").annotate(first=Min("ready_at"), due=Min("ready_at", filter=~_GATHERED))
    return {lane_id: (first, due) for lane_id, first, due in moments.values_list("lane_id", "first", "due")}


_FREE: dict[str, Any] = {"lease_until": None, "token": "", "strikes": 0, "expired": 0}

# A line that came during the turn and belongs to the burst which the lane's own `ready_at` gathers.
_GATHERED = Q(received_at__gte=F("lane__burst_started_at"), ready_at__lte=F("received_at"))


def _ready_at(
    asked: datetime | None, first: datetime | None, due: datetime | None, has_leftovers: bool, now: datetime
) -> datetime | None:
    """When a lane runs again. `first` is its earliest event, `due` the earliest that no burst is gathering."""
    if first is None:
        return None
    if has_leftovers:
        return now
    if asked is None:
        return first
    return asked if due is None or due <= now else min(asked, due)
