"""The file of a copy: a tar with `manifest.json`, the database, and `media/…`, in that order.

Plain tar, so that `tar xf` opens it on any machine where we are not. It is read and written by its members, one after
another; what they hold never is in memory whole. Of a name that would lead outside nothing is written.
"""

import gzip
import hashlib
import io
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any

from backoffice.common.errors import DomainError
from backoffice.safekeeping.backups.manifest import Damaged, Database, Manifest, Media, from_json, to_json
from backoffice.safekeeping.backups.progress import Beat

MANIFEST = "manifest.json"
MEDIA = "media/"
LARGEST_MANIFEST = 4 * 1024**2
ROOM = 512  # for the figures of the media, which are known only when all else is written
CHUNK = 1024 * 1024
ADDING = ".restaurando"  # ends the name of an uploaded file that is being put back
BROKEN = (tarfile.TarError, EOFError, UnicodeDecodeError, gzip.BadGzipFile, ValueError)


def write(out: IO[bytes], manifest: Manifest, database: Path, media: Path | None, beat: Beat, total: int) -> Manifest:
    """Write a copy, and return its manifest with the figures of what was written.

    `total` is about how many bytes it will have. A file that goes away meanwhile was wanted by nobody.
    """
    name = manifest.database.name
    manifest = replace(manifest, database=Database(name, database.stat().st_size, _digest(database)))
    room = len(to_json(manifest)) + ROOM
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        _add(tar, MANIFEST, room, io.BytesIO(b" " * room))
        place = out.tell() - _padded(room)
        with database.open("rb") as file:
            _add(tar, name, manifest.database.size, file)
        if media is not None:
            manifest = replace(manifest, media=_write_media(tar, media, beat, total))
    end = out.tell()
    out.seek(place)
    out.write(to_json(manifest).ljust(room))
    out.seek(end)
    return manifest


def _write_media(tar: tarfile.TarFile, root: Path, beat: Beat, total: int) -> Media:
    seal, count, size = hashlib.sha256(), 0, 0
    for name, path in files_under(root):
        try:
            file = path.open("rb")
        except FileNotFoundError:
            continue
        with file:
            length = os.fstat(file.fileno()).st_size
            seal.update(_heading(name, length))
            _add(tar, MEDIA + name, length, _Read(file, seal.update))
        count, size = count + 1, size + length
        beat("Copiando los archivos", min(size, total), total)
    return Media(included=True, count=count, size=size, sha256=seal.hexdigest())


def files_under(root: Path) -> Iterator[tuple[str, Path]]:
    """Every regular file below a folder with its name relative to it, in a fixed order; none through a link."""
    for folder, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names):
            path = Path(folder) / name
            if path.is_file() and not path.is_symlink() and not name.endswith(ADDING):
                yield path.relative_to(root).as_posix(), path


# --- reading ---


def read_manifest(path: Path) -> Manifest:
    """What a copy says of itself. Raises: Damaged; DomainError when it is of a newer version."""
    with _members(path) as members:
        return _manifest_of(members)


def verify(path: Path, beat: Beat) -> Manifest:
    """Read a copy to its end and compare every byte with what it says of itself. Raises: Damaged."""
    with _members(path) as members:
        manifest = _manifest_of(members)
        beat("Verificando la copia", 0, path.stat().st_size)
        info, file = _database_of(members, manifest)
        seal = hashlib.sha256()
        _pump(file, info.size, seal.update)
        if seal.hexdigest() != manifest.database.sha256:
            raise Damaged("la base de datos no es la que se guardó.")
        _verify_media(members, manifest, path.stat().st_size, beat)
    return manifest


def _verify_media(members: "Members", manifest: Manifest, whole: int, beat: Beat) -> None:
    seal, count, size = hashlib.sha256(), 0, 0
    for info, file in members:
        name = inner_name(info)
        seal.update(_heading(name, info.size))
        _pump(file, info.size, seal.update)
        count, size = count + 1, size + info.size
        beat("Verificando la copia", manifest.database.size + size, whole)
    told = manifest.media
    if (count, size) != (told.count, told.size):
        raise Damaged(f"tiene {count} archivos y debería tener {told.count}.")
    if told.included and seal.hexdigest() != told.sha256:
        raise Damaged("algún archivo no es el que se guardó.")


def extract_database(path: Path, target: Path) -> None:
    """Write the database of a copy to a file, unpacked. Raises: Damaged."""
    with _members(path) as members:
        manifest = _manifest_of(members)
        _, file = _database_of(members, manifest)
        with target.open("xb") as out:
            source = gzip.GzipFile(fileobj=file) if manifest.database.name.endswith(".gz") else file
            while data := source.read(CHUNK):
                _write(out, data)


