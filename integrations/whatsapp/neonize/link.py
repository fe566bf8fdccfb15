"""One linked number: it dials, keeps the state, and says who may call. Nobody else knows the library's life.

What was learnt of the library (0.5.2), and is coded around here and in `dial.py`:

- `connect` blocks until `stop`; it tries once and raises when there is no network, and each try leaks an open file: so
  the network is asked for cheaply before.
- `stop` before the number is in (while it shows QR codes) makes Go follow a nil pointer and ends the process. Such a
  client is left alone: it stops talking when its codes run out, and nobody hears it any more.
- once the QR codes run out it neither returns nor tells: a clock of ours does.
- a client thrown away stops, by its name, whoever has that name: each one gets its own, and its finalizer taken off.
- the callbacks run on Go's thread; 100 of them may wait, then the socket stands still: they only write and return.
- after LoggedOut, StreamReplaced, TemporaryBan and ClientOutdated it sits there with a dead socket.
- a socket whose other end is gone counts as connected: only missing keep-alives tell.
"""

import logging
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from integrations.errors import IntegrationError, OutcomeUnknown, Unavailable
from integrations.whatsapp.base import Addr, Connection, ConnState, IdentityLearned, ReachoutLocked
from integrations.whatsapp.neonize.dial import Dial
from integrations.whatsapp.neonize.folder import Folder
from integrations.whatsapp.neonize.gate import Gate
from integrations.whatsapp.neonize.incoming import Me, has_file, is_heard
from integrations.whatsapp.neonize.jids import addr_of
from integrations.whatsapp.neonize.library import NeonizeError, PairStatusEv, new_client
from integrations.whatsapp.neonize.refusals import Doing, refusal
from integrations.whatsapp.neonize.spool import Spool
from integrations.whatsapp.neonize.standing import ON_THE_WAY, SPEAKING, Standing, is_past
from integrations.whatsapp.neonize.turns import Turn, turn_of

log = logging.getLogger(__name__)
T = TypeVar("T")

