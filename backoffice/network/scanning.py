"""Serials, MACs and seal codes as people scan, paste and type them. Pure: reads no table."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backoffice.common.errors import DomainError

MOST_LINES = 2_000
MOST_TOLD = 30  # errors shown together
SHORTEST, LONGEST = 4, 40
_CUT = re.compile(r"[\t;,|]+|\s+")
_NOT_SERIAL = re.compile(r"[^A-Z0-9]+")
_MAC = re.compile(r"[0-9A-F]{12}")
_CODE = re.compile(r"([A-Z]{0,10})0*?([0-9]{1,9})")
_LABELS = re.compile(r"^(?:s/?n|serie|serial|nro|mac)[\s.:#]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Scanned:
    """One line: what it was, and the serial and MAC it has, in the form they are kept."""

    number: int
    text: str
    serial: str
    mac: str | None


@dataclass(frozen=True, slots=True)
class BadLine:
    number: int
    text: str
    why: str

    def __str__(self) -> str:
        return f"Línea {self.number} («{self.text[:40]}»): {self.why}"


class WrongLines(DomainError):
    """Some lines cannot be; nothing was written. `lines` says which and why."""

    def __init__(self, lines: Sequence[BadLine]) -> None:
        one = "Hay una línea con problemas" if len(lines) == 1 else f"Hay {len(lines)} líneas con problemas"
        super().__init__(f"{one}: corregilas y volvé a guardar. No se guardó nada.", field="serials")
        self.lines = list(lines)

    @property
    def messages(self) -> list[str]:
        more = len(self.lines) - MOST_TOLD
        told = [self.message, *(str(line) for line in self.lines[:MOST_TOLD])]
        return [*told, f"… y {more} más."] if more > 0 else told


def clean_serial(text: str) -> str:
    """Capitals and digits only. Raises: DomainError when it is too short or too long."""
    serial = _NOT_SERIAL.sub("", text.upper())
    if not SHORTEST <= len(serial) <= LONGEST:
        raise DomainError(f"el número de serie tiene entre {SHORTEST} y {LONGEST} letras y números.", field="serial")
    return serial


def clean_mac(text: str) -> str | None:
    """Twelve hexadecimal capitals, however it was written; None for none. Raises: DomainError."""
    mac = _NOT_SERIAL.sub("", text.upper())
    if not mac:
        return None
    if not _MAC.fullmatch(mac):
        raise DomainError(
            "la MAC tiene 12 letras de la A a la F y números, por ejemplo A4:C6:4F:00:11:22.", field="mac"
        )
    return mac


def read_lines(text: str) -> list[Scanned]:
    """A unit a line: its serial and, after a space, tab or comma, its MAC. Empty lines are skipped.

    Raises:
        WrongLines: lines that are no serial, or that are there twice.
        DomainError: nothing, or too much.
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        raise DomainError("Pegá o escaneá al menos un número de serie.", field="serials")
    if len(lines) > MOST_LINES:
        raise DomainError(f"Son demasiados juntos: cargá hasta {MOST_LINES} por vez.", field="serials")
    read: list[Scanned] = []
    bad: list[BadLine] = []
    for number, line in lines:
        try:
            read.append(_line(number, line))
        except DomainError as error:
            bad.append(BadLine(number, line, error.message))
    bad += _repeated(read)
    if bad:
        raise WrongLines(sorted(bad, key=lambda one: one.number))
    return read


def _line(number: int, line: str) -> Scanned:
    parts = [part for part in _CUT.split(_LABELS.sub("", line)) if part]
    if not parts or len(parts) > 2:
        raise DomainError("poné un equipo por línea: la serie y, si querés, la MAC.")
    serial = clean_serial(parts[0])
    mac = clean_mac(parts[1]) if len(parts) == 2 else None
    if mac is None and ":" in parts[0] and _MAC.fullmatch(serial):
        mac = serial  # some routers have no other number
    return Scanned(number, line, serial, mac)


def _repeated(read: list[Scanned]) -> Iterator[BadLine]:
    first: dict[str, int] = {}
    for one in read:
        for value in {one.serial, one.mac} - {None}:
            before = first.setdefault(f"{value}", one.number)
            if before != one.number:
                yield BadLine(one.number, one.text, f"está repetido: ya está en la línea {before}.")
                break


@dataclass(frozen=True, slots=True)
class SealCode:
    """«FS000123» is letters FS, number 123, six figures."""

    prefix: str
    number: int
    width: int


def read_code(text: str, field: str = "code") -> SealCode:
    """Raises: DomainError when it is no seal's code."""
    tidy = _NOT_SERIAL.sub("", text.upper())
    found = _CODE.fullmatch(tidy)
    if found is None:
        raise DomainError("Un precinto es un número, con o sin letras adelante: 1250 o FS001250.", field=field)
    return SealCode(found[1], int(found[2]), len(tidy) - len(found[1]))


def runs(numbers: list[int]) -> list[tuple[int, int]]:
    """Consecutive numbers together: [1, 2, 3, 7] → [(1, 3), (7, 7)]."""
    found: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found
