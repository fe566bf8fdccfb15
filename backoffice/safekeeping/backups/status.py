"""How a restoration goes, in a file beside the copies: the database that would tell it is what is being replaced."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from backoffice.safekeeping.backups import folder

FILE = ".restauracion.json"


@dataclass(frozen=True, slots=True)
class Restoration:
    """The last one that was asked for. `lines` is what came of it, `safety` the copy made before, both in words.

    `state`: asked (somebody has to take it), running, done, failed, or cut: its process is no more and nothing was
    changed.
    """

    token: str
    copy: str
    by: str
    asked_at: datetime
    state: str = "asked"
    step: str = ""
    error: str = ""
    safety: str = ""
    lines: tuple[str, ...] = ()
    ended_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.state in ("asked", "running")


def read() -> Restoration | None:
    """The last restoration; None when there was none. One whose process was killed reads as cut."""
    try:
        told = json.loads(_file().read_text(encoding="utf-8"))
        ended = told["ended_at"]
        found = Restoration(
            **told
            | {
                "asked_at": datetime.fromisoformat(told["asked_at"]),
                "ended_at": datetime.fromisoformat(ended) if ended else None,
                "lines": tuple(told["lines"]),
            }
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return replace(found, state="cut") if found.state == "running" and not folder.is_busy() else found


def write(restoration: Restoration) -> Restoration:
    ended = restoration.ended_at
    told = asdict(restoration) | {
        "asked_at": restoration.asked_at.isoformat(),
        "ended_at": ended.isoformat() if ended else None,
    }
    new = folder.folder() / f"{FILE}{folder.PARTIAL}"
    new.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    new.replace(_file())
    return restoration


def ended(restoration: Restoration, state: str, *, error: str = "", lines: tuple[str, ...] = ()) -> Restoration:
    return write(replace(restoration, state=state, step="", error=error, lines=lines, ended_at=timezone.now()))


def mark(token: str) -> str:
    """How the audit of what was put back names the restoration: it is there if and only if that one was kept."""
    return f"restauración {token}"


def _file() -> Path:
    return Path(settings.BACKUP_DIR) / FILE