_WRITES: frozenset[Doing] = frozenset({"send", "create", "members", "leave", "logout"})
BROKEN = "El número dejó de atender. Reiniciá el bot."
FOLDER = "No se puede abrir la carpeta del número en el servidor."
_KEPT = frozenset({"message", "receipt", "undecryptable", "call", "joined", "group"})


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds. WhatsApp shows its first QR for a minute and five more for 20 s; an IQ gives up after 75."""

    first_qr: float = 60
    next_qr: float = 20
    pairing: float = 170
    answer: float = 15
    look: float = 1
    silence: float = 240
    lost: float = 600
    call: float = 90
    transfer: float = 300
    drain: float = 90
    hush: float = 0.2
    away: float = 30
    waits: tuple[float, ...] = (1, 2, 5, 15, 60, 300)
    tries: tuple[float, ...] = (1, 4)


class Link:
    """A number whose folder is ours from `open` to `close`. `reach` raises OSError when WhatsApp is out of reach."""

    def __init__(
        self,
        path: Path,
        *,
        reach: Callable[[], None],
        keep_days: int,
        make: Callable[[Path, str], Any] = new_client,
        timing: Timing | None = None,
    ) -> None:
        self._folder, self._reach, self._keep_days, self._make = Folder(path), reach, keep_days, make
        self.timing = timing or Timing()
        self._gate = Gate()
        self._go = self._rested = self._hang_up = self._hurry = self._closing = self._replaying = False
        self._phone = self._coded_for = ""
        self._failures = 0
        self._pair_error: IntegrationError | None = None
        self._pairing_ends: float | None = None
        self._silent_since: float | None = None
        self._lost_since = time.monotonic()
        self._came_in_at = 0.0
        self._odd = 0
        self._dial: Dial | None = None

    # --- for the transport -------------------------------------------------------------------
    def open(self) -> None:
        """Take the folder and, when the number is linked, begin to dial. Raises: NotConnected."""
        try:
            self._folder.take()
            self.spool = Spool(self._folder.spool, keep_days=self._keep_days)
        except (OSError, sqlite3.Error) as error:
            self._folder.free()
            raise Unavailable(f"the folder cannot be opened: {error}", staff_text=FOLDER) from error
        self._stands = Standing(self.spool)
        self._changed = self._stands.changed
        if self._stands.is_linked:
            self._go = True
            self._stands.say(ConnState.CONNECTING)
        self._thread = threading.Thread(target=self._run, name="whatsapp-link", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Hang up and free the folder; the number stays linked."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(self.timing.drain + 10)
        if self._thread.is_alive():
            log.error("the library does not let go; the folder stays taken until the process ends")
            return
        self.spool.close()
        self._folder.free()

    @property
    def me(self) -> Me:
        return self._stands.me

    def state(self) -> Connection:
        return self._stands.now

    def call(self, ask: Callable[[Any], T], *, doing: Doing, seconds: float | None = None) -> T:
        """What the library answers. Raises: the port's errors, never the library's."""
        self._stands.may_speak()
        late: type[IntegrationError] = OutcomeUnknown if doing in _WRITES else Unavailable
        try:
            return self._gate.call(ask, seconds=seconds or self.timing.call, late=late)
        except NeonizeError as error:
            refused = refusal(str(error), doing=doing)
            if isinstance(refused, ReachoutLocked):
                self._stands.lock_reachout(refused.until)
            raise refused from error

    def wait_until_in(self) -> None:
        """A little, for a number that is on its way in: after a restart the first files are asked for before it is."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._closing or self._stands.now.state not in ON_THE_WAY - SPEAKING, self.timing.answer
            )

    def begin_pairing(self, phone: str) -> Connection:
        """Dial for a QR, or for a code for that phone, and wait a little for it. Also how a rest is ended by a person.

        Raises: Rejected for a phone that is none, Throttled when too many codes were asked for.
        """
        with self._changed:
            if self._stands.is_linked and self._stands.now.state in ON_THE_WAY | {ConnState.TEMP_BANNED}:
                return self._stands.now
            if self._closing:
                raise Unavailable("the link's thread ended", staff_text=BROKEN)
            if self._stands.now.code and phone == self._coded_for:
                return self._stands.now
            self._phone, self._coded_for, self._pair_error, failures = phone, phone, None, self._failures
            self._stands.drop_code()
            if not self._go:
                self._go = True
                self._stands.say(ConnState.CONNECTING)
            self._hurry = True
            self._changed.notify_all()
            self._changed.wait_for(
                lambda: bool(
                    self._closing
                    or self._pair_error
                    or not self._go
                    or self._failures > failures
                    or self._stands.now.state in SPEAKING
                    or (self._stands.now.code if phone else self._stands.now.qr)
                ),
                self.timing.answer,
            )
            if self._pair_error is not None:
                raise self._pair_error
            return self._stands.now

    def logout(self) -> None:
        """Unlink the number; nothing to do when it is not linked. Raises: NotConnected."""
        if not self._stands.is_linked:
            return
        self.call(lambda client: client.logout(), doing="logout")
        self._take_turn(Turn(ConnState.LOGGED_OUT, "Desvinculado desde el panel", then="rest", unlinked=True))

    def learn(self, known: Sequence[Addr]) -> None:
        """The addresses of one person: a phone and a hidden one are told with the next poll, when that is news."""
        lid = next((addr for addr in known if addr.kind == "lid"), None)
        phone = next((addr for addr in known if addr.kind == "phone"), None)
        if lid and phone and self.spool.learn(lid, phone):
            self._stands.tell(IdentityLearned("", lid, phone, datetime.now(UTC)))

    # --- the link's own thread ---------------------------------------------------------------
    def _run(self) -> None:
        try:
            while self._is_wanted():
                if self._is_reachable():
                    self._one_dial()
        finally:
            self._closing = True
            self._stands.stop()

    def _is_wanted(self) -> bool:
        """Wait until there is something to dial for, and as long as the last failures ask. False to end."""
        waits = self.timing.waits
        pause = waits[min(self._failures, len(waits)) - 1] if self._failures else 0.0
        with self._changed:
            self._changed.wait_for(lambda: self._closing or self._hurry, pause)
            while not (self._closing or self._go):
                if self._stands.now.state == ConnState.TEMP_BANNED and is_past(self._stands.now.until):
                    self._go = True
                    self._stands.say(ConnState.CONNECTING)
                else:
                    self._changed.wait(self.timing.look)
            self._hurry = False
            return not self._closing

    def _is_reachable(self) -> bool:
        try:
            self._reach()
        except OSError as error:
            log.info("WhatsApp is out of reach: %s", error)
            self._failed("No se llega a WhatsApp: revisá Internet en el servidor")
            return False
        return True

    def _failed(self, reason: str) -> None:
        with self._changed:
            self._failures += 1
            linked = self._stands.is_linked
            self._stands.say(ConnState.RECONNECTING if linked else ConnState.CONNECTING, reason)
            self._changed.notify_all()

    def _one_dial(self) -> None:
        client = self._make(self._folder.session, f"{self._folder.path.name}-{secrets.token_hex(4)}")
        dial = Dial(client, heard=self._heard, shown=self._shown, ended=self._wake)
        with self._changed:
            self._dial, self._hang_up, self._rested, self._odd = dial, False, False, 0
            self._pairing_ends = self._silent_since = None
            self._lost_since, self._came_in_at = time.monotonic(), 0.0
        dial.start()
        while not self._is_over(dial):
            self._look_at_socket(dial)
            self._ask_code()
        dial.leave(self._gate, drain=self.timing.drain, hush=self.timing.hush)
        self._after(dial)

    def _is_over(self, dial: Dial) -> bool:
        with self._changed:
            if not (self._closing or self._hang_up or dial.over.is_set()):
                self._changed.wait(self.timing.look)
            self._stands.unlock_when_due()
            return self._closing or self._hang_up or dial.over.is_set() or self._is_late(dial)

    def _is_late(self, dial: Dial) -> bool:
        """The clocks that the library lacks."""
        now, state = time.monotonic(), self._stands.now.state
        if state == ConnState.PAIRING and self._pairing_ends is not None and now > self._pairing_ends:
            self._rest()
            self._stands.say(ConnState.NEW, "El código venció. Pedí otro.")
            return True
        if self._silent_since is not None and now - self._silent_since > self.timing.silence:
            return True
        if self._stands.is_linked and not dial.is_in:
            return False  # it dials, which has an end; left alone, it could come in later beside the next one
        return state in (ConnState.CONNECTING, ConnState.RECONNECTING) and now - self._lost_since > self.timing.lost

    def _look_at_socket(self, dial: Dial) -> None:
        """Events may come in another order than things happened, and some never: the socket itself is asked too."""
        with self._changed:
            state, silent = self._stands.now.state, self._silent_since is not None
        if not dial.is_in or silent or state not in ON_THE_WAY:
            return
        try:
            alive = self._gate.call(
                lambda client: bool(client.is_connected and client.is_logged_in), seconds=10, late=Unavailable
            )
        except IntegrationError:
            alive = False
        with self._changed:
            self._odd = self._odd + 1 if alive != (self._stands.now.state in SPEAKING) else 0
            if self._odd < 2 or self._stands.now.state not in ON_THE_WAY:
                return
        self._take_turn(turn_of("connected" if alive else "disconnected", None, datetime.now(UTC)))

    def _ask_code(self) -> None:
        """The code to type on the phone: the library gives one only once it showed a QR."""
        with self._changed:
            if not self._phone or self._stands.now.state != ConnState.PAIRING or not self._stands.now.qr:
                return
            phone, self._phone = self._phone, ""
        code, error = "", None
        try:
            code = self._gate.call(
                lambda client: str(client.PairPhone(phone, True)), seconds=self.timing.call, late=Unavailable
            )
        except NeonizeError as refused:
            error = refusal(str(refused), doing="pair")
        except IntegrationError as failed:
            error = failed
        with self._changed:
            self._pair_error = error
            if code:
                left = timedelta(seconds=max((self._pairing_ends or 0) - time.monotonic(), 0))
                self._stands.show_code(code, datetime.now(UTC) + left)
            self._changed.notify_all()

    def _after(self, dial: Dial) -> None:
        """The dial is over: what to show until the next one."""
        with self._changed:
            self._dial, self._replaying = None, False
            settled = self._came_in_at and time.monotonic() - self._came_in_at > self.timing.away
            if settled:
                self._failures = 0
            if self._closing or self._rested:
                return
        if dial.failure:
            log.warning("the library could not connect: %s", dial.failure)
        self._failed("No se pudo conectar con WhatsApp" if dial.failure else "Se cortó la conexión con WhatsApp")

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    # --- on Go's thread: write and return ----------------------------------------------------
    def _shown(self, dial: Dial, qr: str) -> None:
        self._gate.open(dial.client)
        with self._changed:
            lasts = self.timing.next_qr
            if self._pairing_ends is None:
                self._pairing_ends, lasts = time.monotonic() + self.timing.pairing, self.timing.first_qr
            self._stands.show_qr(qr, timedelta(seconds=lasts))

    def _heard(self, dial: Dial, kind: str, message: Any) -> None:
        self._gate.open(dial.client)
        if kind in _KEPT:
            self._keep(kind, message)
            return
        if dial.leaving:
            return
        if kind in ("replay begins", "replay ends"):
            self._replaying = kind == "replay begins"
            return
        if kind == "paired" and message.Status == PairStatusEv.SUCCESS:
            self._stands.is_me(addr_of(message.ID), None)
        with self._changed:
            if kind == "silent":
                self._silent_since = self._silent_since or time.monotonic()
            elif kind in ("answers again", "connected", "disconnected"):
                self._silent_since = None
        self._take_turn(turn_of(kind, message, datetime.now(UTC)))

    def _keep(self, kind: str, message: Any) -> None:
        if kind in ("message", "undecryptable") and not is_heard(message.Info.MessageSource):
            return
        if kind == "receipt" and not is_heard(message.MessageSource):
            return
        replayed = has = False
        if kind == "message":
            has = has_file(message)
            since = datetime.now(UTC).timestamp() - (time.monotonic() - self._came_in_at) if self._came_in_at else 0.0
            replayed = self._replaying or message.Info.Timestamp / 1000 < since - self.timing.away
        self.spool.put(kind, message.SerializePartialToString(), replayed=replayed, has_file=has)

    # --- the state ---------------------------------------------------------------------------
    def _take_turn(self, turn: Turn | None) -> None:
        """Show what an event brought. Late news of a link that ended otherwise change nothing."""
        if turn is None:
            return
        with self._changed:
            passing = turn.state in ON_THE_WAY
            if passing and (not self._go or self._stands.now.state not in ON_THE_WAY | {ConnState.PAIRING}):
                return
            if turn.state in SPEAKING:
                self._came_in()
                return
            if turn.state == ConnState.RECONNECTING and self._stands.now.state == ConnState.PAIRING:
                return
            if turn.state == ConnState.CONNECTING and self._stands.now.state in SPEAKING:
                return
            if turn.state == ConnState.RECONNECTING and self._stands.now.state in SPEAKING:
                self._lost_since = time.monotonic()
            if turn.then == "rest":
                self._rest()
            self._hang_up = self._hang_up or turn.then != "go on"
            if turn.unlinked:
                self._stands.forget_me()
            self._stands.say(turn.state, turn.reason, turn.until)
            self._changed.notify_all()

    def _rest(self) -> None:
        """Dial no more until a person asks, who may do so before this dial is over."""
        self._go, self._rested = False, True

    def _came_in(self) -> None:
        self._came_in_at, self._odd, self._phone = time.monotonic(), 0, ""
        self._stands.came_in(self._dial.client.me if self._dial is not None else None)
