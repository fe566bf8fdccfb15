"""How a number stands: its state, the codes to link it with, and who it is. Each change is told once, by the spool."""

import json
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.whatsapp.base import (
    AccountBlocked,
    Addr,
    Connection,
    ConnState,
    Event,
    NotConnected,
    QrCode,
    StateChanged,
    TemporaryBan,
    to_json,
)
from integrations.whatsapp.neonize.incoming import Me
from integrations.whatsapp.neonize.jids import addr_of
from integrations.whatsapp.neonize.spool import Spool

SPEAKING = frozenset({ConnState.ONLINE, ConnState.REACHOUT_LOCKED})
ON_THE_WAY = SPEAKING | {ConnState.CONNECTING, ConnState.RECONNECTING}
LOCKED = "WhatsApp no deja escribir a contactos nuevos"


class Standing:
    """Any thread may read and change it. `changed` is its lock, and what whoever waits for a change waits on."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self.changed = threading.Condition()
        self.now = Connection(ConnState.NEW)
        self.me = Me(_kept(spool.fact("phone")), _kept(spool.fact("lid")))
        self._reason = ""
        self._locked_until: datetime | None = None

    @property
    def is_linked(self) -> bool:
        return self.me.phone is not None

    def may_speak(self) -> None:
        """Raises: TemporaryBan, AccountBlocked, NotConnected while nothing may be asked of WhatsApp."""
        with self.changed:
            state, until = self.now.state, self.now.until
        if state in SPEAKING:
            return
        if state == ConnState.TEMP_BANNED and until is not None:
            raise TemporaryBan(until=until)
        if state == ConnState.RESTRICTED:
            raise AccountBlocked()
        raise NotConnected(f"the number is {state}")

    # --- changes -----------------------------------------------------------------------------
    def say(self, state: ConnState, reason: str = "", until: datetime | None = None) -> None:
        with self.changed:
            if (state, reason, until) == (self.now.state, self._reason, self.now.until):
                return
            self.now, self._reason = Connection(state, me=self.me.phone, until=until), reason
            self.tell(StateChanged("", state, datetime.now(UTC), reason, until))
            self.changed.notify_all()

    def came_in(self, device: Any) -> None:
        """Online, as that device. A lock on new chats outlives a reconnection."""
        with self.changed:
            if device is not None:
                self.is_me(addr_of(device.JID), addr_of(device.LID))
            if is_past(self._locked_until):
                self.say(ConnState.ONLINE)
            else:
                self.say(ConnState.REACHOUT_LOCKED, LOCKED, self._locked_until)

    def lock_reachout(self, until: datetime) -> None:
        with self.changed:
            self._locked_until = until
            if self.now.state in SPEAKING:
                self.say(ConnState.REACHOUT_LOCKED, LOCKED, until)

    def unlock_when_due(self) -> None:
        with self.changed:
            if self.now.state == ConnState.REACHOUT_LOCKED and is_past(self.now.until):
                self.say(ConnState.ONLINE)

    def show_qr(self, qr: str, lasts: timedelta) -> None:
        """A new QR; a code asked for meanwhile goes on being good."""
        moment = datetime.now(UTC)
        expires_at = moment + lasts
        with self.changed:
            if self.is_linked:  # our session is not there any more
                self.forget_me()
            self.say(ConnState.PAIRING)
            code, ends = self.now.code, self.now.expires_at
            self.now = Connection(ConnState.PAIRING, qr, code=code, expires_at=ends if code else expires_at)
            self.tell(QrCode("", qr, moment, expires_at))
            self.changed.notify_all()

    def show_code(self, code: str, expires_at: datetime) -> None:
        """What is typed on the phone instead."""
        with self.changed:
            if self.now.state == ConnState.PAIRING:
                self.now = Connection(ConnState.PAIRING, self.now.qr, code=code, expires_at=expires_at)
            self.changed.notify_all()

    def drop_code(self) -> None:
        """Another one is on its way."""
        with self.changed:
            if self.now.code:
                self.now = Connection(ConnState.PAIRING, self.now.qr)

    def stop(self) -> None:
        """The end of the link: nobody is told, for nobody reads the spool any more."""
        with self.changed:
            self.now = Connection(ConnState.STOPPED, me=self.me.phone)
            self.changed.notify_all()

    def is_me(self, phone: Addr | None, lid: Addr | None) -> None:
        self.me = Me(phone or self.me.phone, lid or self.me.lid)
        self._keep_me()

    def forget_me(self) -> None:
        self.me = Me()
        self._keep_me()

    def _keep_me(self) -> None:
        for name, addr in (("phone", self.me.phone), ("lid", self.me.lid)):
            self._spool.note(name, addr.key if addr else "")

    def tell(self, event: Event) -> None:
        """To whoever polls; the row gives the event its id."""
        self._spool.put("told", json.dumps(to_json(event)).encode())


def is_past(until: datetime | None) -> bool:
    return until is None or until <= datetime.now(UTC)


def _kept(key: str) -> Addr | None:
    return Addr.parse(key) if key else None
