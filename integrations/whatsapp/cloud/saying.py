"""What is said, as the bodies that Meta takes: each within its limits, in the order in which they must be read.

One content may need several (a text of 5,000 letters, an audio with words): those before the last are marked in
`biz_opaque_callback_data`, so that their ticks are not taken for the whole message's.
"""

import re
from collections.abc import Callable
from typing import Any

from integrations.whatsapp.base import Limits
from integrations.whatsapp.content import Content, Location, Media, MediaKind, Menu, Option, Template, Text, menu_text

MEGA = 1024 * 1024
PART_MARK = "~part"
LIMITS = Limits(
    text_max=4096,
    caption_max=1024,
    group_members_max=0,
    media_max={"image": 5 * MEGA, "audio": 16 * MEGA, "video": 16 * MEGA, "document": 100 * MEGA},
    menu_body_max=1024,
    buttons_max=3,
    button_title_max=20,
    list_rows_max=10,
    row_title_max=24,
    row_description_max=72,
)
MIMETYPES: dict[MediaKind, frozenset[str]] = {
    "image": frozenset({"image/jpeg", "image/png"}),
    "audio": frozenset({"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"}),
    "video": frozenset({"video/mp4", "video/3gpp"}),
}
CHOICE_ID_MAX = 200
OPEN_LIST = "Ver opciones"
CHOOSE = "Elegí una opción:"
_BREAKS = tuple(map(re.compile, (r"\n\n", r"\n", r"(?<=[.!?…]) ", r" ")))
"""Where a text is cut, the best first."""

Body = dict[str, Any]
Upload = Callable[[Media], str]
"""Gives Meta the file; its id."""


def bodies_of(content: Content, upload: Upload) -> list[Body]:
    """`{"type": …, <type>: …}` for each message that leaves, at least one."""
    match content:
        case Text(body):
            return [_text(part) for part in split(body, LIMITS.text_max)]
        case Media():
            return _media(content, upload)
        case Location(latitude, longitude, name, address):
            point = {"latitude": latitude, "longitude": longitude, "name": name, "address": address}
            return [{"type": "location", "location": {key: value for key, value in point.items() if value != ""}}]
        case Menu():
            return _menu(content)
        case Template():
            return [{"type": "template", "template": _template(content)}]


def split(text: str, longest: int) -> list[str]:
    """Parts of at most `longest` characters that say the same, cut where it hurts least: paragraph, line, sentence,
    word; a word longer than a part is cut anywhere."""
    parts, rest = [], text
    while len(rest) > longest:
        end, following = _cut(rest, longest)
        parts.append(rest[:end])
        rest = rest[following:]
    return [part for part in (*parts, rest) if part.strip()] or [text]


def _cut(text: str, longest: int) -> tuple[int, int]:
    """Where a part ends, and where the next begins: the last of the best breaks in its second half."""
    for kind in _BREAKS:
        found = [one for one in kind.finditer(text, longest // 2, longest + 2) if one.start() <= longest]
        if found:
            return found[-1].start(), found[-1].end()
    return longest, longest


def _text(body: str) -> Body:
    return {"type": "text", "text": {"body": body, "preview_url": False}}


def _media(media: Media, upload: Upload) -> list[Body]:
    """A file; words that do not fit under it come after it."""
    kind = sent_as(media)
    file: Body = {"id": upload(media)}
    words = split(media.caption, LIMITS.text_max) if media.caption else []
    if kind != "audio" and words and len(media.caption) <= LIMITS.caption_max:
        file["caption"], words = media.caption, []
    if kind == "document":
        file["filename"] = media.filename
    if kind == "audio" and media.voice:
        file["voice"] = True
    return [{"type": kind, kind: file}, *(_text(part) for part in words)]


def sent_as(media: Media) -> MediaKind:
    """A picture, audio or video that Meta does not show (by its type or its size) goes as a document."""
    taken = MIMETYPES.get(media.kind, frozenset())
    plain = media.mimetype.partition(";")[0].strip().lower()
    if plain not in taken or len(media.read()) > LIMITS.media_max[media.kind]:
        return "document"
    return media.kind


def _menu(menu: Menu) -> list[Body]:
    """Buttons up to three, a list up to ten, numbered text beyond; what must be cut is written whole above."""
    action = _buttons(menu.options) or _list(menu.options)
    if action is None:
        return [_text(part) for part in split(menu_text(menu), LIMITS.text_max)]
    longest = LIMITS.button_title_max if action["type"] == "button" else LIMITS.row_title_max
    whole = all(
        len(option.title) <= longest and len(option.description) <= LIMITS.row_description_max
        for option in menu.options
    )
    said = menu.body if whole else menu_text(Menu(menu.body, menu.options))
    *before, last = split(said.strip() or CHOOSE, LIMITS.menu_body_max)
    interactive = {"type": action["type"], "body": {"text": last}, "action": action["action"]}
    return [*(_text(part) for part in before), {"type": "interactive", "interactive": interactive}]


def _buttons(options: tuple[Option, ...]) -> Body | None:
    titles = [option.title for option in options]
    short = all(len(title) <= LIMITS.button_title_max for title in titles)
    plain = not any(option.description for option in options)
    if not (_fit(options, LIMITS.buttons_max, LIMITS.button_title_max) and short and plain):
        return None
    replies = [{"type": "reply", "reply": {"id": option.id, "title": option.title}} for option in options]
    return {"type": "button", "action": {"buttons": replies}}


def _list(options: tuple[Option, ...]) -> Body | None:
    if not _fit(options, LIMITS.list_rows_max, LIMITS.row_title_max):
        return None
    section = {"title": OPEN_LIST, "rows": [_row(option) for option in options]}
    return {"type": "list", "action": {"button": OPEN_LIST, "sections": [section]}}


def _row(option: Option) -> Body:
    row = {"id": option.id, "title": cut(option.title, LIMITS.row_title_max)}
    if option.description:
        row["description"] = cut(option.description, LIMITS.row_description_max)
    return row


def _fit(options: tuple[Option, ...], most: int, title_max: int) -> bool:
    """Whether they can be told apart on a phone: Meta refuses repeated titles and ids, and empty ones."""
    titles = {cut(option.title, title_max) for option in options}
    ids = {option.id for option in options if 0 < len(option.id) <= CHOICE_ID_MAX}
    return 0 < len(options) <= most and len(titles) == len(ids) == len(options) and all(map(str.strip, titles))


def cut(title: str, longest: int) -> str:
    """At most `longest` characters; an ellipsis says that there was more."""
    return title if len(title) <= longest else f"{title[: longest - 1].rstrip()}…"


def _template(template: Template) -> Body:
    """Meta refuses line breaks, tabs and runs of spaces in what fills a hole."""
    filled = [{"type": "text", "text": " ".join(param.split())} for param in template.params]
    body = [{"type": "body", "parameters": filled}] if filled else []
    return {"name": template.name, "language": {"code": template.language}, "components": body}
