"""The wheel `neonize`, looked at before it is imported: its import downloads the Go library when it misses it.

Whatever here needs the library takes its names from this file, so nobody imports it unchecked. The import of this
file raises `Unavailable`, which says what to install; it may be tried again.
"""

import ctypes
import importlib.util
import logging
import os
import platform
import resource
from importlib import metadata
from pathlib import Path
from typing import Any

from integrations.errors import Unavailable

VERSION = "0.5.2"
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
OPEN_FILES = 65_536
DEVICE = "Mostrador"
"""How the phone calls us in its list of linked devices."""


def check(home: Path | None = None, installed: str | None = None) -> Path:
    """Where the Go library is. `home` and `installed` are for tests.

    Raises: Unavailable when it is missing or is not the one this adapter was written for.
    """
    found = importlib.util.find_spec("neonize")
    if found is None or not found.submodule_search_locations:
        raise _refused("neonize is not installed")
    if (installed or metadata.version("neonize")) != VERSION:
        raise _refused(f"neonize is not {VERSION}")
    machine = platform.machine().lower()
    name = f"neonize-{platform.system().lower()}-{_ARCHITECTURES.get(machine, machine)}.so"
    library = (home or Path(found.submodule_search_locations[0])) / name
    if not library.is_file():
        raise _refused(f"{name} is missing")
    try:
        answers = ctypes.CDLL(str(library))
        answers.GetVersion.restype = ctypes.c_char_p
        version = answers.GetVersion().decode()
    except (OSError, AttributeError, UnicodeDecodeError) as error:
        raise _refused(f"{name} cannot be loaded: {error}") from error
    if version != VERSION:
        raise _refused(f"{name} says it is {version}")
    return library


def _refused(why: str) -> Unavailable:
    return Unavailable(why, staff_text="La biblioteca de WhatsApp por QR no está bien instalada en el servidor.")


def _more_open_files() -> None:
    """Each dial leaves the session's file open once more: days without WhatsApp would use up the usual 1024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


os.environ["NEONIZE_BOT_TAG"] = "off"  # Go reads it once loaded; without it each line of ours is marked as a bot's
check()
try:
    from neonize.client import NewClient
    from neonize.events import (
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
        OfflineSyncCompletedEv,
        OfflineSyncPreviewEv,
        PairStatusEv,
        ReceiptEv,
        StreamReplacedEv,
        TemporaryBanEv,
        UndecryptableMessageEv,
    )
    from neonize.exc import NeonizeError
    from neonize.proto.Neonize_pb2 import JID
    from neonize.proto.waCompanionReg.WAWebProtobufsCompanionReg_pb2 import DeviceProps
    from neonize.proto.waE2E import WAWebProtobufsE2E_pb2 as e2e
    from neonize.utils.enum import (
        ChatPresence,
        ChatPresenceMedia,
        MediaType,
        ParticipantChange,
        Presence,
        ReceiptType,
    )
except ImportError as missing:  # python-magic says so when the system has no libmagic
    raise _refused(f"neonize cannot be imported: {missing}") from missing

_more_open_files()
logging.getLogger("whatsmeow").setLevel(logging.WARNING)  # what it says below that has people's messages in it

__all__ = [
    "JID",
    "CallOfferEv",
    "ChatPresence",
    "ChatPresenceMedia",
    "ClientOutdatedEv",
    "ConnectFailureEv",
    "ConnectedEv",
    "DisconnectedEv",
    "GroupInfoEv",
    "JoinedGroupEv",
    "KeepAliveRestoredEv",
    "KeepAliveTimeoutEv",
    "LoggedOutEv",
    "MediaType",
    "MessageEv",
    "NeonizeError",
    "OfflineSyncCompletedEv",
    "OfflineSyncPreviewEv",
    "PairStatusEv",
    "ParticipantChange",
    "Presence",
    "ReceiptEv",
    "ReceiptType",
    "StreamReplacedEv",
    "TemporaryBanEv",
    "UndecryptableMessageEv",
    "check",
    "disarm",
    "e2e",
    "new_client",
]


def new_client(database: Path, name: str) -> Any:
    """A client on that session file, with nothing of the network touched.

    `name` must be another one each time: Go keeps its clients by it, and a name used twice stops the newer one.
    """
    return NewClient(str(database), props=DeviceProps(os=DEVICE, platformType=DeviceProps.CHROME), uuid=name)


def disarm(client: Any) -> None:
    """Throwing this client away stops nobody any more: its finalizer would, from any thread and at any time."""
    client._stop_finalizer.detach()
