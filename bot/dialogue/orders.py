"""When a talk has an order (OPEN-ORD-01, 08, 09): as it begins, and again when people go on with it.

The dialogue remembers that its order is begun, so a turn in the middle of a talk asks nothing of anybody. A talk that
goes on for hours asks again once in a while: its order may have expired meanwhile.
"""

from datetime import timedelta

from bot.dialogue import memory
from bot.turn import KeepOrder, OpenTicket, OptOut, RateTicket, Turn

BEGUN = "order"
REMEMBERED = timedelta(hours=2)
_NO_ORDER = (OptOut, RateTicket)
"""What answers a question of ours and asks for nothing."""


def keep(turn: Turn) -> None:
    """Begin the order of whoever the bot answers, and complete it when the turn hands them to people."""
    if not turn.rules.shop.orders or not turn.lines or not turn.said:
        return
    opened = next((effect for effect in turn.effects if isinstance(effect, OpenTicket)), None)
    if opened is not None:
        turn.do(KeepOrder(finished=True, subject=opened.subject, data=opened.data))
    elif _is_begun(turn) or any(isinstance(effect, _NO_ORDER) for effect in turn.effects):
        return
    else:
        turn.do(KeepOrder())
    memory.mark(turn.state, BEGUN, turn.now)


def forget(turn: Turn) -> None:
    """The order may have ended: the next message asks, and begins another one (OPEN-ORD-15)."""
    turn.state.memory.pop(BEGUN, None)


def _is_begun(turn: Turn) -> bool:
    return memory.within(turn.state, BEGUN, turn.now, REMEMBERED)
