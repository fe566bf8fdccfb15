"""When a dialogue begins and ends, and the greeting: once each time."""

from datetime import timedelta

from bot.dialogue import memory, reading
from bot.flows.base import find_flow
from bot.turn import Say, Turn

LASTS = timedelta(hours=8)

MENUS = "menus"
"""In the memory: the version of the menus that this dialogue walks. It is forgotten with the dialogue."""

# What outlives a dialogue: all that must not be repeated too soon, and the counters of loops.
_KEPT = (
    "added_at",
    "closed_until",
    "emergency_at",
    "heard",
    "replies",
    "silent_until",
    "sticker_at",
    "seen_at",
    "unproved",
)


def begin(turn: Turn) -> None:
    """Forget what is over and read the burst."""
    state = turn.state
    seen = memory.when(state, "seen_at")
    if seen is None or turn.now - seen >= LASTS:
        state.memory = {key: state.memory[key] for key in _KEPT if key in state.memory}
        state.options, state.menu = [], ""
    turn.rules = turn.rules.as_of(memory.number(state, MENUS))
    _end_flow(turn)
    state.memory["asked"] = state.memory.pop("asking", None)
    reading.read_lines(turn)
    if turn.lines and state.flow not in ("identify", "collect"):
        reading.remember_story(turn)


def _end_flow(turn: Turn) -> None:
    """Leave a flow that expired, or one of an older version."""
    state = turn.state
    if not state.flow:
        return
    flow = find_flow(state.flow)
    late = state.expires_at is not None and turn.now >= state.expires_at
    if flow is not None and not late and state.data.get("v") == flow.version and state.step in flow.steps:
        return
    if late and flow is not None and flow.asks_data:
        state.memory["late"] = True
    state.leave_flow()


def finish(turn: Turn) -> None:
    """Greet if nobody did, and write down when this was."""
    state = turn.state
    state.memory.pop("asked", None)
    if turn.said:
        _greet(turn)
        state.memory.pop("late", None)
    if turn.lines:
        memory.mark(state, "seen_at", turn.now)
    flow = find_flow(state.flow) if state.flow else None
    state.expires_at = turn.now + (flow.lasts if flow is not None else LASTS)


def hello(turn: Turn) -> str:
    """«Hola María 👋», or who we are when we do not know them."""
    if turn.customer is not None:
        return turn.rules.text("greeting.known", nombre=turn.customer.first_name)
    return turn.rules.text("greeting.stranger")


def is_first(turn: Turn) -> bool:
    """Whether nothing was said yet in this dialogue."""
    return not turn.state.memory.get("greeted")


def skip_greeting(turn: Turn) -> None:
    """For what must not begin with a cheerful hello: an emergency, an angry customer."""
    turn.state.memory["greeted"] = True


def _greet(turn: Turn) -> None:
    if is_first(turn) and turn.lines:
        place = next(index for index, effect in enumerate(turn.effects) if isinstance(effect, Say))
        turn.effects.insert(place, Say(hello(turn)))
        skip_greeting(turn)
