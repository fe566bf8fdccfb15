"""The pages of the manual in the chapters of its README. Read once a process: an upgrade starts it again."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

from django.conf import settings

from backoffice.panel.manual.rendering import SAMPLES, Rendered, links, parse, plain, render

FRONT = "README"
REST = "Además"


@dataclass(frozen=True)
class Page:
    """`slug` is its file without the .md, and its address."""

    slug: str
    rendered: Rendered

    @property
    def title(self) -> str:
        return self.rendered.title


@dataclass(frozen=True)
class Entry:
    """A line of the front page: what somebody wants, and the page that says how."""

    want: str
    page: Page


@dataclass(frozen=True)
class Chapter:
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Manual:
    """Every page by slug, in the order of the chapters; by name, the pictures and sample sheets one may ask for."""

    chapters: tuple[Chapter, ...]
    pages: dict[str, Page]
    pictures: dict[str, Path]
    samples: dict[str, Path]


@cache
def manual() -> Manual:
    """The whole manual. Each file of the folder is a page, also one that the README does not name."""
    folder: Path = settings.MANUAL_DIR
    files = {path.stem: path for path in sorted(folder.glob("*.md")) if path.stem != FRONT}
    pages = {slug: Page(slug, render(path.read_text(encoding="utf-8"))) for slug, path in files.items()}
    chapters = list(_chapters((folder / f"{FRONT}.md").read_text(encoding="utf-8"), pages))
    named = {entry.page.slug for chapter in chapters for entry in chapter.entries}
    if rest := tuple(Entry(page.title, page) for slug, page in pages.items() if slug not in named):
        chapters.append(Chapter(REST, rest))
    ordered = {entry.page.slug: entry.page for chapter in chapters for entry in chapter.entries}
    pictures = {path.name: path for path in (folder / "img").glob("*.png")}
    return Manual(tuple(chapters), ordered, pictures, {path.name: path for path in (folder / SAMPLES).glob("*.csv")})


def _chapters(text: str, pages: dict[str, Page]) -> Iterator[Chapter]:
    """A heading of the README is a chapter, and each row of its table that links to a page an entry of it."""
    tokens, title, entries, row = parse(text), "", list[Entry](), list[str]()
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            if entries:
                yield Chapter(title, tuple(entries))
                entries = []
            title = plain(tokens[index + 1])
        elif token.type in ("tr_open", "tr_close"):
            row = []
        elif token.type == "inline" and tokens[index - 1].type != "heading_open":
            named = [PurePosixPath(target.partition("#")[0]).stem for target, _ in links(token)]
            entries += [Entry(row[0], pages[slug]) for slug in named if slug in pages and row]
            row.append(plain(token))
    if entries:
        yield Chapter(title, tuple(entries))
