"""The dialogue core under any sequence of what may happen: it never fails, never forgets how to go on, never guesses.

What it does with odd texts alone is in `tests/bot/test_engine_properties.py` and in those of the understanding.
"""

import json
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.engine import run
from bot.rules import Mode
from bot.turn import Effect, Line, MediaKind, OpenTicket, RelayToAgent, RelayToCustomer, Say, Signal
from tests.bot.test_desk import CASE, JUAN, NEW_JUAN, POST, REQUEST, SUPERVISORS, SUPPORT, in_main, in_seat
from tests.bot.test_engine_properties import SAID
from tests.bot.world import ATTENDED, MARIA_OWES, PENDING, Chat

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

PLACE = {"latitude": -32.89, "longitude": -68.84, "name": "Casa", "address": "San Martín 450"}
line = st.builds(
    lambda text, media, place, choice: Line(
        0, 1, text=text, media_id=4 if media else None, media_kind=media, location=place, choice=choice
    ),
    SAID,
    st.none() | st.sampled_from(MediaKind),
    st.none() | st.just(PLACE),
    st.none() | st.none() | st.sampled_from(["menu", "human", "say:yes", "say:99", "principal-1", "", "⛔", "say:²"]),
)
CLOSED = {"ticket_id": 9, "number": 12, "agent_name": "Juan Pérez", "reason": "listo"}
signal = st.builds(
    Signal,
    st.sampled_from(
        ["ticket_taken", "ticket_closed", "ticket_closed", "ticket_transferred", "call_answered", "", "⛔"]
    ),
    st.just(1),
    st.sampled_from([CLOSED, CLOSED | {"agent_name": ""}, {}, {"number": "x" * 0}]),
).filter(lambda one: one.kind != "ticket_closed" or "ticket_id" in one.data)
step = st.lists(line, min_size=1, max_size=3) | signal
pauses = st.sampled_from([0, 1, 40, 700, 4000, 40_000])


def _lines(chat: Chat, lines: list[Line]) -> list[Line]:
    return [replace(one, at=chat.now) for one in _in_order(lines)]


def _happens(chat: Chat, what: Any) -> str:
    return chat.sends(signal=what) if isinstance(what, Signal) else chat.sends(*_lines(chat, what))


@QUICK
@given(
    happened=st.lists(st.tuples(pauses, step), min_size=1, max_size=6),
    customer=st.sampled_from([None, MARIA_OWES]),
    ticket=st.sampled_from([None, None, PENDING, ATTENDED]),
    mode=st.sampled_from([Mode.FULL, Mode.FULL, Mode.EMERGENCY, Mode.STOPPED, Mode.GATEWAY]),
)
def test_whatever_happens_the_dialogue_can_go_on(happened, customer, ticket, mode):
    chat = Chat(customer, ticket=ticket, mode=mode)
    for pause, what in happened:
        said = _happens(chat.waits(seconds=pause), what)
        assert said == "" or said.strip()
        assert len(chat.all(OpenTicket)) <= 1
        state = chat.state
        assert json.loads(json.dumps([state.data, state.options, state.memory], allow_nan=False))
        assert state.expires_at is not None
        assert timedelta(0) < state.expires_at - chat.now <= timedelta(hours=24)
        assert len(json.dumps(state.memory)) < 20_000


@QUICK
@given(before=st.lists(step, max_size=3), what=step, customer=st.sampled_from([None, MARIA_OWES]))
def test_the_same_turn_decided_twice_decides_the_same(before, what, customer):
    """A turn may run again after a crash: nothing in it may depend on a clock, on chance or on what ran before."""
    chat = Chat(customer)
    for one in before:
        _happens(chat.waits(seconds=30), one)
    lines = () if isinstance(what, Signal) else tuple(_lines(chat, what))
    turn = chat.turn(*lines, signal=what if isinstance(what, Signal) else None)
    again = deepcopy(turn)
    run(turn)
    run(again)
    assert turn.effects == again.effects
    assert turn.state == again.state


@QUICK
@given(burst=st.lists(line, min_size=1, max_size=3), customer=st.sampled_from([None, MARIA_OWES]))
def test_whoever_writes_for_the_first_time_is_answered(burst, customer):
    assert _happens(Chat(customer), burst).strip()


@QUICK
@given(burst=st.lists(line, min_size=1, max_size=3))
def test_while_an_agent_attends_every_line_goes_to_them_and_the_bot_is_silent(burst):
    chat = Chat(MARIA_OWES, ticket=ATTENDED)
    assert _happens(chat, burst) == ""
    assert chat.all(RelayToAgent)


typed = st.one_of(
    SAID,
    st.sampled_from(
        ["lo tomo", "LISTO", "tomo 57", "/fin", "/fin x", "/transferir Ana", "/nota", "/info", "/cliente x"]
    ),
    st.builds("{}{}".format, st.sampled_from(["/", "\\", "／", " /", "*/", "\u202e/", "\u200b/"]), SAID),
)
typed_line = st.builds(
    lambda text, quote, media: Line(0, 1, text=text, quote=quote, media_id=4 if media else None, media_kind=media),
    typed,
    st.sampled_from([None, None, POST, REQUEST]),
    st.none() | st.sampled_from(MediaKind),
)


@QUICK
@given(
    burst=st.lists(typed_line, min_size=1, max_size=4),
    sender=st.sampled_from([JUAN, NEW_JUAN, None]),
    group=st.sampled_from([SUPPORT, SUPERVISORS]),
)
def test_whatever_is_typed_in_a_main_group_the_desk_goes_on(burst, sender, group):
    turn = in_main(*_in_order(burst), sender=sender, group=group, pending=(NEW_JUAN,))
    assert not any(isinstance(effect, RelayToCustomer) for effect in turn.effects)
    _texts_are_whole(turn.effects)


@QUICK
@given(
    burst=st.lists(typed_line, min_size=1, max_size=4),
    ticket=st.sampled_from([CASE, None, PENDING]),
    sender=st.sampled_from([JUAN, None]),
)
def test_whatever_is_typed_in_a_seat_only_its_own_case_is_touched(burst, ticket, sender):
    turn = in_seat(*_in_order(burst), ticket=ticket, sender=sender)
    touched = {effect.ticket_id for effect in turn.effects if hasattr(effect, "ticket_id")}
    assert touched <= ({ticket.id} if ticket is not None and ticket.in_progress else set())
    for effect in turn.effects:
        if isinstance(effect, RelayToCustomer) and effect.text is None:
            assert not turn.lines[effect.line].text.lstrip().startswith(("/", "\\"))
    _texts_are_whole(turn.effects)


def _in_order(burst: list[Line]) -> list[Line]:
    return [replace(one, index=at, event_id=at) for at, one in enumerate(burst)]


def _texts_are_whole(effects: list[Effect]) -> None:
    """No sentence goes out empty or with a blank that nobody filled."""
    for effect in effects:
        if isinstance(effect, Say):
            assert effect.text.strip()
            assert "{agente}" not in effect.text
            assert "{comandos}" not in effect.text
