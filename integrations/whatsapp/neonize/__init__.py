"""WhatsApp by a number linked with a QR, over the wheel `neonize` (whatsmeow in Go, loaded into this process).

    transport.py   the port's face; many may stand on one link
    link.py        one number from dial to dial: when to dial, what the callbacks bring, the clocks that watch it
    standing.py    the state it shows, its codes, who it is    turns.py     what each life sign means for it
    dial.py        one client of the library, from its first word until it is left
    gate.py        the only way into the library, which ends the process when asked at a wrong moment
    spool.py       what arrived, on disk before anything else, until the caller acknowledges it
    incoming.py    protobuf → the port's events        outgoing.py   the port's content → protobuf
    groups.py      groups as the port has them         refusals.py   the library's texts → the port's errors
    folder.py      where a number lives, one process at a time
    library.py     the wheel, looked at before it is imported

A fault in Go ends the whole process (SIGABRT): it runs in the process of its channel, which is started again.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from integrations.registry import Provider

REACH = "web.whatsapp.com:443"


def _build(settings: Mapping[str, Any], secrets: Mapping[str, Any]) -> Any:
    """Settings: `folder` (one a channel, it outlives upgrades), `reach` (host:port asked before each dial, may be
    empty) and `keep_days`. Raises: Unavailable when the library is not installed as it must be.
    """
    from integrations.whatsapp.neonize.transport import NeonizeTransport

    return NeonizeTransport(
        Path(str(settings["folder"])),
        reach=str(settings.get("reach", REACH)),
        keep_days=int(settings.get("keep_days") or 14),
    )


PROVIDER = Provider(
    name="neonize",
    label="WhatsApp por QR",
    build=_build,
    help_text="Un número que ya usás, vinculado como WhatsApp Web. WhatsApp no lo aprueba: lo puede suspender.",
)