def add_media(path: Path, root: Path, beat: Beat) -> int:
    """Put back the uploaded files that are not there; returns how many. What is there stays, and nothing is removed.

    Names are random or of the content, so a file of the same name and size is the same file.
    """
    added, done = 0, 0
    with _members(path) as members:
        manifest = _manifest_of(members)
        _database_of(members, manifest)
        for info, file in members:
            target = root / inner_name(info)
            if not _is_there(target, info.size):
                _put(file, info.size, target, root)
                added += 1
            done += info.size
            beat("Reponiendo los archivos", done, manifest.media.size)
    return added


def inner_name(info: tarfile.TarInfo) -> str:
    """Where a member belongs, relative to the uploads. Raises: Damaged when that is not below them."""
    name = info.name.removeprefix(MEDIA)
    parts = PurePosixPath(name).parts
    if (
        not info.isreg()
        or not info.name.startswith(MEDIA)
        or not parts
        or name.startswith("/")
        or ".." in parts
        or "\\" in name
        or "\x00" in name
        or PurePosixPath(name).as_posix() != name
    ):
        raise Damaged(f"contiene «{info.name[:80]}», que no es un archivo de los nuestros.")
    return name


def _is_there(target: Path, size: int) -> bool:
    return target.is_file() and target.stat().st_size == size


def _put(file: IO[bytes], size: int, target: Path, root: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.parent.resolve().is_relative_to(root.resolve()):
        raise Damaged(f"«{target.name[:80]}» quedaría fuera de la carpeta de archivos.")
    new = target.with_name(target.name + ADDING)
    with new.open("wb") as out:
        _pump(file, size, partial(_write, out))
    new.replace(target)


def _write(out: IO[bytes], data: bytes) -> None:
    try:
        out.write(data)
    except OSError as error:
        raise DomainError(f"No se pudo escribir en el disco: {error.strerror}.") from None


# --- members one by one ---

Members = Iterator[tuple[tarfile.TarInfo, IO[bytes]]]


@contextmanager
def _members(path: Path) -> Iterator[Members]:
    """The members of a file, each to be read before the next. Whatever is wrong with the file is Damaged."""
    try:
        with tarfile.open(path, mode="r:") as tar:
            yield _each(tar)
    except OSError as error:
        raise Damaged(f"no se puede leer ({error.strerror or error}).") from None
    except BROKEN:
        raise Damaged("no es un archivo de copia entero.") from None


def _each(tar: Any) -> Members:
    while (info := tar.next()) is not None:
        tar.members.clear()  # it remembers each one, and there may be a hundred thousand
        file = tar.extractfile(info) if info.isreg() else io.BytesIO()
        assert file is not None  # noqa: S101 # of a regular file there is one
        yield info, file


def _manifest_of(members: Members) -> Manifest:
    info, file = next(members, (None, None))
    if info is None or file is None or info.name != MANIFEST or info.size > LARGEST_MANIFEST:
        raise Damaged("no es una copia de Mostrador.")
    return from_json(file.read())


def _database_of(members: Members, manifest: Manifest) -> tuple[tarfile.TarInfo, IO[bytes]]:
    info, file = next(members, (None, None))
    if info is None or file is None or info.name != manifest.database.name or info.size != manifest.database.size:
        raise Damaged("le falta la base de datos.")
    return info, file


def _add(tar: Any, name: str, size: int, file: "IO[bytes] | _Read") -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    tar.addfile(info, file)
    tar.members.clear()


class _Read:
    """A file that tells what was read of it."""

    def __init__(self, file: IO[bytes], told: Callable[[bytes], object]) -> None:
        self._file, self._told = file, told

    def read(self, size: int = -1, /) -> bytes:
        data = self._file.read(size)
        self._told(data)
        return data


def _pump(file: IO[bytes], size: int, into: Callable[[bytes], object]) -> None:
    """All of a member, some at a time. Raises: Damaged when it ends before."""
    left = size
    while left:
        data = file.read(min(CHUNK, left))
        if not data:
            raise Damaged("termina antes de tiempo.")
        into(data)
        left -= len(data)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _heading(name: str, size: int) -> bytes:
    return f"{name}\0{size}\0".encode(errors="surrogateescape")


def _padded(size: int) -> int:
    return -(-size // tarfile.BLOCKSIZE) * tarfile.BLOCKSIZE
