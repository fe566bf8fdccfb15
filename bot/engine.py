"""The dialogue core: what came in and what is known go in, effects and the next step come out. Pure."""

from collections.abc import Callable

from bot.desk import registers_in_private, run_group, run_ticket
from bot.dialogue import answers, orders, quiet, session, signals
from bot.dialogue.quiet import is_stale
from bot.turn import Turn

__all__ = ["is_stale", "run"]

Rule = Callable[[Turn], bool]

# A private message gets the first of these that deals with it. The order is the policy: silence before words, a
# person before any machine, what was asked last before anything new, and «no entendí» only when nothing else fits.
RULES: tuple[Rule, ...] = (
    quiet.attended_by_an_agent,
    quiet.stopped,
    registers_in_private,
    quiet.too_old,
    quiet.looping,
    quiet.emergency,
    answers.subscription,
    answers.way_out,
    answers.a_person,
    answers.anger,
    answers.flow_in_course,
    answers.opening_hours,
    answers.waiting,
    answers.choice,
    answers.frequent_question,
    answers.request,
    answers.small_talk,
    answers.files_and_places,
    answers.lost,
)


def run(turn: Turn) -> None:
    """Decide a turn: fills `turn.effects` and leaves `turn.state` where the dialogue goes on."""
    if turn.group is not None:
        run_group(turn)
    elif turn.contact is None:
        run_ticket(turn)
    else:
        run_private(turn)


def run_private(turn: Turn) -> None:
    """A person's own chat: at most one reply, whatever the burst."""
    session.begin(turn)
    if turn.signal is not None:
        signals.hear(turn, turn.signal)
    if turn.lines:
        next(rule for rule in RULES if rule(turn))
    quiet.count_reply(turn)
    orders.keep(turn)
    session.finish(turn)
