"""Which frequent question a message asks, if any. An unrelated message matches none."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from integrations.understanding.similar import content_words, hits
from integrations.understanding.words import tokens

ENOUGH = 0.6  # below it nothing is answered
_MAX_WORDS = 40  # the subject of a message is in its first words


@dataclass(frozen=True, slots=True)
class FaqEntry:
    """A question with its key and the words or phrases ("internet lento") that staff gave it."""

    key: str
    question: str
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FaqMatch:
    """The entry's key and how sure it is, from 0.6 to 1 (from 0 in `ranked`)."""

    key: str
    score: float


def match(text: str, entries: Sequence[FaqEntry]) -> FaqMatch | None:
    """The entry that the text asks about; None when no entry is close enough. Among equals the first one wins."""
    return match_words(tokens(text), entries)


def match_words(words: Sequence[str], entries: Sequence[FaqEntry]) -> FaqMatch | None:
    """The same as `match`, for a text already cut in words."""
    said = content_words(words[:_MAX_WORDS])
    if not said:
        return None
    best: FaqMatch | None = None
    for entry in entries:
        score = _score(said, entry)
        if score >= ENOUGH and (best is None or score > best.score):
            best = FaqMatch(entry.key, round(score, 3))
    return best


def ranked(text: str, entries: Sequence[FaqEntry], *, most: int = 4) -> list[FaqMatch]:
    """The entries that have something to do with the text, the closest first; those below `ENOUGH` are not answered.

    The first is what `match` finds, when it is close enough.
    """
    said = content_words(tokens(text)[:_MAX_WORDS])
    if not said:
        return []
    scored = [FaqMatch(entry.key, round(score, 3)) for entry in entries if (score := _score(said, entry)) > 0]
    return sorted(scored, key=lambda one: -one.score)[:most]


def _score(said: tuple[str, ...], entry: FaqEntry) -> float:
    question, keywords, vocabulary = _words_of(entry)
    if not vocabulary:
        return 0.0
    about = hits(said, vocabulary) / len(said)  # how much of the message is about this entry at all
    if not about:
        return 0.0
    asked = hits(question, said) / len(question) if question else 0.0
    complete = [phrase for phrase in keywords if hits(phrase, said) == len(phrase)]
    longest = max((len(phrase) for phrase in complete), default=0)
    others = hits(said, [word for phrase in complete for word in phrase]) - longest
    named = min(1.0, 0.45 + 0.25 * longest + 0.1 * others) if longest else 0.0
    return 0.6 * max(asked, named) + 0.4 * about


@lru_cache(maxsize=1024)
def _words_of(entry: FaqEntry) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], tuple[str, ...]]:
    question = content_words(tokens(entry.question))
    phrases = (content_words(tokens(keyword)) for keyword in entry.keywords)
    keywords = tuple(phrase for phrase in phrases if phrase)
    return question, keywords, tuple(dict.fromkeys((*question, *(word for phrase in keywords for word in phrase))))
