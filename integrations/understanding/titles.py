"""Which option of a menu a message picks: by its number, its title, or something clearly close to one title."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rapidfuzz import fuzz

from integrations.understanding.choices import choice_number
from integrations.understanding.similar import content_words, hits
from integrations.understanding.words import fold, tokens, tokens_of_folded

How = Literal["number", "title", "near", "none", "ambiguous", "out_of_range"]

_NEAR = 75.0  # out of 100; below it a message only resembles a title
_CLEARLY = 10.0  # points that the best title must have over the second
_MAX_WORDS = 12  # a longer message is a story, not a choice
_MAX_OPTIONS = 60


@dataclass(frozen=True, slots=True)
class Pick:
    """What was picked: `key` is None unless how is number, title or near; `candidates` are the keys in doubt."""

    key: str | None
    how: How
    candidates: tuple[str, ...] = ()


def pick(text: str, options: Sequence[tuple[str, str]]) -> Pick:
    """Find the option that a message names, given (key, title) pairs in the order shown, which number them from 1."""
    options = options[:_MAX_OPTIONS]
    folded = fold(text)
    exact = tuple(key for key, title in options if folded and _title(title)[0] == folded)
    if len(exact) == 1:
        return Pick(exact[0], "title")
    if exact:
        return Pick(None, "ambiguous", exact)
    number = choice_number(text)
    if number is None:
        return _near(folded, options)
    if 1 <= number <= len(options):
        return Pick(options[number - 1][0], "number")
    named = [key for key, title in options if str(number) in _title(title)[0].split()]
    return Pick(named[0], "near") if len(named) == 1 else Pick(None, "out_of_range")


def _near(folded: str, options: Sequence[tuple[str, str]]) -> Pick:
    words = tokens_of_folded(folded)
    said = content_words(words)
    if not said or len(words) > _MAX_WORDS:
        return Pick(None, "none")
    scored = sorted(((_score(folded, said, title), key) for key, title in options), key=lambda pair: -pair[0])
    if not scored or scored[0][0] < _NEAR:
        return Pick(None, "none")
    close = tuple(key for score, key in scored if score > scored[0][0] - _CLEARLY)
    return Pick(close[0], "near") if len(close) == 1 else Pick(None, "ambiguous", close)


def _score(folded: str, said: tuple[str, ...], title: str) -> float:
    """From 0 to 100: the spelling as a whole, or how much of the message and of the title is in the other."""
    folded_title, in_title = _title(title)
    if not in_title:
        return 0.0
    of_message = hits(said, in_title) / len(said)
    of_title = hits(in_title, said) / len(in_title)
    return max(fuzz.ratio(folded, folded_title), 80 * of_message + 20 * of_title)


@lru_cache(maxsize=2048)
def _title(title: str) -> tuple[str, tuple[str, ...]]:
    words = tokens(title)
    return fold(title), content_words(words) or tuple(words)
