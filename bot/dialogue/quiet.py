"""When the bot keeps quiet: an agent attends, the mode says so, the message is old, or somebody loops with us."""

from datetime import timedelta
from hashlib import blake2b

from bot.dialogue import memory, reading, session
from bot.dialogue.handoff import waiting_ticket
from bot.rules import Mode
from bot.turn import AddToTicket, Log, OptOut, RelayToAgent, Turn
from integrations.understanding.base import Intent

OLD = timedelta(minutes=10)
SAME_TEXT = (4, timedelta(minutes=10))
TOO_MANY_REPLIES = (20, timedelta(minutes=5))
SILENCE = timedelta(minutes=30)

_CHITCHAT = reading.COURTESIES | reading.TROUBLE | {Intent.STATUS, None}
_HEARD_MAX = 12


def is_stale(turn: Turn) -> bool:
    """Whether the newest line is more than ten minutes old: too late for a chatty answer."""
    moments = [line.at for line in turn.lines if line.at is not None]
    return bool(moments) and turn.now - max(moments) > OLD


def attended_by_an_agent(turn: Turn) -> bool:
    """While a person attends the case, all goes to them and the bot is silent (SC-30)."""
    if turn.ticket is None or not turn.ticket.in_progress:
        return False
    turn.state.leave_flow()
    turn.do(RelayToAgent(turn.ticket.id))
    return True


def stopped(turn: Turn) -> bool:
    """Modo Parado and Modo Solo Gateway answer nobody; what is written is kept (AMB-28)."""
    if turn.rules.mode not in (Mode.STOPPED, Mode.GATEWAY):
        return False
    if reading.wants(turn, Intent.OPT_OUT, 0.95):
        turn.do(OptOut(True))
    _keep(turn)
    return True


def too_old(turn: Turn) -> bool:
    """What waited too long is left for the list «Sin responder»."""
    if not is_stale(turn):
        return False
    _keep(turn)
    turn.do(Log("message", "Un mensaje llegó con más de 10 minutos de demora y quedó sin responder"))
    return True


def looping(turn: Turn) -> bool:
    """Silence for half an hour when another machine seems to be at the other end."""
    state, now = turn.state, turn.now
    until = memory.when(state, "silent_until")
    if until is not None and now < until:
        _keep(turn)
        return True
    replies = memory.recent(state, "replies", now, TOO_MANY_REPLIES[1])
    if len(replies) < TOO_MANY_REPLIES[0] and not _says_the_same(turn):
        return False
    memory.mark(state, "silent_until", now + SILENCE)
    state.memory["replies"], state.memory["heard"] = [], []
    who = turn.contact.name or turn.contact.phone if turn.contact is not None else ""
    turn.do(Log("error", f"Parece otro bot: dejamos de responderle por 30 minutos a {who}".strip()))
    _keep(turn)
    return True


def count_reply(turn: Turn) -> None:
    """Remember that this turn answered, for `looping`."""
    if turn.said:
        recent = memory.recent(turn.state, "replies", turn.now, TOO_MANY_REPLIES[1])
        turn.state.memory["replies"] = [*recent, turn.now.isoformat()]


def emergency(turn: Turn) -> bool:
    """Modo Emergencia: the notice once in a while, and what was clearly asked for is still served (AMB-29)."""
    rules = turn.rules
    if rules.mode != Mode.EMERGENCY or not _is_affected(turn):
        return False
    asks = _asks_something(turn)
    if memory.once_every(turn.state, "emergency_at", turn.now, rules.emergency_every):
        turn.say_text(rules.emergency_text)
        session.skip_greeting(turn)
    if not asks:
        _keep(turn)
    return not asks


def _is_affected(turn: Turn) -> bool:
    zones = turn.rules.emergency_zones
    customer = turn.customer
    return not zones or customer is None or customer.zone_id is None or customer.zone_id in zones


def _asks_something(turn: Turn) -> bool:
    """Whether it is more than small talk or the trouble that the notice already explains."""
    return bool(turn.state.flow) or reading.picks_exactly(turn) or asks_beyond_chat(turn)


def asks_beyond_chat(turn: Turn) -> bool:
    wanted = reading.intent(turn)
    return wanted not in _CHITCHAT or wanted in (Intent.MENU, Intent.BACK)


def _says_the_same(turn: Turn) -> bool:
    """Count how often this very text came; choices and short words may be repeated."""
    read = reading.understood(turn)
    if len(read.folded) < 4 or reading.intent(turn) in (Intent.MENU, Intent.BACK) or reading.picks_exactly(turn):
        return False
    times, span = SAME_TEXT
    digest = blake2b(read.folded.encode(), digest_size=6).hexdigest()
    heard = turn.state.memory.get("heard") or []
    marks = [*heard[-_HEARD_MAX:], [digest, turn.now.isoformat()]]
    turn.state.memory["heard"] = marks
    turn.state.memory["same_at"] = [at for one, at in marks if one == digest]
    same = memory.recent(turn.state, "same_at", turn.now, span)
    del turn.state.memory["same_at"]
    return len(same) >= times


def _keep(turn: Turn) -> None:
    """What nobody answers still joins the case that waits."""
    ticket = waiting_ticket(turn)
    if ticket is not None:
        turn.do(AddToTicket(ticket.id))
