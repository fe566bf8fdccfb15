"""The library says what went wrong in a line of text. Here that becomes the port's errors: (what it says, the error).

What matters most is whether anything was done. whatsmeow prepares a message (whom it goes to, their devices, their
keys) and only then hands it over: a failure before that is told by its beginning, «failed to get …».
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal

from integrations.errors import IntegrationError, NotFound, OutcomeUnknown, Rejected, Throttled, Unavailable
from integrations.whatsapp.base import (
    GroupCreationLimited,
    NotConnected,
    NotInGroup,
    ReachoutLocked,
    RecipientUnknown,
)

Doing = Literal["send", "create", "members", "read", "upload", "download", "pair", "leave", "logout"]
Rule = tuple[str, Callable[[str], IntegrationError]]

LOCK = timedelta(hours=24)
"""WhatsApp does not tell until when (the library drops it); people report one to three days."""
SOON, LATER = timedelta(minutes=1), timedelta(minutes=15)
GROUP_WAIT = timedelta(seconds=90)

NOT_ADMIN = "El número del bot no es administrador de ese grupo."
FILE_GONE = "El archivo ya no está en WhatsApp: pedile que lo mande de nuevo."


def _slow(wait: timedelta) -> Callable[[str], IntegrationError]:
    return lambda text: Throttled(text, after=wait)


def _no_new_groups(text: str) -> IntegrationError:
    return GroupCreationLimited(text, after=GROUP_WAIT)


def _locked(text: str) -> IntegrationError:
    return ReachoutLocked(text, until=datetime.now(UTC) + LOCK)


def _not_admin(text: str) -> IntegrationError:
    return Rejected(text, staff_text=NOT_ADMIN)


def _file_gone(text: str) -> IntegrationError:
    return NotFound(text, staff_text=FILE_GONE)


_OFFLINE: tuple[Rule, ...] = (
    (r"websocket (is )?not connected|doesn't contain a device JID|client (not found|is nil)", NotConnected),
)
_NO_GROUP: Rule = (r"not participating in that group|group does not exist", NotInGroup)
_BUSY = r"(error|status) 429|rate-overlimit"

_RULES: dict[Doing, tuple[Rule, ...]] = {
    "send": (
        (r"error 463\b", _locked),
        (r"no LID found", RecipientUnknown),
        _NO_GROUP,
        (_BUSY, _slow(SOON)),
        *_OFFLINE,
        (r"unknown server", Rejected),
        (r"server returned error 5\d\d", Unavailable),
        (r"server returned error", Rejected),
        (r"send response|before message send|failed to send message node", OutcomeUnknown),
        (r"^failed to |info query", Unavailable),
        (r"", OutcomeUnknown),
    ),
    "create": (
        (rf"{_BUSY}|status 500|unknown error|internal-server-error", _no_new_groups),
        *_OFFLINE,
        (r"status 50\d", Unavailable),
        (r"status 4\d\d", Rejected),
        (r"", OutcomeUnknown),
    ),
    "members": (
        (_BUSY, _slow(LATER)),
        *_OFFLINE,
        _NO_GROUP,
        (r"status 404", NotInGroup),
        (r"status 40[13]", _not_admin),
        (r"status 4\d\d", Rejected),
        (r"status 5\d\d", Unavailable),
        (r"", OutcomeUnknown),
    ),
    "leave": (
        (_BUSY, _slow(SOON)),
        *_OFFLINE,
        _NO_GROUP,
        (r"status 40[34]", NotInGroup),
        (r"status 5\d\d", Unavailable),
        (r"", OutcomeUnknown),
    ),
    "read": (
        (_BUSY, _slow(SOON)),
        *_OFFLINE,
        _NO_GROUP,
        (r"permission to get the group's invite link", _not_admin),
        (r"status 40[34]", NotInGroup),
        (r"status 4\d\d", Rejected),
        (r"", Unavailable),
    ),
    "upload": (*_OFFLINE, (r"", Unavailable)),
    "download": (
        *_OFFLINE,
        (r"status code 4(03|04|10)|no url present|hmac|hash|file length|too short", _file_gone),
        (r"", Unavailable),
    ),
    "logout": (*_OFFLINE, (r"", OutcomeUnknown)),
    "pair": (
        (
            r"phone number",
            lambda text: Rejected(text, staff_text="Ese número no está completo: va con código de país."),
        ),
        (_BUSY, _slow(LATER)),
        *_OFFLINE,
        (r"", Unavailable),
    ),
}


def refusal(text: str, *, doing: Doing) -> IntegrationError:
    """The port's error for a line of the library's."""
    return next(make(text) for says, make in _rules(doing) if re.search(says, text, re.IGNORECASE))


def _rules(doing: Doing) -> Sequence[Rule]:
    return _RULES[doing]
