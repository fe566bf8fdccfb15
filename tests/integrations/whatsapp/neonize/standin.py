"""A stand-in of the library's `NewClient`: the same names, the same protobufs, and it dies where the real one does.

Where Go would follow a nil pointer and end the process, `Network.deaths` gets a line: a test that leaves one failed.
Events go through their bytes, as over the library's border, on a thread of the client's own.
"""

import queue
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from neonize.proto.Neonize_pb2 import (
    JID,
    Connected,
    Device,
    Disconnected,
    GroupInfo,
    GroupName,
    GroupParticipant,
    KeepAliveTimeout,
    LoggedOut,
    MessageInfo,
    MessageSource,
    PairStatus,
    Receipt,
    SendResponse,
    UploadResponse,
)
from neonize.proto.Neonize_pb2 import Message as Arrived
from neonize.proto.waE2E import WAWebProtobufsE2E_pb2 as e2e
from neonize.utils.enum import ParticipantChange

from integrations.whatsapp.neonize.library import NeonizeError

US, OUR_LID = "5492614440000", "990001"
NOW_MS = 1_795_233_337_000
PATIENCE = 10.0


def jid(user: str, server: str = "s.whatsapp.net", device: int = 0) -> Any:
    return JID(User=user, Server=server, Device=device, RawAgent=0, Integrator=0, IsEmpty=not user)


NOBODY = jid("", "")


def source(chat: Any, sender: Any, *, mine: bool = False, alt: Any = NOBODY, other: Any = NOBODY) -> Any:
    return MessageSource(
        Chat=chat,
        Sender=sender,
        IsFromMe=mine,
        IsGroup=chat.Server == "g.us",
        SenderAlt=alt,
        RecipientAlt=other,
        BroadcastListOwner=NOBODY,
    )


def arrived(where: Any, content: Any, *, id: str = "3EB0AA", name: str = "María", at: int = NOW_MS) -> Any:
    """A MessageEv. `where` is a `source`, `content` what the phone sent (e2e.Message) or a text."""
    body = e2e.Message(conversation=content) if isinstance(content, str) else content
    info = MessageInfo(
        MessageSource=where,
        ID=id,
        ServerID=0,
        Type="text",
        Pushname=name,
        Timestamp=at,
        Category="",
        Multicast=False,
        MediaType="",
        Edit="",
    )
    return Arrived(
        Info=info,
        Message=body,
        IsEphemeral=False,
        IsViewOnce=False,
        IsViewOnceV2=False,
        IsViewOnceV2Extension=False,
        IsDocumentWithCaption=False,
        IsLottieSticker=False,
        IsEdit=False,
        UnavailableRequestID="",
        RetryCount=0,
    )


