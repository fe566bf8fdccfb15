"""Texts and what people type, brought to the same plain words. Pure: no database, no request.

A word is a run of letters and digits without accents or capitals («Ñandú» is «nandu»). What is looked for must be the
beginning of a word, so «gonz» finds González. Numbers are kept, and read, in more than one form.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from integrations.understanding.phones import phone_key

MOST_GROUPS = 6  # words that a search looks at
_LONGEST = 40  # characters of a word
_MOST_CHARS = 120
_WORD = re.compile(r"[^\W_]+")
_NUMERO = re.compile(r"\bn(?:ro|um)?\.?\s*[º°]\s*", re.IGNORECASE)
_KEY = 10  # digits of an Argentine phone
_SUBSCRIBER = (8, 7, 6)  # digits without the area code
_CUIT, _DNI_OF_CUIT = 11, slice(2, 10)
_CUIT_BEGINS = ("20", "23", "24", "25", "26", "27", "30", "33", "34")
_SHORTEST_PHONE = 6

Alternative = tuple[str, ...]
Group = tuple[Alternative, ...]


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Without accents, capitals nor what a keyboard puts in a different way: «Ñoqui», «ñoqui» and «noqui» are one."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def words_of(*texts: object) -> Iterator[str]:
    """The words of some texts, and each thing that was written together («García-López») also as one word."""
    for text in texts:
        for chunk in fold(str(text or "")).split():
            pieces = _WORD.findall(chunk)
            yield from pieces
            if len(pieces) > 1:
                yield "".join(pieces)


def number_words(number: object) -> Iterator[str]:
    """A number that people write with or without its zeros: «0001-00000012» is found by «12» too."""
    for word in words_of(number):
        yield word
        if word.isdecimal() and word.startswith("0") and (bare := word.lstrip("0")):
            yield bare


def phone_words(key: str | None) -> Iterator[str]:
    """The key of a phone, and what is dialled without its area code, which has two to four digits."""
    if key:
        yield key
        if len(key) == _KEY:
            yield from (key[-digits:] for digits in _SUBSCRIBER)


def document_words(document: str) -> Iterator[str]:
    """A DNI or a CUIT, and the DNI that is inside of a CUIT."""
    digits = "".join(letter for letter in document if letter.isdecimal())
    if digits:
        yield digits
        if len(digits) == _CUIT:
            yield digits[_DNI_OF_CUIT]


def as_text(words: Iterable[str]) -> str:
    """What is kept of an entry: each word once, in the order it came, one space before each."""
    return "".join(f" {word[:_LONGEST]}" for word in dict.fromkeys(words))


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: every group must be met; one of its alternatives does; of that, each word begins a word."""

    groups: tuple[Group, ...]

    def __bool__(self) -> bool:
        return bool(self.groups)

    def meets(self, text: str) -> bool:
        """Whether a text made by `as_text` is found."""
        return all(any(all(f" {word}" in text for word in one) for one in group) for group in self.groups)


def read(typed: str, area: str = "") -> Query:
    """Understand what somebody typed. `area` is the company's area code, for phones without theirs.

    Digits that follow each other are one number, however they are spaced: 30.111.222, 0261 15 555-1234.
    """
    chunks = fold(_NUMERO.sub("", typed.replace("\x00", "")[:_MOST_CHARS])).split()
    groups: list[Group] = []
    number: list[str] = []
    for chunk in [*chunks, ""]:
        pieces = _WORD.findall(chunk)
        if pieces and all(piece.isdecimal() for piece in pieces):
            number.append(chunk)
            continue
        if number:
            groups.append(_number(" ".join(number), area))
            number = []
        if pieces:
            groups.append(_either(pieces))
    return Query(tuple(groups[:MOST_GROUPS]))


def _either(pieces: list[str]) -> Group:
    """Word by word, or all that was written together."""
    cut = tuple(piece[:_LONGEST] for piece in pieces[:MOST_GROUPS])
    return (cut,) if len(cut) == 1 else (cut, ("".join(pieces)[:_LONGEST],))


def _number(written: str, area: str) -> Group:
    pieces = _WORD.findall(written)
    digits = "".join(pieces)
    forms = dict.fromkeys(_either(pieces))
    forms |= {(form,): None for form in _forms(written, digits, area)}
    return tuple(forms)


def _forms(written: str, digits: str, area: str) -> Iterator[str]:
    """The other ways in which the same number may be kept."""
    if len(digits) == _CUIT and digits.startswith(_CUIT_BEGINS):
        yield digits[_DNI_OF_CUIT]
    if len(digits) < _SHORTEST_PHONE:
        return
    if key := phone_key(written, area):
        yield key
    for prefix in ("549", "54", "0"):
        if digits.startswith(prefix) and len(digits) - len(prefix) >= _SHORTEST_PHONE:
            yield digits.removeprefix(prefix)
            break
    if digits.startswith("15") and len(digits) in (8, 9, 10):
        yield digits.removeprefix("15")
