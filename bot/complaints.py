"""What WhatsApp complained about in a number's last notices, and whether it is enough to stop the rest.

It looks back on this process's own notices: a stop outlives it (`stop_notices`), half a suspicion does not.
"""

from collections import deque
from datetime import datetime, timedelta

from backoffice.channels.governor import FAULTS, SETTLED, UNDELIVERED, WINDOW
from backoffice.conversations.models import Message
from integrations.errors import IntegrationError, OutcomeUnknown, Rejected, Throttled
from integrations.whatsapp.base import GroupCreationLimited, ReachoutLocked, TooFastForOne

ASKED_EVERY = timedelta(minutes=1)
LOOKED_BACK = 1000  # notices that may be younger than `SETTLED`, at the fastest rhythm


def complaint(error: IntegrationError) -> str:
    """Why this answer alone stops notices; empty where it does not."""
    if isinstance(error, TooFastForOne | GroupCreationLimited):
        return ""
    if isinstance(error, ReachoutLocked):
        return "WhatsApp no deja abrir conversaciones nuevas (463)."
    return "WhatsApp pidió bajar el ritmo (429)." if isinstance(error, Throttled) else ""


class Complaints:
    """Of one channel. `reports` is whether its network tells what was delivered."""

    def __init__(self, *, reports: bool) -> None:
        self._reports = reports
        self._asked: datetime | None = None
        self.forget()

    def forget(self) -> None:
        """After a stop the count begins again."""
        self._failed: deque[bool] = deque(maxlen=WINDOW)
        self._sent: deque[tuple[int, datetime]] = deque(maxlen=LOOKED_BACK)

    def left(self, message: int, at: datetime) -> None:
        self._failed.append(False)
        self._sent.append((message, at))

    def fault(self, error: IntegrationError) -> str:
        """Count a notice that failed; why to stop, or empty. That the network is away is not the number's fault."""
        if isinstance(error, Rejected | OutcomeUnknown):
            self._failed.append(True)
        faults = sum(self._failed)
        return f"Fallaron {faults} de los últimos {WINDOW} avisos." if faults >= FAULTS else ""

    def undelivered(self, now: datetime) -> str:
        """Why to stop when one in five of the last that had time to arrive did not, or empty. One query a minute."""
        if not self._reports or (self._asked is not None and now - self._asked < ASKED_EVERY):
            return ""
        settled = [message for message, at in self._sent if now - at > SETTLED][-WINDOW:]
        if len(settled) < WINDOW:
            return ""
        self._asked = now
        missing = Message.objects.filter(pk__in=settled, status=Message.Status.SENT).count()
        return f"{missing} de los últimos {WINDOW} avisos no llegaron." if missing >= UNDELIVERED else ""
