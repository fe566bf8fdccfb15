"""What an ISP system sends to our gateway, read (ISPBOT-INT-13; reference/isp-systems.md 1.8 and 1.9). Pure.

Nobody documents what such systems send, so this reads whatever two known MikroWisp set-ups and their like do:
names in several languages, a pair of braces left around each value, HTML in the text, JSON under any content type.
Every refusal is an `Unreadable` with a sentence in Spanish; nothing else is ever raised.
"""

import html
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

NUMBER = [
    "destinatario",
    "to",
    "numero",
    "number",
    "phone",
    "telefono",
    "movil",
    "receiver",
    "recipient",
    "msisdn",
    "dest",
]
TEXT = ["mensaje", "message", "text", "msg", "body", "texto", "msgtext", "content"]
MEDIA = ["url", "file", "archivo", "media", "pdf"]
REF = ["id", "ref", "external_id"]
SECRET = ["token", "apikey", "api_key", "key", "pass"]
HIDDEN = "•••"
TEXT_MAX = 4_096  # what one WhatsApp message carries
FIELDS_MAX = 60
_RAW_MAX = 1_000

_MARKER = re.compile(r"\[#\s*([\w-]{1,30})\s*\][ \t]*")
_BREAK = re.compile(r"<br\s*/?>|</(?:p|div|tr|li|h[1-6])>", re.IGNORECASE)
_LINK = re.compile(
    r"""<a\b[^<>]{0,300}?href=["']?(https?://[^"'<>\s]{1,500})[^<>]{0,300}>([^<>]{0,500})</a>""", re.IGNORECASE
)
_TAG = re.compile(
    r"</?(?:a|b|body|center|div|em|font|h[1-6]|head|hr|html|i|img|li|ol|p|small|span|strong|table|tbody|td|th|tr|u|ul)"
    r"(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_MANY_LINES = re.compile(r"\n{3,}")
_URL = re.compile(r"https?://[^\s<>\"']{3,490}", re.IGNORECASE)


class Unreadable(ValueError):
    """What was sent is no notice. `str(error)` is Spanish, for whoever sets the gateway up."""


@dataclass(frozen=True, slots=True)
class Notice:
    """`to` as it was sent; `text` as it would leave, without its marker; `marker` lower case, "" when there is none."""

    to: str
    text: str
    marker: str = ""
    media_url: str = ""
    ref: str = ""


def fields_of_query(raw: str) -> dict[str, Any]:
    """A query string or a form's body, given as latin-1 characters (as WSGI does). Raises: Unreadable."""
    try:
        pairs = parse_qsl(raw, keep_blank_values=True, encoding="latin-1", max_num_fields=FIELDS_MAX)
    except ValueError as error:
        raise Unreadable(f"Son demasiados parámetros: el máximo es {FIELDS_MAX}.") from error
    return {_name(name): _text_of(value.encode("latin-1", "replace")) for name, value in reversed(pairs)}


def fields_of_body(body: bytes, content_type: str) -> dict[str, Any]:
    """A body that is a form or JSON, whatever its content type says. Raises: Unreadable."""
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if not start:
        return {}
    is_json = "json" in content_type.lower()
    if is_json or start in (b"{", b"["):
        try:
            return _json_fields(body)
        except Unreadable:
            if is_json or b"=" not in body:
                raise
    return fields_of_query(body.decode("latin-1").strip())


def merged(*sources: Mapping[str, Any]) -> dict[str, Any]:
    """One mapping of all; a later source wins, but an empty value never hides one that says something."""
    found: dict[str, Any] = {}
    for source in sources:
        for name, value in source.items():
            if value not in (None, "") or name not in found:
                found[name] = value
    return found


def secret_of(fields: Mapping[str, Any]) -> str:
    """The key among the parameters, "" when there is none."""
    return next((str(value) for value in _values(fields, SECRET) if isinstance(value, str | int)), "")


def read(fields: Mapping[str, Any]) -> Notice:
    """The notice in these fields. Raises: Unreadable when a number or a text is missing, or the text is too long."""
    to = _scalar(fields, NUMBER)
    if not to:
        raise Unreadable(f"Falta el número: mandalo como «{NUMBER[0]}» o «{NUMBER[1]}».")
    text, marker = _without_marker(clean_text(_scalar(fields, TEXT)))
    media = _scalar(fields, MEDIA)
    media_url = media if _URL.fullmatch(media) else ""
    if not text and not media_url:
        raise Unreadable(f"Falta el texto: mandalo como «{TEXT[0]}» o «{TEXT[1]}».")
    if len(text) > TEXT_MAX:
        raise Unreadable(f"El texto tiene {len(text)} caracteres; el máximo es {TEXT_MAX}.")
    return Notice(to[:60], text, marker, media_url, _scalar(fields, REF)[:80])


def redacted(fields: Mapping[str, Any]) -> dict[str, str]:
    """What was sent, to keep and show: no key in it, nothing that a database refuses."""
    names = set(SECRET)
    return {
        _storable(name)[:60]: HIDDEN if name in names and value else _storable(_shown(value))[:_RAW_MAX]
        for name, value in fields.items()
    }


def clean_text(text: str) -> str:
    """HTML becomes the text a person reads, with WhatsApp's *bold* kept and links beside their words."""
    text = html.unescape(_without_braces(text)).replace("\r\n", "\n").replace("\r", "\n")
    text = _LINK.sub(_link, _BREAK.sub("\n", text))
    text = _INVISIBLE.sub("", _TAG.sub("", text)).replace("\xa0", " ")
    lines = (line.rstrip() for line in text.split("\n"))
    return _MANY_LINES.sub("\n\n", "\n".join(lines)).strip()


def outgoing_text(text: str, media_url: str) -> str:
    """What leaves: a file goes as its link, under the text, unless the text already has it."""
    if not media_url or media_url in text:
        return text
    return f"{text}\n{media_url}".strip()


def _without_braces(value: str) -> str:
    """Without the braces that a template leaves around a whole value, one pair or two; those inside stay."""
    value = value.strip()
    for _ in range(2):
        if not _is_wrapped(value):
            break
        value = value[1:-1]
    return value.strip()


def _is_wrapped(value: str) -> bool:
    """Whether the first brace is closed by the last character, and not before."""
    if len(value) < 2 or value[0] != "{" or value[-1] != "}":
        return False
    depth = 0
    for place, letter in enumerate(value):
        depth += (letter == "{") - (letter == "}")
        if depth <= 0:
            return place == len(value) - 1
    return False


def _without_marker(text: str) -> tuple[str, str]:
    """«[#factura] Hola» → («Hola», «factura»): what the ISP types into a template to say what kind it is."""
    found = _MARKER.search(text)
    return (_MARKER.sub("", text).strip(), found.group(1).lower()) if found else (text, "")


def _json_fields(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(_text_of(body.removeprefix(b"\xef\xbb\xbf")))
    except (ValueError, RecursionError) as error:
        raise Unreadable("El cuerpo no es un JSON válido.") from error
    if not isinstance(value, dict):
        raise Unreadable("El JSON tiene que ser un objeto con el número y el texto, no una lista.")
    if len(value) > FIELDS_MAX:
        raise Unreadable(f"Son demasiados campos: el máximo es {FIELDS_MAX}.")
    return {_name(name): one for name, one in value.items()}


def _scalar(fields: Mapping[str, Any], names: Iterable[str]) -> str:
    """The first of these names that says something. Raises: Unreadable when it is a list or an object."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, dict | list):
            raise Unreadable(f"«{name}» tiene que ser un texto.")
        if value is not None and not isinstance(value, bool):
            text = _storable(_without_braces(_shown(value)))
            if text:
                return text
    return ""


def _values(fields: Mapping[str, Any], names: Iterable[str]) -> Iterable[Any]:
    return (fields[name] for name in names if fields.get(name))


def _shown(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else str(value)


def _name(name: str) -> str:
    return name.strip().lower()


def _text_of(raw: bytes) -> str:
    """UTF-8, or what Windows calls Latin where it is not."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _storable(text: str) -> str:
    """Without what PostgreSQL or UTF-8 refuses: NUL and halves of characters."""
    return re.sub(r"[\x00\ud800-\udfff]", "", text)


def _link(match: re.Match[str]) -> str:
    url, words = match.group(1), match.group(2).strip()
    return url if not words or words in url else f"{words}: {url}"
