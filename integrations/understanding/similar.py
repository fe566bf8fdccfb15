"""When two folded words are the same word for a person in a hurry: typing slips, plurals, verb endings, synonyms."""

from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

from integrations.understanding.datafiles import WORDS, words_by_meaning, words_in

STOPWORDS = words_in(WORDS["stopwords"])
_SYNONYMS = words_by_meaning(WORDS["synonyms"])


@lru_cache(maxsize=8192)
def same_word(one: str, other: str) -> bool:
    """Whether two folded words name the same thing: synonyms, a shared stem, or one slip in five letters or more."""
    one, other = _SYNONYMS.get(one, one), _SYNONYMS.get(other, other)
    if one == other:
        return True
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < 4 or shorter.isdigit():
        return False
    if longer.startswith(shorter) and (len(longer) - len(shorter) <= 2 or len(shorter) >= 5):
        return True  # plurals and enclitics: "factura", "facturas"; "cambiar", "cambiarla"
    stem = shorter[: max(5, len(shorter) - 2)]
    if len(shorter) >= 6 and longer.startswith(stem):
        return True  # "instalacion", "instalaron"
    return len(shorter) >= 5 and OSA.distance(one, other, score_cutoff=1) <= 1


def content_words(words: Sequence[str]) -> tuple[str, ...]:
    """The words that say something, once each, in their order."""
    return tuple(dict.fromkeys(word for word in words if word not in STOPWORDS))


def hits(wanted: Sequence[str], present: Sequence[str]) -> int:
    """How many of the wanted words are present, slips allowed."""
    return sum(any(same_word(word, candidate) for candidate in present) for word in wanted)