def receipt(where: Any, kind: str, *ids: str, at: int = NOW_MS // 1000) -> Any:
    return Receipt(MessageSource=where, MessageIDs=ids, Timestamp=at, Type=Receipt.ReceiptType.Value(kind))


def participant(who: Any, *, phone: Any = NOBODY, lid: Any = NOBODY, admin: bool = False, error: int = 0) -> Any:
    return GroupParticipant(
        JID=who, PhoneNumber=phone, LID=lid, IsAdmin=admin, IsSuperAdmin=False, DisplayName="", Error=error
    )


def group(user: str, name: str, *people: Any) -> Any:
    made = GroupInfo(JID=jid(user, "g.us"), OwnerJID=jid(US), OwnerPN=jid(US), Participants=people)
    made.GroupName.CopyFrom(GroupName(Name=name, NameSetAt=1, NameSetBy=jid(US)))
    return made


class Network:
    """WhatsApp as the clients of one number see it, and what the tests make of it.

    `refuses` has the library's line for a method that fails, `once` for one that fails once, `hangs` the methods that
    do not answer until `released`, `lost` a send that is taken and never answered.
    """

    def __init__(self) -> None:
        self.linked = False
        self.clients: list[StandIn] = []
        self.deaths: list[str] = []
        self.refuses: dict[str, str] = {}
        self.once: dict[str, str] = {}
        self.lost = False
        self.last_words: list[Any] = []
        self.forgets_after: int | None = None
        self.left: set[str] = set()
        self.hangs: set[str] = set()
        self.released = threading.Event()
        self.called: list[tuple[str, tuple[Any, ...]]] = []
        self.sent: list[tuple[Any, Any]] = []
        self.files: dict[bytes, bytes] = {}
        self.downloads: list[bytes | str] = []
        self.groups: dict[str, Any] = {}
        self.answers: list[Any] = []
        self.no_id = False

    def make(self, path: Path, name: str) -> "StandIn":
        if any(client.name == name for client in self.clients):
            self.deaths.append(f"two clients called {name}")
        self.clients.append(StandIn(self, name))
        return self.clients[-1]

    @property
    def client(self) -> "StandIn":
        """The client that dials or is connected now."""
        until(lambda: bool(self.clients) and self.clients[-1].connecting.is_set())
        return self.clients[-1]

    def tells(self, message: Any) -> None:
        self.client.inbox.put(message)

    def settles(self) -> None:
        """Wait until all that was told so far was heard."""
        heard = threading.Event()
        self.client.inbox.put(heard)
        assert heard.wait(PATIENCE)

    def shows_qr(self, text: str) -> None:
        self.client.inbox.put(text)

    def lets_in(self) -> None:
        """The session is accepted, as after a dial or a drop."""
        self.client.alive = True
        self.tells(Connected(status=True))

    def pairs(self) -> None:
        """Somebody scanned the code: paired, the server closes the stream, and the library comes in again."""
        client, self.linked = self.client, True
        client.inbox.put(PAIRED)
        self.tells(PairStatus(ID=jid(US, device=12), BusinessName="", Platform="", Status=PairStatus.SUCCESS))
        self.tells(Disconnected(status=True))
        self.lets_in()

    def drops(self) -> None:
        self.client.alive = False
        self.tells(Disconnected(status=True))

    def goes_silent(self) -> None:
        """The other end is gone, and the socket does not know."""
        self.tells(KeepAliveTimeout(ErrorCount=1, LastSuccess=0))

    def throws_out(self, reason: str = "LOGGED_OUT") -> None:
        self.linked, self.client.alive = False, False
        self.tells(LoggedOut(OnConnect=False, Reason=reason))


PAIRED = object()
_END = object()


class _Events:
    def __init__(self) -> None:
        self.handlers: dict[type[Any], Callable[[Any, Any], None]] = {}
        self.shows: Callable[[Any, bytes], None] | None = None

    def __call__(self, kind: type[Any]) -> Callable[[Callable[[Any, Any], None]], None]:
        return lambda handler: self.handlers.__setitem__(kind, handler)

    def qr(self, handler: Callable[[Any, bytes], None]) -> None:
        self.shows = handler


class _Finalizer:
    def __init__(self) -> None:
        self.on = True

    def detach(self) -> None:
        self.on = False


class StandIn:
    """One client. `me` is known once the number is in; before that `stop` kills, and after it so does anything."""

    def __init__(self, network: Network, name: str) -> None:
        self.network, self.name = network, name
        self.event, self.me = _Events(), None
        self.inbox: queue.Queue[Any] = queue.Queue()
        self.connecting = threading.Event()
        self.alive = self.stopped = False
        self._stop_finalizer = _Finalizer()

    # --- life --------------------------------------------------------------------------------
    def connect(self) -> None:
        if "connect" in self.network.refuses:
            raise NeonizeError(self.network.refuses["connect"])
        if self.network.linked:
            self._in()
        self.connecting.set()
        threading.Thread(target=self._go, name=self.name, daemon=True).start()
        while not self.stopped:
            time.sleep(0.005)

    def _in(self) -> None:
        device = Device(PushName="FibraSur", Platform="", BussinessName="", Initialized=True)
        device.JID.CopyFrom(jid(US, device=12))
        device.LID.CopyFrom(jid(OUR_LID, "lid"))
        self.me = device

    def _go(self) -> None:
        while (told := self.inbox.get()) is not _END:
            if told is PAIRED:
                self._in()
            elif isinstance(told, threading.Event):
                told.set()
            elif isinstance(told, str):
                self.event.shows(self, told.encode())
            elif type(told) in self.event.handlers:  # only what was asked for crosses the border
                self.event.handlers[type(told)](self, type(told).FromString(told.SerializePartialToString()))

    def stop(self) -> None:
        if self.connecting.is_set() and self.me is None:
            self.network.deaths.append("stopped while it showed codes")
        self.stopped = True
        self.inbox.put(_END)

    def disconnect(self) -> None:
        self._look_up("disconnect")
        for message in self.network.last_words:
            self.inbox.put(message)
        self.alive = False
        self.network.released.set()

    @property
    def is_connected(self) -> bool:
        self._look_up("is_connected")
        return self.alive

    @property
    def is_logged_in(self) -> bool:
        self._look_up("is_logged_in")
        return self.alive

    def _look_up(self, method: str) -> None:
        if self.stopped or not self.connecting.is_set():
            self.network.deaths.append(f"{method} of a client that is not there")

    def _call(self, method: str, *args: Any) -> None:
        self._look_up(method)
        self.network.called.append((method, args))
        if method in self.network.hangs:
            self.network.released.wait(PATIENCE)
            if not self.alive:
                raise NeonizeError("websocket disconnected before message send returned response")
        line = self.network.once.pop(method, "") or self.network.refuses.get(method, "")
        if line:
            raise NeonizeError(line)

    # --- calls -------------------------------------------------------------------------------
    def PairPhone(self, phone: str, show_push_notification: bool) -> str:
        self._call("PairPhone", phone)
        return "ABCD1234"

    def send_message(self, to: Any, message: Any) -> Any:
        self._call("send_message", to)
        if self.network.forgets_after is not None:
            self.network.forgets_after -= 1
            if self.network.forgets_after < 0:
                raise NeonizeError("websocket not connected")
        if to.User in self.network.left:
            raise NeonizeError("failed to get group members: you're not participating in that group")
        self.network.sent.append((to, e2e.Message.FromString(message.SerializeToString())))
        if self.network.lost:
            self.network.lost = False
            raise NeonizeError("timed out waiting for message send response")
        return SendResponse(
            ID="" if self.network.no_id else f"3EB0OURS{len(self.network.sent)}", Timestamp=-62135596800
        )

    def upload(self, binary: bytes, media_type: Any) -> Any:
        self._call("upload", media_type)
        self.network.files[b"key"] = binary
        return UploadResponse(
            url="https://mmg.example/f",
            DirectPath="/f",
            Handle="",
            MediaKey=b"key",
            FileEncSHA256=b"e",
            FileSHA256=b"s",
            FileLength=len(binary),
        )

    def download_any(self, message: Any) -> bytes:
        self._call("download_any", message)
        if not self.network.downloads:
            return self.network.files[message.imageMessage.mediaKey]
        answer = self.network.downloads.pop(0)
        if isinstance(answer, str):
            raise NeonizeError(answer)
        return answer

    def create_group(self, name: str, participants: list[Any]) -> Any:
        self._call("create_group", name)
        people = self.network.answers or [participant(one) for one in participants]
        self.network.groups["120363000000000001"] = group("120363000000000001", name, *people)
        return self.network.groups["120363000000000001"]

    def update_group_participants(self, jid: Any, participants_changes: list[Any], action: Any) -> Any:
        self._call("update_group_participants", jid, action)
        known = self.network.groups.get(jid.User)
        if known is not None and action == ParticipantChange.REMOVE:
            gone = {one.User for one in participants_changes}
            stay = [one for one in known.Participants if one.JID.User not in gone]
            self.network.groups[jid.User] = group(jid.User, known.GroupName.Name, *stay)
        return self.network.answers or [participant(one) for one in participants_changes]

    def get_group_info(self, jid: Any) -> Any:
        self._call("get_group_info", jid)
        return self.network.groups[jid.User]

    def get_joined_groups(self) -> Any:
        self._call("get_joined_groups")
        return list(self.network.groups.values())

    def get_group_invite_link(self, jid: Any) -> str:
        self._call("get_group_invite_link", jid)
        return "https://chat.whatsapp.com/AbC"

    def leave_group(self, jid: Any) -> None:
        self._call("leave_group", jid)
        self.network.left.add(jid.User)
        self.network.groups.pop(jid.User, None)

    def logout(self) -> None:
        self._call("logout")
        self.network.linked = False

    def mark_read(self, *message_ids: str, chat: Any, sender: Any, receipt: Any) -> None:
        self._call("mark_read", message_ids, chat.User, sender.User)

    def send_presence(self, presence: Any) -> None:
        self._call("send_presence", presence)

    def send_chat_presence(self, jid: Any, state: Any, media: Any) -> None:
        self._call("send_chat_presence", jid, state)


def until(happened: Callable[[], bool]) -> None:
    """Wait for what another thread does; it fails when that never happens."""
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.003)
