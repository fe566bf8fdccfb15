"""A page of the manual as HTML, and cut in sections for whoever searches it.

The pages are ours; even so, HTML written in them is shown as text and never run (`html` is off).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

_NOT_IN_ANCHORS = re.compile(r"[^\w\- ]")
_BREAKS = {"softbreak", "hardbreak"}
SAMPLES = "muestras"  # where the sample sheets are, beside the pages


@dataclass
class Section:
    """What is under one heading: its paragraphs, list items and table rows as plain text."""

    title: str
    anchor: str
    passages: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Rendered:
    """A page: its first heading is the title, and is not in `html`. The first section is the title's own."""

    title: str
    html: SafeString
    sections: tuple[Section, ...]


def parse(text: str) -> list[Token]:
    return _reader().parse(text)


def render(text: str) -> Rendered:
    """Markdown as a page of the panel: headings get the anchors that links use, links and pictures our addresses."""
    reader = _reader()
    tokens = reader.parse(text)
    sections = _sections(tokens)
    for token in tokens:
        for child in token.children or ():
            _address(child)
    body = tokens[3:] if tokens and tokens[0].tag == "h1" else tokens
    html: str = reader.renderer.render(body, reader.options, {})
    html = html.replace("<table>", '<div class="mo-wide" tabindex="0"><table>').replace("</table>", "</table></div>")
    return Rendered(sections[0].title, mark_safe(html), tuple(sections))  # noqa: S308 # escaped by the renderer


def plain(inline: Token) -> str:
    """The words of an inline token, without its marks and pictures."""
    parts = []
    for child in inline.children or ():
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in _BREAKS:
            parts.append(" ")
    return " ".join("".join(parts).split())


def anchor_of(title: str) -> str:
    """As GitHub makes them, so that the same link works there and here: «Si algo no anda» is si-algo-no-anda."""
    return _NOT_IN_ANCHORS.sub("", title.lower()).strip().replace(" ", "-")


def links(inline: Token) -> Iterator[tuple[str, str]]:
    """Each link of an inline token: the page it names and its words."""
    target, words = "", ""
    for child in inline.children or ():
        if child.type == "link_open":
            target, words = str(child.attrGet("href") or ""), ""
        elif child.type == "link_close":
            yield target, words
        else:
            words += child.content


def _reader() -> MarkdownIt:
    return MarkdownIt("js-default", {"html": False, "linkify": False})


def _sections(tokens: list[Token]) -> list[Section]:
    sections: list[Section] = [Section("", "")]
    row: list[str] | None = None
    in_head = False
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            title = plain(tokens[index + 1])
            token.attrSet("id", anchor_of(title))
            if sections[0].title:
                sections.append(Section(title, anchor_of(title)))
            else:
                sections[0].title = title
        elif token.type in ("thead_open", "thead_close"):
            in_head = token.type == "thead_open"
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            if row and not in_head:
                sections[-1].passages.append(": ".join(row))
            row = None
        elif token.type == "inline" and tokens[index - 1].type != "heading_open":
            words = plain(token)
            if row is not None:
                row.append(words)
            elif words:
                sections[-1].passages.append(words)
    return sections


def _address(child: Token) -> None:
    """Pages link to each other by file, so that they also work where the files are read."""
    if child.type == "link_open":
        href = str(child.attrGet("href") or "")
        file, _, section = href.partition("#")
        path = PurePosixPath(file)
        if path.suffix == ".md" and len(path.parts) == 1:
            child.attrSet("href", page_url(path.stem, section))
        elif path.suffix == ".csv" and path.parts[:-1] == (SAMPLES,):
            child.attrSet("href", reverse("admin:panel_manual_sample", args=[path.name]))
        elif "://" in file:
            child.attrSet("rel", "noopener noreferrer")
            child.attrSet("target", "_blank")
    elif child.type == "image":
        path = PurePosixPath(str(child.attrGet("src") or ""))
        child.attrSet("src", reverse("admin:panel_manual_picture", args=[path.name]))
        child.attrSet("loading", "lazy")


def page_url(slug: str, section: str = "") -> str:
    """Where a page of the manual is; its README is the front page."""
    page = reverse("admin:panel_manual") if slug == "README" else reverse("admin:panel_manual_page", args=[slug])
    return f"{page}#{section}" if section else page
