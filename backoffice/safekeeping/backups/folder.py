"""The folder of copies. What is in it is the truth: a copy that somebody put there or took away is there or is not.

A file appears under its name only whole and verified. One process at a time makes or puts back: its lock on the
folder is the system's, so it ends with the process, however that ends.
"""

import fcntl
import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from backoffice.common.errors import DomainError
from backoffice.safekeeping.backups.archive import read_manifest
from backoffice.safekeeping.backups.manifest import Kind, Manifest

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,120}\.tar")
LOCK = ".en-uso"
PARTIAL = ".part"  # a copy that is being made
SCRATCH = ".restaurando-"
CHECKED = ".verificada"
WAIT = 30.0  # seconds for whoever has the folder
SAFETY_KEPT = 3


@dataclass(frozen=True, slots=True)
class Check:
    """When a copy was last read whole, and what was wrong with it; "" when nothing was. `seal` tells the file again."""

    at: datetime
    error: str
    seal: str


@dataclass(frozen=True, slots=True)
class Copy:
    """A file of the folder. Without `manifest` it cannot be put back, and `problem` says why."""

    path: Path
    size: int
    manifest: Manifest | None
    problem: str
    check: Check | None

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def is_good(self) -> bool:
        """Nothing is known to be wrong with it."""
        return self.manifest is not None and not self.problem

    @property
    def made_at(self) -> datetime:
        if self.manifest is not None:
            return self.manifest.made_at
        return datetime.fromtimestamp(self.path.stat().st_mtime, tz=timezone.get_current_timezone())


def folder() -> Path:
    """Where copies are kept, made when it is not there. Raises: DomainError when it cannot be."""
    place = Path(settings.BACKUP_DIR)
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise DomainError(f"No se puede usar la carpeta de copias {place}: {error.strerror}.") from None
    return place


def copies() -> list[Copy]:
    """Every copy of the folder, the newest first."""
    try:
        names = [one.name for one in os.scandir(settings.BACKUP_DIR) if one.is_file(follow_symlinks=False)]
    except OSError:
        return []
    found = [copy for name in names if (copy := find(name)) is not None]
    return sorted(found, key=lambda copy: (copy.made_at, copy.name), reverse=True)


def find(name: str) -> Copy | None:
    """The copy of that name; None when there is none."""
    path = Path(settings.BACKUP_DIR) / name
    if not NAME.fullmatch(name) or path.is_symlink() or not path.is_file():
        return None
    return look(path)


def look(path: Path) -> Copy | None:
    """What a file says of itself; None when it went away meanwhile."""
    try:
        size, seal = path.stat().st_size, _seal(path)
    except OSError:
        return None
    check = _check_of(path, seal)
    try:
        manifest = read_manifest(path)
    except DomainError as error:
        return Copy(path, size, None, error.message, check)
    return Copy(path, size, manifest, check.error if check is not None else "", check)


def newest_good() -> Copy | None:
    return next((copy for copy in copies() if copy.is_good), None)


def free_name(place: Path, kind: str, at: datetime) -> Path:
    """A name that nobody has there, by the company's clock: `mostrador-2026-11-30-0300.tar`."""
    begin = Kind.SAFETY.value if kind == Kind.SAFETY else "mostrador"
    stem = f"{begin}-{at:%Y-%m-%d-%H%M}"
    for number in range(1, 1000):
        path = place / (f"{stem}.tar" if number == 1 else f"{stem}-{number}.tar")
        if not path.exists():
            return path
    raise DomainError("Hay demasiadas copias de este minuto.")


def remove(copy: Copy) -> None:
    copy.path.unlink(missing_ok=True)
    _checked(copy.path).unlink(missing_ok=True)


def prune(keep: int) -> list[str]:
    """Remove the oldest good automatic copies beyond `keep`, and old safety ones. Returns their names.

    Those made by hand stay until somebody removes them, and the newest good copy stays whatever it is.
    """
    good = [copy for copy in copies() if copy.is_good]
    surplus = _beyond(good, Kind.AUTOMATIC, keep) + _beyond(good, Kind.SAFETY, SAFETY_KEPT)
    gone = [copy for copy in surplus if copy is not good[0]]
    for copy in gone:
        remove(copy)
    return [copy.name for copy in gone]


def _beyond(good: list[Copy], kind: Kind, keep: int) -> list[Copy]:
    return [copy for copy in good if copy.manifest is not None and copy.manifest.kind == kind][max(keep, 1) :]


# --- one at a time ---


@contextmanager
def alone(place: Path, *, wait: float = WAIT) -> Iterator[None]:
    """Hold the folder, and remove what a process that was killed left in it.

    Raises: DomainError when somebody else still has it after `wait` seconds, or when it cannot be written.
    """
    try:
        lock = os.open(place / LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise DomainError(f"No se puede escribir en la carpeta de copias {place}: {error.strerror}.") from None
    try:
        _take(lock, wait)
        _sweep(place)
        yield
    finally:
        os.close(lock)


def is_busy() -> bool:
    """Whether somebody is making or putting back a copy at this moment."""
    try:
        lock = os.open(Path(settings.BACKUP_DIR) / LOCK, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def _take(lock: int, wait: float) -> None:
    until = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= until:
                raise DomainError(
                    "Ya se está haciendo o restaurando una copia. Esperá a que termine y probá de nuevo."
                ) from None
            time.sleep(0.2)


def _sweep(place: Path) -> None:
    for left in place.glob(f".*{PARTIAL}"):
        left.unlink(missing_ok=True)
    for left in place.glob(f"{SCRATCH}*"):
        shutil.rmtree(left, ignore_errors=True)


# --- what came of reading them ---


def note_check(copy: Copy, error: str = "") -> Check:
    """Remember beside the copy that it was read whole now, and what was wrong."""
    check = Check(timezone.now(), error, _seal(copy.path))
    beside = _checked(copy.path)
    new = beside.with_name(f".{beside.name}{PARTIAL}")
    new.write_text(json.dumps(asdict(check) | {"at": check.at.isoformat()}), encoding="utf-8")
    new.replace(beside)
    return check


def _checked(path: Path) -> Path:
    return path.with_name(path.name + CHECKED)


def _seal(path: Path) -> str:
    """Its size and when it was last written: another file of the same name has others."""
    found = path.stat()
    return f"{found.st_size} {found.st_mtime_ns}"


def _check_of(path: Path, seal: str) -> Check | None:
    """None when it was never read, or was another file then."""
    try:
        told = json.loads(_checked(path).read_text(encoding="utf-8"))
        check = Check(datetime.fromisoformat(told["at"]), str(told["error"]), str(told["seal"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return check if check.seal == seal else None
