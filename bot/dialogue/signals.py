"""What happened elsewhere to this person's case, told in their lane by whoever did it."""

from bot.dialogue import orders
from bot.flows import rating
from bot.rules import Mode
from bot.turn import Signal, Turn


def hear(turn: Turn, signal: Signal) -> None:
    """Deal with a signal: only the end of a case says something. Unknown ones are left alone."""
    if signal.kind in ("ticket_taken", "ticket_transferred"):
        turn.state.leave_flow()
        turn.state.options = []
        turn.state.memory["ladder"] = 0
    elif signal.kind == "ticket_closed":
        _closed(turn, signal)
    elif signal.kind == "ticket_given_back":
        _given_back(turn)
    elif signal.kind == "order_ended":
        orders.forget(turn)


def _closed(turn: Turn, signal: Signal) -> None:
    """Ask for a mark where a person attended; never twice at once, nor in the middle of something else."""
    state = turn.state
    _forget_the_case(turn)
    if _is_quiet(turn) or state.flow not in ("", rating.FLOW.name):
        return
    number = int(signal.data.get("number") or 0)
    agent = str(signal.data.get("agent_name") or "")
    if not agent:
        turn.say("ticket.closed_unattended", numero=number)
        return
    rating.begin(turn, ticket_id=int(signal.data["ticket_id"]), number=number, agent=agent)


def _given_back(turn: Turn) -> None:
    """Whoever attended leaves the person with the bot: the menu is there, and nobody asks for a mark."""
    _forget_the_case(turn)
    if not _is_quiet(turn):
        turn.say("ticket.given_back")


def _forget_the_case(turn: Turn) -> None:
    orders.forget(turn)
    for key in ("story", "mood", "angry"):
        turn.state.memory.pop(key, None)


def _is_quiet(turn: Turn) -> bool:
    return turn.rules.mode in (Mode.STOPPED, Mode.GATEWAY)
