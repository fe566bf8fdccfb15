"""What kind of notice a text is, by words that staff may edit or by a marker in it. Pure.

A system's request does not say whether its text tells of a payment or of a cut (reference/isp-systems.md 1.8).
Staff write a rule a line, «factura: nueva factura, vencimiento»; the first line with a word in the text decides.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from integrations.understanding.words import fold


class Kind(StrEnum):
    PAYMENT = "pago"
    RECONNECTION = "reconexion"
    INVOICE = "factura"
    CUT = "corte"
    OTHER = "otro"


_BY_NAME = {kind.value: kind for kind in Kind}
# What leaves first: what the customer waits for, then what is due, then what may still be avoided.
PRIORITY: dict[str, int] = {Kind.PAYMENT: 0, Kind.RECONNECTION: 0, Kind.INVOICE: 1, Kind.CUT: 2, Kind.OTHER: 3}

DEFAULT_RULES = """\
reconexion: reconect, reactivamos, reactivado, reactivación, rehabilit, servicio restablecido
pago: recibimos tu pago, recibimos su pago, pago recibido, registramos tu pago, pago registrado, gracias por tu pago, \
acreditamos
corte: corte, suspend, suspensión, último aviso, en mora
factura: factura, comprobante, boleta, vence, vencimiento, abono"""


@dataclass(frozen=True, slots=True)
class KindRule:
    """`words` are folded; each matches where a word of the text begins."""

    kind: Kind
    words: tuple[str, ...]


class WrongRule(ValueError):
    """A line that is no rule. `str(error)` is Spanish and names the line."""


def parse_rules(text: str) -> tuple[KindRule, ...]:
    """The rules in a text, one a line. Raises: WrongRule."""
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    return tuple(_rule(number, line) for number, line in lines if line)


def kind_of(text: str, marker: str, rules: Sequence[KindRule]) -> Kind:
    """By its marker («[#factura]»), which may also be a word of a rule; else by the first rule with a word in it."""
    name = fold(marker)
    if name in _BY_NAME:
        return _BY_NAME[name]
    return _first(name, rules) or _first(fold(text), rules) or Kind.OTHER


def _rule(number: int, line: str) -> KindRule:
    name, colon, words = line.partition(":")
    kind = _BY_NAME.get(fold(name))
    if not colon or kind is None:
        kinds = ", ".join(Kind)
        raise WrongRule(f"Línea {number}: empezá con el tipo ({kinds}) y dos puntos, por ejemplo «corte: suspensión».")
    found = tuple(word for word in map(fold, words.split(",")) if word)
    if not found:
        raise WrongRule(f"Línea {number}: después de «{name.strip()}:» poné al menos una palabra.")
    return KindRule(kind, found)


def _first(folded: str, rules: Iterable[KindRule]) -> Kind | None:
    padded = f" {folded}"
    return next((rule.kind for rule in rules if any(f" {word}" in padded for word in rule.words)), None)
