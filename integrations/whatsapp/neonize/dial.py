"""One client of the library, from its first word until it is left; what it says once left is not heard.

Its callbacks come on Go's thread, and what one of them raises is printed and forgotten by ctypes: here it is logged.
"""

import logging
import threading
import time
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
    While it is `leaving`, messages still count; what it says of its own state does not.
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
        self.leaving = False
        self.failure = ""
        self._ended, self._left, self._heard_at = ended, False, 0.0
        for kind, event in EVENTS.items():
            client.event(event)(self._listener(kind, partial(heard, self, kind)))
        client.event.qr(self._listener("qr", lambda data: shown(self, data.decode())))

    @property
    def is_in(self) -> bool:
        return self.client.me is not None

    def start(self) -> None:
        threading.Thread(target=self._connect, name="whatsapp-dial", daemon=True).start()

    def leave(self, gate: Gate, *, drain: float, hush: float) -> None:
        """Nobody calls it or hears it any more. In seconds: `drain` is how long those inside may take, `hush` how long
        it must be silent, for WhatsApp takes for delivered what Go has not told us yet."""
        self.leaving = True
        gate.shut(self.client)
        if self.over.is_set() or self.is_in:
            if not self.over.is_set():
                self.client.disconnect()  # whoever waits inside for an answer of the server gets an error at once
            if not gate.drain(drain):
                log.warning("a call into the library did not end in %g s", drain)
            self._hear_out(hush)
            self.client.stop()
            self.over.wait(STOPS)
        self._left = True
        disarm(self.client)

    def _hear_out(self, hush: float) -> None:
        began = time.monotonic()
        while not self.over.is_set() and time.monotonic() < min(max(began, self._heard_at) + hush, began + STOPS):
            time.sleep(hush / 4)

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
            self._heard_at = time.monotonic()
            try:
                tell(told)
            except Exception:
                log.exception("what the library told (%s) could not be kept", kind)

        return listen
