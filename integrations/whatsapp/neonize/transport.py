"""The port's face of a linked number. Any number of these may stand on the one link of a folder, in one process."""

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from integrations.errors import IntegrationError, NotFound, OutcomeUnknown, Rejected, Unavailable
from integrations.whatsapp.base import (
    Addr,
    Batch,
    Cap,
    Connection,
    ConnState,
    Content,
    Event,
    GroupInfo,
    GroupResult,
    IdentityLearned,
    Limits,
    Media,
    MemberOp,
    MemberResult,
    MessageIn,
    NotConnected,
    NotInGroup,
    Sent,
    Text,
)
from integrations.whatsapp.neonize import REACH, groups, outgoing, reaching
from integrations.whatsapp.neonize.incoming import events_of, file_of
from integrations.whatsapp.neonize.jids import addr_of, jid_of
from integrations.whatsapp.neonize.library import ChatPresence, ChatPresenceMedia, Presence, ReceiptType, new_client
from integrations.whatsapp.neonize.link import Link, Timing
from integrations.whatsapp.neonize.refusals import FILE_GONE
from integrations.whatsapp.neonize.spool import Line, Spool

MEGA = 1024 * 1024
AT_ONCE = 200
NAME_MAX = 25
"""WhatsApp refuses a longer name of a group with 406."""
DISK = "No se puede leer o escribir en el disco del servidor."
HALF = "El audio salió, pero no el texto que lo acompañaba."
TOO_LARGE = "El archivo es demasiado grande."


