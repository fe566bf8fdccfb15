"""What the stories of the dispatcher share: an engine that stumbles when told, and short words."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from backoffice.channels.models import Channel
from backoffice.conversations.models import InboxEvent
from bot.dispatcher import Dispatcher
from bot.turn import Turn
from tests.cast import MARIA

PENDING, DONE, DEAD, _DISCARDED = InboxEvent.State


class Engine:
    """Says back what it heard, except to who makes it stumble. `heard` keeps every turn that ran."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, ...]] = []
        self.stumbles: dict[str, Exception] = {}
        self.meanwhile: Callable[[Turn], None] = lambda turn: None

    def run(self, turn: Turn) -> None:
        words = tuple(line.text for line in turn.lines) or (turn.signal.kind if turn.signal else "",)
        self.heard.append(words)
        self.meanwhile(turn)
        for word in words:
            if word in self.stumbles:
                raise self.stumbles[word]
        turn.say_text("oí: " + " / ".join(words))


def later(**span: float):
    return timezone.now() + timedelta(**span)


def works(bot: Dispatcher, now=None) -> int:
    count = 0
    while done := bot.run_once(now):
        count += done
        assert count < 500, "it does not come to rest"
    return count


def key(channel: Channel, person=MARIA) -> str:
    return f"{channel.pk}:p:{person.key}"
