"""What a message asks for, by rules over its folded words, tolerant of typing slips in the words that decide."""

import re
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

from integrations.understanding.base import Intent
from integrations.understanding.datafiles import WORDS, read, words_in
from integrations.understanding.words import tokens

_MAX_WORDS = 80  # a request is in the first words; what follows is the story
_WHOLE_SCORE = 1.0
_COURTEOUS_SCORE = 0.95  # the whole message once courtesies are left out
_CORRECTED_PENALTY = 0.05

_Rule = tuple[float, Intent, re.Pattern[str]]


def intent(text: str) -> tuple[Intent | None, float]:
    """The intent of a message and how sure it is (0 to 1); (None, 0.0) when no rule knows it."""
    return intent_of(tokens(text))


def intent_of(words: Sequence[str]) -> tuple[Intent | None, float]:
    """The same as `intent`, for a text already cut in words."""
    words = words[:_MAX_WORDS]
    found = _by_rules(words)
    if found[1] >= 0.9:
        return found
    corrected = [_corrected(word) for word in words]
    if corrected == list(words):
        return found
    guess, score = _by_rules(corrected)
    score -= _CORRECTED_PENALTY
    return (guess, round(score, 2)) if score > found[1] else found


def _by_rules(words: Sequence[str]) -> tuple[Intent | None, float]:
    joined = " ".join(words)
    if not joined:
        return None, 0.0
    if whole := _WHOLE.get(joined):
        return whole, _WHOLE_SCORE
    bare = " ".join(word for word in words if word not in _COURTESIES)
    if whole := _WHOLE.get(bare):
        return whole, _COURTEOUS_SCORE
    for score, which, pattern in _INSIDE:  # the surest first, then by priority
        if pattern.search(joined):
            return which, score
    return None, 0.0


@lru_cache(maxsize=8192)
def _corrected(word: str) -> str:
    """The rules' word that this one is a slip of: same first letter, one slip (two from nine letters on)."""
    if len(word) < 5 or word in _VOCABULARY or word.isdigit():
        return word
    allowed = 2 if len(word) >= 9 else 1
    best, best_distance = word, allowed + 1
    for known in _BY_INITIAL.get(word[0], ()):
        if abs(len(known) - len(word)) <= allowed:
            distance = OSA.distance(word, known, score_cutoff=allowed)
            if distance < best_distance:
                best, best_distance = known, distance
    return best


def _whole() -> dict[str, Intent]:
    phrases: dict[str, Intent] = {}
    for name, lines in _RULES.items():
        for phrase in "|".join(value for key, value in lines if key == "whole").split("|"):
            if words := tokens(phrase):
                phrases.setdefault(" ".join(words), Intent(name))
    return phrases


def _inside() -> list[_Rule]:
    by_score: dict[tuple[float, Intent], list[str]] = {}
    for name, lines in _RULES.items():
        for key, pattern in lines:
            if key != "whole":
                by_score.setdefault((float(key), Intent(name)), []).append(pattern)
    rules = [(score, which, _compiled(patterns)) for (score, which), patterns in by_score.items()]
    return sorted(rules, key=lambda rule: -rule[0])  # stable: the file's order decides among equals


def _compiled(patterns: Sequence[str]) -> re.Pattern[str]:
    """One pattern of whole words out of several; "~" becomes up to five words in between."""
    return re.compile("|".join(rf"\b(?:{pattern})\b".replace(" ~ ", r" (?:\w+ ){0,5}?") for pattern in patterns))


def _vocabulary() -> frozenset[str]:
    source = " ".join(value for lines in _RULES.values() for _key, value in lines)
    return frozenset(re.findall(r"[a-z]{3,}", re.sub(r"\\[a-z]", " ", source)))


_RULES = read("intents.txt")
_COURTESIES = words_in(WORDS["courtesies"])
_WHOLE = _whole()
_INSIDE = _inside()
_VOCABULARY = _vocabulary()
_BY_INITIAL: dict[str, list[str]] = {}
for _word in sorted(_VOCABULARY):
    if len(_word) >= 5:
        _BY_INITIAL.setdefault(_word[0], []).append(_word)
