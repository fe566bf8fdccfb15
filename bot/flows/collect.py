"""Asking for data, one question at a time, and then the ticket with all of it (ISPBOT-SUP-07).

The questions travel in the flow's data, so that a talk ends as it began even if staff change the menu meanwhile.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot.dialogue.handoff import hand_off
from bot.flows import fields as kinds
from bot.flows.base import Answer, Flow, Pairs
from bot.rules import Field
from bot.turn import State, Turn

TRIES = 3


def begin(
    turn: Turn,
    *,
    intro: str,
    fields: Sequence[Field],
    subject: str,
    area: str = "support",
    closing: str = "",
    team: str = "",
) -> None:
    """Ask the first question. `intro` is said before it, `closing` and `team` go to the hand-off; all may be empty."""
    FLOW.enter(
        turn,
        "asking",
        subject=subject,
        area=area,
        closing=closing,
        team=team,
        fields=[[one.label, one.question, one.kind, list(one.choices), one.required] for one in fields],
        answers=[],
        wrong=0,
    )
    if intro:
        turn.say_text(intro)
    _ask(turn)


def asking(turn: Turn) -> Answer:
    """Read the answer to the question in course; ask again what is wrong, at most three times."""
    data = turn.state.data
    field = _current(turn.state)
    skipped = kinds.is_skip(turn, field)
    value = None if skipped else kinds.read(turn, field)
    if value is None and not skipped:
        return _wrong(turn, field)
    data["answers"].append([field.label, value or turn.rules.text("collect.skipped")])
    data["wrong"] = 0
    if len(data["answers"]) < len(data["fields"]):
        _ask(turn)
        return True
    return _to_people(turn, str(data["closing"]))


def so_far(turn: Turn) -> Pairs:
    """What was answered until now."""
    return tuple((str(label), str(value)) for label, value in turn.state.data.get("answers", ()))


def _current(state: State) -> Field:
    place = len(state.data["answers"])
    label, question, kind, choices, required = state.data["fields"][place]
    return Field(label, question, kind, tuple(choices), required)


def _ask(turn: Turn) -> None:
    field = _current(turn.state)
    options = kinds.options_of(turn, field)
    if field.required or options:
        turn.say_text(field.question)
    else:
        turn.say("collect.optional", pregunta=field.question)
    turn.state.options = []
    if options:
        turn.add_options(options)


def _wrong(turn: Turn, field: Field) -> Answer:
    data: dict[str, Any] = turn.state.data
    data["wrong"] += 1
    if data["wrong"] >= TRIES:
        return _to_people(turn, turn.rules.text("collect.gave_up"))
    turn.say(f"collect.bad_{field.kind if field.kind in kinds.READERS else 'text'}")
    _ask(turn)
    return True


def _to_people(turn: Turn, intro: str) -> Answer:
    data = turn.state.data
    hand_off(
        turn,
        subject=str(data["subject"]),
        area=str(data["area"]),
        data=so_far(turn),
        intro=intro,
        team=str(data["team"]),
    )
    return True


FLOW = Flow("collect", 1, timedelta(minutes=30), {"asking": asking}, asks_data=True, so_far=so_far)
