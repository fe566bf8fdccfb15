"""What finds a word in the manual, however it is written: without accents, in plural, as a verb or as a noun."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from backoffice.panel.manual.library import Page, manual
from backoffice.panel.manual.rendering import page_url
from integrations.understanding.words import fold

MOST = 12
LONGEST = 80  # letters of a question that are read
_AROUND = 190  # letters of a passage that are shown,
_BEFORE = 50  # and of these before what was found, when its sentence is long
_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_SMALL = "a al como con cual cuando de del donde el en es la las lo los me mi no o para por que se si un una y"
# Endings that a question and a page may differ in; what is left keeps at least three letters.
_ENDS = """aciones acion iciones icion iendo ando ados adas ado ada idos idas ido ida amos emos imos ar er ir as es os
an en a e i o s"""
SMALL = frozenset(_SMALL.split())
ENDINGS = sorted(_ENDS.split(), key=len, reverse=True)
_HEADING, _EXACT, _BEGINS = 4, 2, 1


@dataclass(frozen=True)
class Hit:
    """A place of the manual: `pieces` is its sentence cut so that what was found can be marked: (text, is it)."""

    page: str
    section: str
    url: str
    pieces: tuple[tuple[str, bool], ...]

    @property
    def title(self) -> str:
        return self.section or self.page


@dataclass(frozen=True)
class _Place:
    """A passage ready to be compared; `heading` are the stems of its page's and section's titles."""

    page: Page
    section: str
    anchor: str
    text: str
    words: frozenset[str]
    heading: frozenset[str]


def find(question: str, most: int = MOST) -> list[Hit]:
    """The places with all the words, the likeliest first, one a section; when none has all, those with the most."""
    wanted = _wanted(question)
    if not wanted:
        return []
    scored = [(_score(place, wanted), index, place) for index, place in enumerate(_places())]
    found = [one for one in scored if one[0][0]]
    if not found:
        return []
    most_words = max(score[0] for score, _, _ in found)
    best: dict[tuple[str, str], tuple[tuple[int, int], int, _Place]] = {}
    for one in sorted(found, key=lambda each: (-each[0][1], each[1])):
        if one[0][0] == most_words:
            best.setdefault((one[2].page.slug, one[2].anchor), one)
    return [_hit(place, wanted) for _, _, place in list(best.values())[:most]]


def stem(word: str) -> str:
    """The part of a folded word that its plural, its gender and its verb keep: «feriados» and «feriado» are one."""
    for ending in ENDINGS:
        least = 4 if len(ending) > 2 else 3
        if word.endswith(ending) and len(word) - len(ending) >= least:
            return word[: -len(ending)]
    return word


def _wanted(question: str) -> list[str]:
    words = fold(question[:LONGEST]).split()
    telling = [word for word in words if word not in SMALL] or words
    return list(dict.fromkeys(stem(word) for word in telling))


@cache
def _places() -> tuple[_Place, ...]:
    return tuple(_cut(manual().pages.values()))


def _cut(pages: Iterable[Page]) -> Iterator[_Place]:
    for page in pages:
        for section in page.rendered.sections:
            heading = _stems(f"{page.title} {section.title}")
            own_title = section.title if section.anchor else ""
            for text in section.passages or [section.title]:
                yield _Place(page, own_title, section.anchor, text, _stems(text), heading)


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in fold(text).split())


def _score(place: _Place, wanted: list[str]) -> tuple[int, int]:
    """How many of the words are there, and how well."""
    points = [max(_HEADING * _likeness(word, place.heading), _likeness(word, place.words)) for word in wanted]
    in_text = sum(_likeness(word, place.words) > 0 for word in wanted)
    return sum(point > 0 for point in points), sum(points) + in_text


def _likeness(word: str, words: frozenset[str]) -> int:
    if word in words:
        return _EXACT
    return _BEGINS if len(word) >= 3 and any(other.startswith(word) for other in words) else 0


def _hit(place: _Place, wanted: list[str]) -> Hit:
    shown = _around(place.text, wanted)
    pieces: list[tuple[str, bool]] = []
    end = 0
    for match in _WORD.finditer(shown):
        if _is_wanted(match.group(), wanted):
            pieces += [(shown[end : match.start()], False), (match.group(), True)]
            end = match.end()
    pieces.append((shown[end:], False))
    return Hit(place.page.title, place.section, page_url(place.page.slug, place.anchor), tuple(pieces))


def _around(text: str, wanted: list[str]) -> str:
    """The text from the sentence that has the first word of the question, as much as there is room for."""
    at = next((match.start() for match in _WORD.finditer(text) if _is_wanted(match.group(), wanted)), 0)
    start = max((match.end() for match in _SENTENCE.finditer(text[: at + 1])), default=0)
    if at - start > _AROUND // 2:
        start = text.rfind(" ", 0, at - _BEFORE) + 1
    shown = ("… " if start else "") + text[start:]
    return shown if len(shown) <= _AROUND else shown[:_AROUND].rsplit(" ", 1)[0] + "…"


def _is_wanted(word: str, wanted: list[str]) -> bool:
    root = stem(fold(word))
    return any(root == one or (len(one) >= 3 and root.startswith(one)) for one in wanted)
