"""One client of the library, from its first word until it is left; what it says once left is not heard.

Its callbacks come on Go's thread, and what one of them raises is printed and forgotten by ctypes: here it is logged.
"""

import logging
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from integrations.whatsapp.neonize.gate import Gate
from integrations.whatsapp.neonize.library import (
    CallOfferEv,
    ClientOutdatedEv,
    ConnectedEv,
    ConnectFailureEv,
    DisconnectedEv,
    GroupInfoEv,
    JoinedGroupEv,
    KeepAliveRestoredEv,
    KeepAliveTimeoutEv,
    LoggedOutEv,
    MessageEv,
    NeonizeError,
    OfflineSyncCompletedEv,
    OfflineSyncPreviewEv,
    PairStatusEv,
    ReceiptEv,
    StreamReplacedEv,
    TemporaryBanEv,
    UndecryptableMessageEv,
    disarm,
)

log = logging.getLogger(__name__)

EVENTS = {
    "message": MessageEv,
    "receipt": ReceiptEv,
    "undecryptable": UndecryptableMessageEv,
    "call": CallOfferEv,
    "joined": JoinedGroupEv,
    "group": GroupInfoEv,
    "paired": PairStatusEv,
    "connected": ConnectedEv,
    "disconnected": DisconnectedEv,
    "logged out": LoggedOutEv,
    "replaced": StreamReplacedEv,
    "banned": TemporaryBanEv,
    "refused": ConnectFailureEv,
    "outdated": ClientOutdatedEv,
    "silent": KeepAliveTimeoutEv,
    "answers again": KeepAliveRestoredEv,
    "replay begins": OfflineSyncPreviewEv,
    "replay ends": OfflineSyncCompletedEv,
}
STOPS = 5.0


class Dial:
    """`heard` gets each event by its name in EVENTS, `shown` each QR text, `ended` is called when `connect` returns.

    The client tells who we are (`me`) with its first event: from then on, and once it returned, it may be stopped.
    """

    def __init__(
        self,
        client: Any,
        *,
        heard: Callable[["Dial", str, Any], None],
        shown: Callable[["Dial", str], None],
        ended: Callable[[], None],
    ) -> None:
        self.client = client
        self.over = threading.Event()
        self.failure = ""
        self._ended, self._left = ended, False
        for kind, event in EVENTS.items():
            client.event(event)(self._listener(kind, partial(heard, self, kind)))
        client.event.qr(self._listener("qr", lambda data: shown(self, data.decode())))

    @property
    def is_in(self) -> bool:
        return self.client.me is not None

    def start(self) -> None:
        threading.Thread(target=self._connect, name="whatsapp-dial", daemon=True).start()

    def leave(self, gate: Gate, *, drain: float) -> None:
        """Nobody calls it or hears it any more. `drain` is how long those inside may take, in seconds."""
        self._left = True
        gate.shut(self.client)
        if self.over.is_set() or self.is_in:
            if not self.over.is_set():
                self.client.disconnect()  # whoever waits inside for an answer of the server gets an error at once
            if not gate.drain(drain):
                log.warning("a call into the library did not end in %g s", drain)
            self.client.stop()
            self.over.wait(STOPS)
        disarm(self.client)

    def _connect(self) -> None:
        try:
            self.client.connect()
        except NeonizeError as error:
            self.failure = str(error)
        finally:
            self.over.set()
            self._ended()

    def _listener(self, kind: str, tell: Callable[[Any], None]) -> Callable[[Any, Any], None]:
        def listen(_client: Any, told: Any) -> None:
            if self._left:
                return
            try:
                tell(told)
            except Exception:
                log.exception("what the library told (%s) could not be kept", kind)

        return listen
