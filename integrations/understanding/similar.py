"""When two folded words are the same word for a person in a hurry: typing slips, plurals, verb endings, synonyms."""

from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

from integrations.understanding.datafiles import WORDS, words_by_meaning, words_in

STOPWORDS = words_in(WORDS["stopwords"])
_LACKING = words_in(WORDS["lacking"])
_SYNONYMS = words_by_meaning(WORDS["synonyms"])


_BETWEEN = frozenset(("me", "nos", "te", "le", "se"))  # what may stand between "no" and its verb
_STEM = 0.63  # "instalacion" and "instalaron" share that much; "contrato" and "contrasena" do not


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
    shared = next((at for at, char in enumerate(shorter) if char != longer[at]), len(shorter))
    if shared >= 5 and shared >= _STEM * len(longer):
        return True
    return len(shorter) >= 5 and OSA.distance(one, other, score_cutoff=1) <= 1


def content_words(words: Sequence[str]) -> tuple[str, ...]:
    """The words that say something, once each, in their order; "no tengo" and "no me anda" count as "sin"."""
    found: dict[str, None] = {}
    denied = False
    for word in words:
        if denied and word in _LACKING:
            del found["no"]
            found["sin"] = None
        elif word not in STOPWORDS:
            found[word] = None
        denied = word == "no" or (denied and word in _BETWEEN)
    return tuple(found)


def hits(wanted: Sequence[str], present: Sequence[str]) -> int:
    """How many of the wanted words are present, slips allowed."""
    return sum(any(same_word(word, candidate) for candidate in present) for word in wanted)
