"""What happened elsewhere to this person's case, told in their lane by whoever did it."""

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


def _closed(turn: Turn, signal: Signal) -> None:
    """Ask for a mark where a person attended; never twice at once, nor in the middle of something else."""
    state = turn.state
    for key in ("story", "mood", "angry"):
        state.memory.pop(key, None)
    if turn.rules.mode in (Mode.STOPPED, Mode.GATEWAY) or state.flow not in ("", rating.FLOW.name):
        return
    number = int(signal.data.get("number") or 0)
    agent = str(signal.data.get("agent_name") or "")
    if not agent:
        turn.say("ticket.closed_unattended", numero=number)
        return
    rating.begin(turn, ticket_id=int(signal.data["ticket_id"]), number=number, agent=agent)
