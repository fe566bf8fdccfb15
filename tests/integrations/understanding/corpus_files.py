"""Reads the corpus: phrases that people write, kept in text files that anyone can extend."""

from pathlib import Path

_FOLDER = Path(__file__).parent / "corpus"


def by_section(name: str) -> list[tuple[str, str]]:
    """(section, phrase) for each phrase under a [section]."""
    pairs: list[tuple[str, str]] = []
    section = ""
    for line in _lines(name):
        if line.startswith("["):
            section = line.strip("[]")
        else:
            pairs.append((section, line))
    return pairs


def arrows(name: str) -> list[tuple[str, str]]:
    """(written, expected) for each "written -> expected" line."""
    pairs = []
    for line in _lines(name):
        written, _, expected = line.rpartition(" -> ")
        pairs.append((written, expected))
    return pairs


def _lines(name: str) -> list[str]:
    lines = (_FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("# ")]