class NeonizeTransport:
    """The number whose session is in `folder`. It dials by itself from the first call on.

    `reach` is the `host:port` asked before each dial, `keep_days` how long files may be fetched and lines quoted;
    `make` and `timing` are for tests. The first transport on a folder decides for all of them.
    """

    caps = (
        Cap.QR_LINK
        | Cap.PAIR_CODE
        | Cap.GROUPS
        | Cap.GROUP_ADMIN
        | Cap.INVITE_LINK
        | Cap.QUOTE
        | Cap.TYPING
        | Cap.READ_RECEIPTS
        | Cap.DELIVERY_STATUS
        | Cap.LID
        | Cap.FREEFORM_ANYTIME
        | Cap.ANTIBAN
    )
    limits = Limits(
        text_max=65_536,
        menu_body_max=65_536,
        group_name_max=NAME_MAX,
        media_max={"image": 16 * MEGA, "audio": 16 * MEGA, "video": 16 * MEGA, "document": 64 * MEGA},
    )

    def __init__(
        self,
        folder: Path,
        *,
        reach: str = REACH,
        keep_days: int = 14,
        make: Callable[[Path, str], Any] = new_client,
        timing: Timing | None = None,
    ) -> None:
        self._path = folder.absolute()
        self._build = lambda: Link(
            self._path, reach=lambda: reaching.reach(reach), keep_days=keep_days, make=make, timing=timing
        )
        self._held: Link | None = None
        self._closed = False
        self._lock = threading.Lock()

    @property
    def _link(self) -> Link:
        """The link, opened when first needed. Raises: NotConnected when closed or when another process has it."""
        with self._lock:
            if self._closed:
                raise NotConnected("this transport was closed")
            if self._held is None:
                self._held = _take(self._path, self._build)
            return self._held

    # --- what arrives ------------------------------------------------------------------------
    def poll(self, cursor: str | None) -> Batch:
        """What the spool has after `cursor`."""
        link = self._link
        try:
            rows, cursor = link.spool.waiting(cursor, most=AT_ONCE)
        except sqlite3.Error as error:
            raise Unavailable(f"the spool cannot be read: {error}", staff_text=DISK) from error
        events: list[Event] = []
        for row in rows:
            events += self._noted(events_of(row, spool=link.spool, me=link.me), link.spool)
        return Batch(tuple(events), cursor)

    def _noted(self, events: list[Event], spool: Spool) -> list[Event]:
        """What is known from now on: who said what, and who is who."""
        for event in events:
            if isinstance(event, MessageIn):
                snippet = event.text or (event.media.filename if event.media else "")
                spool.remember(event.chat, event.message_id, author=event.sender, snippet=snippet, ours=False)
                if event.sender_alt is not None:
                    spool.learn(event.sender, event.sender_alt)
            elif isinstance(event, IdentityLearned):
                spool.learn(event.addr, event.also)
        return events

    def fetch_media(self, handle: str, *, max_bytes: int = 16 * MEGA) -> bytes:
        """The bytes, asked for three times. Raises: NotFound when WhatsApp or we forgot it, Rejected when too large."""
        link = self._link
        kept = link.spool.with_file(handle)
        if kept is None:
            raise NotFound(f"no file {handle!r}", staff_text=FILE_GONE)
        try:
            message, size = file_of(kept)
        except ValueError as error:
            raise NotFound(str(error), staff_text=FILE_GONE) from error
        if size > max_bytes:
            raise Rejected(f"{size} bytes", staff_text=TOO_LARGE)
        link.wait_until_in()
        data = self._downloaded(link, message)
        if len(data) > max_bytes:
            raise Rejected(f"{len(data)} bytes", staff_text=TOO_LARGE)
        return data

    def _downloaded(self, link: Link, message: Any) -> bytes:
        for pause in (*link.timing.tries, None):
            try:
                found = link.call(
                    lambda client: client.download_any(message), doing="download", seconds=link.timing.transfer
                )
                return bytes(found or b"")
            except Unavailable as error:
                if pause is None or isinstance(error, NotConnected):
                    raise
                time.sleep(pause)
        raise AssertionError("the last try returns or raises")

    # --- what leaves -------------------------------------------------------------------------
    def send(self, to: Addr, content: Content, *, quote_id: str | None = None, client_ref: str = "") -> Sent:
        """Send one message. Its id is WhatsApp's to choose, so one whose outcome is unknown is never found again by
        us: a person decides."""
        link, quote = self._link, self._quote(to, quote_id)
        sent = self._sent(link, to, content, outgoing.message_of(content, quote=quote, upload=self._uploads(link)))
        if isinstance(content, Media) and content.kind == "audio" and content.caption.strip():
            self._say_below(link, to, content.caption)
        return sent

    def _say_below(self, link: Link, to: Addr, caption: str) -> None:
        """WhatsApp has no words with an audio: they follow it. When they do not leave, half of it was sent."""
        words = Text(caption)
        try:
            self._sent(link, to, words, outgoing.message_of(words, quote=None, upload=self._uploads(link)))
        except IntegrationError as error:
            raise OutcomeUnknown(f"the audio left and its words did not: {error}", staff_text=HALF) from error

    def _sent(self, link: Link, to: Addr, content: Content, message: Any) -> Sent:
        jid = jid_of(to)
        answer = link.call(lambda client: client.send_message(jid, message), doing="send")
        if not answer.ID:
            raise OutcomeUnknown("the library sent it without an id")
        author = link.me.phone or link.me.lid
        if author is not None:
            link.spool.remember(to, answer.ID, author=author, snippet=outgoing.words_of(content), ours=True)
        return Sent(str(answer.ID), datetime.now(UTC))

    def _quote(self, chat: Addr, message_id: str | None) -> Any:
        """A message from before we were linked can be quoted only where there is one person who may have said it."""
        if not message_id:
            return None
        line = self._link.spool.line(chat, message_id)
        if line is None and chat.is_group:
            return None
        return outgoing.quote_of(message_id, line or Line(chat, ""))

    def _uploads(self, link: Link) -> outgoing.Upload:
        return lambda data, kind: link.call(
            lambda client: client.upload(data, kind), doing="upload", seconds=link.timing.transfer
        )

    def typing(self, chat: Addr, *, on: bool = True) -> None:
        """WhatsApp shows it only of who is available; in between we are not, so that the owner's phone still rings."""
        jid = jid_of(chat)
        state = ChatPresence.CHAT_PRESENCE_COMPOSING if on else ChatPresence.CHAT_PRESENCE_PAUSED

        def show(client: Any) -> None:
            if on:
                client.send_presence(Presence.AVAILABLE)
            client.send_chat_presence(jid, state, ChatPresenceMedia.CHAT_PRESENCE_MEDIA_TEXT)
            if not on:
                client.send_presence(Presence.UNAVAILABLE)

        self._link.call(show, doing="read")

    def mark_read(self, chat: Addr, message_ids: Sequence[str]) -> None:
        """Two blue ticks. In a group WhatsApp wants to know whose messages they are; the unknown ones are left."""
        link = self._link
        by_author: dict[Addr, list[str]] = {}
        for message_id in message_ids:
            line = link.spool.line(chat, message_id)
            author = line.author if line else chat
            if not author.is_group:
                by_author.setdefault(author, []).append(message_id)
        for author, ids in by_author.items():
            self._read(link, chat, author, ids)

    def _read(self, link: Link, chat: Addr, author: Addr, ids: Sequence[str]) -> None:
        there, sender = jid_of(chat), jid_of(author)
        link.call(
            lambda client: client.mark_read(*ids, chat=there, sender=sender, receipt=ReceiptType.READ), doing="read"
        )

    # --- groups ------------------------------------------------------------------------------
    def create_group(self, name: str, members: Sequence[Addr], *, client_ref: str = "") -> GroupResult:
        """Create a group; a name longer than WhatsApp takes is cut."""
        link = self._link
        jids = [jid_of(member) for member in members]
        told = link.call(lambda client: client.create_group(name[:NAME_MAX].strip(), jids), doing="create")
        group = addr_of(told.JID)
        if group is None:
            raise OutcomeUnknown("the library made a group without an id")
        self._learn(link, told.Participants)
        return GroupResult(group, tuple(groups.results(members, told.Participants, spool=link.spool)))

    def change_members(self, group: Addr, op: MemberOp, members: Sequence[Addr]) -> list[MemberResult]:
        """Add, remove, promote or demote."""
        link = self._link
        there, jids, change = jid_of(group), [jid_of(member) for member in members], groups.CHANGES[op]
        told = link.call(lambda client: client.update_group_participants(there, jids, change), doing="members")
        self._learn(link, told)
        return groups.results(members, told, spool=link.spool, op=op)

    def group_info(self, group: Addr) -> GroupInfo:
        """Raises: NotInGroup."""
        link, jid = self._link, jid_of(group)
        told = link.call(lambda client: client.get_group_info(jid), doing="read")
        info = groups.info_of(told, link.me)
        if info is None:
            raise NotInGroup(f"nothing is told of {group}")
        self._learn(link, told.Participants)
        return info

    def list_groups(self) -> list[GroupInfo]:
        """Every group the number is in."""
        link = self._link
        told = link.call(lambda client: list(client.get_joined_groups()), doing="read")
        infos = [info for one in told if (info := groups.info_of(one, link.me)) is not None]
        for one in told:
            self._learn(link, one.Participants)
        return infos

    def leave_group(self, group: Addr) -> None:
        """Leave; out already is fine."""
        jid = jid_of(group)
        try:
            self._link.call(lambda client: client.leave_group(jid), doing="leave")
        except NotInGroup:
            pass

    def invite_link(self, group: Addr) -> str:
        """The link that lets somebody in."""
        jid = jid_of(group)
        return str(self._link.call(lambda client: client.get_group_invite_link(jid), doing="read"))

    def _learn(self, link: Link, participants: Sequence[Any]) -> None:
        """Groups tell both addresses of their members: what is news is told with the next poll."""
        for participant in participants:
            link.learn(groups.addresses(participant))

    # --- the link ----------------------------------------------------------------------------
    def state(self) -> Connection:
        """The link now; it begins to dial if nobody did."""
        with self._lock:
            if self._closed:
                return Connection(ConnState.STOPPED)
        return self._link.state()

    def begin_pairing(self, phone: str = "") -> Connection:
        """A QR, or a code for that phone; also how a number that rests is told to dial again."""
        return self._link.begin_pairing(Addr.phone(phone).value if phone else "")

    def logout(self) -> None:
        """Unlink the number from this side. Raises: NotConnected, for WhatsApp must hear it."""
        self._link.logout()

    def close(self) -> None:
        """Let the link go; the last who does so hangs up."""
        with self._lock:
            self._closed, link, self._held = True, self._held, None
        if link is not None:
            _release(self._path, link)


_links: dict[Path, tuple[Link, int]] = {}
_links_lock = threading.Lock()


def _take(path: Path, build: Callable[[], Link]) -> Link:
    """The link of a folder: this process has one, however many of its threads want it. Raises: NotConnected."""
    with _links_lock:
        found = _links.get(path)
        if found is None:
            link = build()
            link.open()
            found = (link, 0)
        _links[path] = (found[0], found[1] + 1)
        return found[0]


def _release(path: Path, link: Link) -> None:
    with _links_lock:
        _, users = _links[path]
        if users > 1:
            _links[path] = (link, users - 1)
            return
        del _links[path]
        link.close()
