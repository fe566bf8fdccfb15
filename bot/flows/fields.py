"""The kinds of data that a collecting flow asks for: how each is read and what is said when it cannot be."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType

from bot.dialogue import reading
from bot.rules import Field
from bot.turn import Turn
from integrations.understanding.base import Intent
from integrations.understanding.documents import parse_cuit, parse_dni
from integrations.understanding.money import parse_human_amount
from integrations.understanding.phones import find_phone, local_display
from integrations.understanding.words import fold

Reader = Callable[[Turn, Field], str | None]

VALUE_MAX = 400
_SKIPS = frozenset(("saltar", "omitir", "pasar", "paso", "skip", "siguiente"))
_HAVE_NOT = frozenset(("no", "no tengo", "no se", "no lo tengo", "no puedo", "ninguno", "ninguna"))
_NUMBER = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?")


def is_skip(turn: Turn, field: Field) -> bool:
    """Whether an optional datum is not given."""
    if field.required:
        return False
    if fold(turn.text) in _HAVE_NOT and field.kind not in ("yes_no", "choice"):
        return True
    return fold(turn.text) in _SKIPS or any(line.choice == "say:skip" for line in turn.lines)


def read(turn: Turn, field: Field) -> str | None:
    """The datum in the burst, as the ticket will show it; None when it is not there."""
    value = READERS.get(field.kind, _text)(turn, field)
    return value[:VALUE_MAX] if value else None


def options_of(turn: Turn, field: Field) -> list[tuple[str, str]]:
    """The quick replies that go with the question."""
    options: list[tuple[str, str]] = []
    if field.kind == "yes_no":
        options = [("say:yes", turn.rules.text("offer.yes")), ("say:no", turn.rules.text("offer.no"))]
    elif field.kind == "choice":
        options = [(f"say:{number}", title) for number, title in enumerate(field.choices)]
    if options and not field.required:
        options.append(("say:skip", turn.rules.text("offer.skip")))
    return options


def _text(turn: Turn, field: Field) -> str | None:
    return " ".join(turn.text.split()) or None


def _number(turn: Turn, field: Field) -> str | None:
    if found := _NUMBER.search(turn.text):
        amount = parse_human_amount(turn.text)
        return _plain(amount) if amount is not None else found.group()
    read_number = reading.understood(turn).number
    return str(read_number) if read_number is not None else None


def _plain(amount: Decimal) -> str:
    return f"{amount:f}".removesuffix(".00").replace(".", ",")


def _dni(turn: Turn, field: Field) -> str | None:
    return parse_cuit(turn.text) or parse_dni(turn.text)


def _phone(turn: Turn, field: Field) -> str | None:
    phone = find_phone(turn.text, turn.rules.default_area)
    return local_display(phone.e164) if phone is not None else None


def _yes_no(turn: Turn, field: Field) -> str | None:
    key = reading.picked(turn).key
    if key in ("say:yes", "say:no"):
        return turn.rules.text(f"offer.{key.removeprefix('say:')}")
    said = reading.intent(turn)
    if said in (Intent.YES, Intent.NO):
        return turn.rules.text("offer.yes" if said is Intent.YES else "offer.no")
    return None


def _choice(turn: Turn, field: Field) -> str | None:
    key = reading.picked(turn, options_of(turn, field)).key or ""
    place = key.removeprefix("say:")
    return field.choices[int(place)] if place.isdigit() and int(place) < len(field.choices) else None


def _photo(turn: Turn, field: Field) -> str | None:
    return turn.rules.text("collect.photo_here") if reading.files(turn) else None


def _location(turn: Turn, field: Field) -> str | None:
    for line in turn.lines:
        if line.location:
            place = line.location
            named = " ".join(str(place.get(key) or "") for key in ("name", "address")).strip()
            point = f"{place.get('latitude')}, {place.get('longitude')}"
            return f"{named} ({point})" if named else point
    text = _text(turn, field)
    return text if text and len(text) >= 4 else None


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "text": _text,
        "number": _number,
        "dni": _dni,
        "phone": _phone,
        "yes_no": _yes_no,
        "choice": _choice,
        "photo": _photo,
        "location": _location,
    }
)
