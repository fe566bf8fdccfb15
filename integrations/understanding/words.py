"""Chat text made comparable: folded, cut in words, abbreviations expanded."""

import re
import unicodedata

from integrations.understanding.datafiles import WORDS, words_by_meaning

MAX_CHARS = 4_000  # nobody types more; the rest of a longer text is not read
MAX_TOKENS = 400

_EXPANDED = {short: tuple(full.split()) for short, full in words_by_meaning(WORDS["abbreviations"]).items()}

_ORDINAL_SIGNS = str.maketrans("ºª№", "   ")
_PUNCTUATION = re.compile(r"[\W_]+")
_STRETCHED = re.compile(r"([a-z])\1{2,}|([aiou])\2+\b")
_WIFI = re.compile(r"\bwi fi\b")
_EMOJI_EXTRA = frozenset("\u200d\ufe0e\ufe0f\u20e3\u203c\u2049")


def fold(text: str) -> str:
    """Lowercase, no accents (ñ becomes n), no emoji or punctuation, single spaces: for comparing, not for showing."""
    if text.isascii():  # most of what is folded, ten times quicker
        return _PUNCTUATION.sub(" ", text[:MAX_CHARS].lower()).strip()
    lowered = unicodedata.normalize("NFKD", text[:MAX_CHARS].translate(_ORDINAL_SIGNS)).casefold()
    bare = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    return _PUNCTUATION.sub(" ", bare).strip()[:MAX_CHARS].rstrip()


def tokens(text: str) -> list[str]:
    """The folded words of a chat text, abbreviations expanded ("q" → "que") and stretched letters undone ("holaaa")."""
    return tokens_of_folded(fold(text))


def tokens_of_folded(folded: str) -> list[str]:
    """The same as `tokens`, for a text that is already folded."""
    words: list[str] = []
    for word in _STRETCHED.sub(r"\1\2", _WIFI.sub("wifi", folded)).split()[:MAX_TOKENS]:
        words.extend(_EXPANDED.get(word, (word,)))
    return words


def only_emoji(text: str) -> bool:
    """Whether the text is emoji and spaces and nothing else; "2️⃣" is a digit, so it is not."""
    marks = [c for c in text[:MAX_CHARS] if not c.isspace()]
    return bool(marks) and all(_is_emoji_part(c) for c in marks) and any(ord(c) > 0x2000 for c in marks)


def _is_emoji_part(char: str) -> bool:
    if char in _EMOJI_EXTRA or "\U000e0020" <= char <= "\U000e007f":  # joiners, keycaps, the tags of some flags
        return True
    return ord(char) > 0xFF and unicodedata.category(char) in ("So", "Sk", "Cn")
