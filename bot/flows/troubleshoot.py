"""The known steps for no Internet and slow Internet, twice, and then a person with what was tried (SC-08)."""

from datetime import timedelta

from bot.dialogue import reading
from bot.dialogue.handoff import hand_off
from bot.flows.base import Answer, Flow, Pairs
from bot.turn import Turn
from integrations.understanding.base import Intent

NO_INTERNET = "no_internet"
SLOW = "slow"
ROUNDS = 2

# The frequent questions that hold the first steps; staff edit them.
_FAQ = {NO_INTERNET: "sin-conexion", SLOW: "internet-lento"}
_SOLVED = frozenset((Intent.FIXED, Intent.YES, Intent.THANKS, Intent.BYE))
_OTHER_THINGS = reading.SELF_SERVICE | {
    Intent.ALREADY_PAID, Intent.PROMISE, Intent.SALES, Intent.PLAN_CHANGE, Intent.MOVE, Intent.CANCEL_SERVICE,
    Intent.VISIT, Intent.STATUS,
}  # fmt: skip


def begin(turn: Turn, kind: str) -> None:
    """Give the first steps for «no_internet» or «slow»."""
    FLOW.enter(turn, "check", kind=kind, tries=0, said=[])
    faq = turn.rules.faq(_FAQ[kind])
    steps = turn.rules.filled(faq.answer) if faq is not None else turn.rules.text(f"problem.{kind}")
    turn.say_text(steps)
    _ask(turn)


def check(turn: Turn) -> Answer:
    """Hear how the steps went: solved, still the same, or something else altogether."""
    pick = reading.picked(turn)
    wanted = reading.intent(turn)
    if pick.key == "do:fixed" or (pick.key is None and wanted in _SOLVED):
        turn.state.leave_flow()
        turn.say("talk.glad")
        return True
    if pick.key == "do:still_same":
        return _next_round(turn)
    if pick.key == "do:human":
        return _to_a_person(turn)
    if pick.key is not None or wanted in _OTHER_THINGS or not turn.text.strip():
        return False
    if wanted not in (Intent.STILL_SAME, Intent.NO):
        turn.state.data["said"].append(turn.text[:200])
    return _next_round(turn)


def so_far(turn: Turn) -> Pairs:
    """What was tried and what else was told."""
    text, data = turn.rules.text, turn.state.data
    tried = (text("problem.field_tried"), text("problem.tried", veces=data["tries"]))
    said = " / ".join(str(part) for part in data["said"])
    return (tried, (text("problem.field_said"), said)) if said else (tried,)


def _next_round(turn: Turn) -> Answer:
    data = turn.state.data
    kind = SLOW if data["kind"] == SLOW else NO_INTERNET
    data["tries"] += 1
    if data["tries"] >= ROUNDS:
        return _to_a_person(turn)
    turn.say(f"problem.second_{kind}")
    _ask(turn)
    return True


def _to_a_person(turn: Turn) -> Answer:
    kind = SLOW if turn.state.data["kind"] == SLOW else NO_INTERNET
    subject, intro = turn.rules.text(f"problem.subject_{kind}"), turn.rules.text("problem.hand_off")
    hand_off(turn, subject=subject, data=so_far(turn), intro=intro)
    return True


def _ask(turn: Turn) -> None:
    turn.say("problem.solved")
    turn.offer("fixed", "still_same", "human")


FLOW = Flow("troubleshoot", 1, timedelta(hours=2), {"check": check}, so_far=so_far)
