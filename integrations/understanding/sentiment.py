"""The mood of a message, from a lexicon: phrases, negation, intensifiers, shouting and days without service."""

import re
from collections.abc import Sequence

from integrations.understanding.base import Sentiment
from integrations.understanding.datafiles import read, words_in
from integrations.understanding.words import MAX_CHARS, tokens

_MOOD = read("mood.txt")
_NEGATIONS = words_in(_MOOD["negations"])
_INTENSIFIERS = words_in(_MOOD["intensifiers"])
_EMOJI = {char: float(weight) for weight, chars in _MOOD["emoji"] for char in chars}

_ANGRY = 4.5
_FRUSTRATED = 2.0
_HAPPY = 2.0
_DENIED_JOY = 2.0

_Phrases = dict[str, list[tuple[tuple[str, ...], float]]]

_WAITED = re.compile(
    r"\b(?:hace|desde hace|llevo|llevamos|van|son|ya son|como|estuve|estuvimos)(?: mas de| casi| como| ya)? "
    r"(\d{1,2}|un|una|dos|tres|cuatro|cinco|seis|siete|ocho|diez|quince|varios|varias|muchos|unos|unas) "
    r"(horas|dias?|semanas?|mes|meses)\b"
)
_FEW = frozenset(("1", "un", "una"))
_SHOUTED_WORD = re.compile(r"\b(?:YA|URGENTE|AHORA|BASTA|NADIE|NUNCA|SIEMPRE|HARTO|HARTA)\b")
_EXCLAIMED = re.compile(r"!\s*!|[!?]{3}")


def sentiment(text: str) -> Sentiment:
    """The mood of a message: contento, neutro, frustrado (trouble, complaint) or enojado (anger, insult, threat)."""
    return sentiment_of(text, tokens(text))


def sentiment_of(text: str, words: Sequence[str]) -> Sentiment:
    """The same as `sentiment`, for a text already cut in words."""
    text = text[:MAX_CHARS]
    bad, good = _weigh(words)
    weights = [_EMOJI[char] for char in text if char in _EMOJI]
    bad += sum(weight for weight in weights if weight > 0)
    good -= sum(weight for weight in weights if weight < 0)
    if bad >= 1.0:
        bad += _waited(" ".join(words)) + _shouted(text)
    if bad >= _ANGRY:
        return Sentiment.ENOJADO
    if bad >= _FRUSTRATED and bad >= good:
        return Sentiment.FRUSTRADO
    return Sentiment.CONTENTO if good >= _HAPPY and good > bad else Sentiment.NEUTRO


def _weigh(words: Sequence[str]) -> tuple[float, float]:
    """Anger and joy in the words. A denied joy hurts ("no estoy contenta"); a denied trouble is none."""
    bad = good = 0.0
    at = read = 0  # what was read as a phrase denies nothing after it
    while at < len(words):
        sign, weight, length = _longest(words, at)
        if not length:
            at += 1
            continue
        before = words[max(read, at - 2) : at]
        weight *= 1.5 if before and before[-1] in _INTENSIFIERS else 1.0
        denied = any(word in _NEGATIONS for word in before)
        if sign < 0:
            bad += weight if not denied or weight >= 3 else 0.0
        elif denied and weight >= 1 and before[-1] != "no" and "gracias" not in words[at : at + length]:
            bad += _DENIED_JOY  # "no estoy contenta"; but "no, perfecto" is an answer and a joy
        else:
            good += weight
        at = read = at + length
    return bad, good


def _longest(words: Sequence[str], at: int) -> tuple[int, float, int]:
    """Sign, weight and length in words of the longest known phrase that starts at a word; length 0 without one."""
    for phrase, weight in _PHRASES.get(words[at], ()):
        if tuple(words[at : at + len(phrase)]) == phrase:
            return (1 if weight > 0 else -1), abs(weight), len(phrase)
    return 0, 0.0, 0


def _waited(joined: str) -> float:
    match = _WAITED.search(joined)
    if match is None:
        return 0.0
    if match.group(2) == "horas" or (match.group(1) in _FEW and match.group(2).startswith("dia")):
        return 0.5
    return 2.0


def _shouted(text: str) -> float:
    letters = [char for char in text if char.isalpha()]
    capitals = sum(char.isupper() for char in letters)
    if len(letters) >= 10 and capitals >= 0.7 * len(letters):
        shouting = 1.5
    else:
        shouting = 1.0 if _SHOUTED_WORD.search(text) else 0.0
    return shouting + (1.0 if _EXCLAIMED.search(text) else 0.0)


def _index() -> _Phrases:
    index: _Phrases = {}
    for sign, section in ((-1, _MOOD["negative"]), (1, _MOOD["positive"])):
        for weight, phrases in section:
            for phrase in phrases.split("|"):
                words = tuple(tokens(phrase))
                index.setdefault(words[0], []).append((words, sign * float(weight)))
    for found in index.values():
        found.sort(key=lambda entry: -len(entry[0]))
    return index


_PHRASES = _index()
