"""Reads the small tables of words beside this file, once, at import."""

from pathlib import Path

_FOLDER = Path(__file__).parent / "data"

Section = list[tuple[str, str]]


def read(name: str) -> dict[str, Section]:
    """The sections of a data file, each a list of (what is before the first ": ", what is after it).

    Raises:
        ValueError: a line is neither a comment, nor a [section], nor "key: value". The file is ours, so this is a bug.
    """
    sections: dict[str, Section] = {}
    current: Section | None = None
    for line in (_FOLDER / name).read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            current = sections.setdefault(line.strip("[]"), [])
            continue
        key, colon, value = line.partition(": ")
        if current is None or not colon:
            raise ValueError(f"{name}: cannot read {line!r}")
        current.append((key, value.strip()))
    return sections


def words_in(section: Section) -> frozenset[str]:
    """All the words of a section, whatever their keys."""
    return frozenset(word for _key, value in section for word in value.split())


def words_by_meaning(section: Section) -> dict[str, str]:
    """Each word of a "meaning: word word" section with its meaning."""
    return {word: meaning for meaning, value in section for word in value.split()}


WORDS = read("words.txt")
