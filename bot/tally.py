"""What the shell counts, so that each loop says it in one line (`backoffice/common/metrics.py`)."""

from collections.abc import Sequence
from datetime import datetime

from backoffice.common import metrics
from backoffice.conversations.models import Message
from bot.context import Run

CHAT = (Message.Priority.REPLY, Message.Priority.AGENT)


def turns_done(runs: Sequence[Run], seconds: float) -> None:
    """These turns are committed; they took `seconds` together, which is what each of them waited."""
    metrics.count("turns", len(runs))
    metrics.count("answered", sum(1 for run in runs if any(say.text.strip() for say in run.turn.said)))
    metrics.observe("turn", seconds, len(runs))


def left(message: Message, now: datetime) -> None:
    """The network took this message."""
    if message.priority in CHAT:
        metrics.count("sent")
        metrics.observe("outbox", (now - max(message.created_at, message.due_at or message.created_at)).total_seconds())
    else:
        metrics.count("notices_sent")


def stayed(status: str) -> None:
    """This message ended FAILED or UNCERTAIN."""
    metrics.count("failed" if status == Message.Status.FAILED else "uncertain")
