"""Small facts that a dialogue keeps in `State.memory`: what was told and when. Times are kept as ISO text."""

from datetime import datetime, timedelta

from bot.turn import State


def when(state: State, key: str) -> datetime | None:
    """When that fact was marked; None if it never was."""
    return _moment(state.memory.get(key))


def mark(state: State, key: str, moment: datetime) -> None:
    state.memory[key] = moment.isoformat()


def within(state: State, key: str, now: datetime, span: timedelta) -> bool:
    """Whether that fact was marked less than `span` ago."""
    moment = when(state, key)
    return moment is not None and now - moment < span


def once_every(state: State, key: str, now: datetime, span: timedelta) -> bool:
    """True, and marked, unless it was marked less than `span` ago: what must not be repeated too soon."""
    if within(state, key, now, span):
        return False
    mark(state, key, now)
    return True


def recent(state: State, key: str, now: datetime, span: timedelta) -> list[str]:
    """The moments of a list of marks that are less than `span` old."""
    marks = state.memory.get(key) or []
    return [text for text in marks if (moment := _moment(text)) is not None and now - moment < span]


def number(state: State, key: str) -> int:
    """A count; 0 when there is none."""
    value = state.memory.get(key)
    return value if isinstance(value, int) else 0


def _moment(text: object) -> datetime | None:
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
