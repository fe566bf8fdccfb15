"""From the body of a request to what the services take. Pure, and believes nothing.

Every refusal is a `BadRequest` with a sentence in Spanish: whoever plays with the API reads what to correct.
"""

import base64
import binascii
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from integrations.whatsapp.base import Addr, MemberOp

MEDIA_MAX = 16 * 1024 * 1024
TEXT_MAX = 65_536
NAME_MAX = 100
FILE_KINDS = ("image", "audio", "video", "document")
# Messages of which the bot gets nothing to read, and what is no message at all (the bot is told of it, raw).
WORDLESS = {"sticker": "🏷️ Sticker", "poll": "📊 Encuesta", "contact": "👤 Contacto"}
SIGNS = {
    "reaction": "👍 Reacción",
    "call": "📞 Llamada perdida",
    "revoked": "🚫 Mensaje eliminado",
    "ephemeral": "⏱️ Mensajes temporales",
}
BIGGEST = 2**62
_ID = re.compile(r"[\w.:=+/-]{1,100}", re.ASCII)
_MIMETYPE = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,60}(;[^\r\n]{0,60})?", re.ASCII)
_GUESSES = {"image": "image/jpeg", "audio": "audio/ogg", "video": "video/mp4", "document": "application/octet-stream"}


class BadRequest(ValueError):
    """What was sent cannot be understood. `str(error)` is Spanish, for whoever sent it."""


@dataclass(frozen=True)
class Body:
    """The parts of a message, from a phone or from the bot."""

    text: str
    quoted_id: str | None
    media: dict[str, Any] | None
    data: bytes | None


def json_object(raw: bytes) -> dict[str, Any]:
    """The body as an object. Raises: BadRequest."""
    try:
        value = json.loads(raw.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise BadRequest("El cuerpo no es un JSON válido.") from error
    if not isinstance(value, dict):
        raise BadRequest("El cuerpo tiene que ser un objeto JSON.")
    return value


def text_of(body: Mapping[str, Any], name: str, *, longest: int, required: bool = False) -> str:
    """A string field, "" when absent. Raises: BadRequest."""
    value = body.get(name)
    if value is None:
        value = ""
    if not isinstance(value, str):
        raise BadRequest(f"«{name}» tiene que ser un texto.")
    if len(value) > longest:
        raise BadRequest(f"«{name}» es demasiado largo: el máximo es {longest} caracteres.")
    if not is_storable(value):
        raise BadRequest(f"«{name}» tiene caracteres que no se pueden guardar.")
    if required and not value.strip():
        raise BadRequest(f"Falta «{name}».")
    return value


def phone_of(value: Any, name: str = "from") -> str:
    """Digits of a phone with its country, 8 to 15 of them. Raises: BadRequest."""
    if not isinstance(value, str) or len(value) > 30 or not re.fullmatch(r"\+?[0-9 ().-]+", value, re.ASCII):
        raise BadRequest(f"«{name}» tiene que ser un teléfono, por ejemplo 5492612345678.")
    digits = re.sub(r"[^0-9]", "", value)
    if not 8 <= len(digits) <= 15:
        raise BadRequest(f"«{name}» tiene que tener entre 8 y 15 dígitos, con el código del país.")
    return digits


def id_of(body: Mapping[str, Any], name: str) -> str | None:
    """An optional id. Raises: BadRequest."""
    value = body.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise BadRequest(f"«{name}» tiene que ser un texto de hasta 100 letras, números o signos simples.")
    return value


def message_body(body: Mapping[str, Any]) -> Body:
    """Text, quote and attachment; a message needs one of text and attachment. Raises: BadRequest."""
    text = text_of(body, "text", longest=TEXT_MAX)
    media, data = media_of(body.get("media"))
    if media is None and not text.strip():
        raise BadRequest("El mensaje está vacío: mandá «text» o «media».")
    return Body(text, id_of(body, "quoted_id"), media, data)


def media_of(value: Any) -> tuple[dict[str, Any] | None, bytes | None]:
    """An attachment without its bytes, and its bytes (None for a location). Raises: BadRequest."""
    if value is None:
        return None, None
    if not isinstance(value, dict):
        raise BadRequest("«media» tiene que ser un objeto.")
    kind = value.get("kind")
    if kind == "location":
        return _location(value), None
    if isinstance(kind, str) and kind in WORDLESS | SIGNS:
        return {"kind": kind}, None
    if not isinstance(kind, str) or kind not in FILE_KINDS:
        raise BadRequest(f"«media.kind» tiene que ser {', '.join((*FILE_KINDS, 'location', *WORDLESS, *SIGNS))}.")
    data = _bytes(value.get("base64"))
    mimetype = text_of(value, "mimetype", longest=200) or _GUESSES[kind]
    if not _MIMETYPE.fullmatch(mimetype):
        raise BadRequest("«media.mimetype» no es un tipo válido, por ejemplo image/jpeg.")
    filename = text_of(value, "filename", longest=255).replace("\\", "/").rsplit("/", 1)[-1]
    media = {"kind": kind, "filename": filename or kind, "mimetype": mimetype}
    return media | ({"voice": True} if value.get("voice") is True else {}), data


def number_of(body: Mapping[str, Any], name: str, *, least: float, most: float) -> float | None:
    """An optional number. Raises: BadRequest."""
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not (least <= value <= most):
        raise BadRequest(f"«{name}» tiene que ser un número entre {least:g} y {most:g}.")
    return float(value)


def cursor_of(value: str | None) -> int | None:
    """A cursor from a query string; None or "" is the beginning. Raises: BadRequest."""
    if value is None or value == "":
        return None
    if not (value.isascii() and value.isdigit()) or len(value) > 19 or int(value) > BIGGEST:
        raise BadRequest("«after» tiene que ser un cursor que dio esta API.")
    return int(value)


def address_of(value: Any, name: str) -> Addr:
    """A port's address (`p:…`, `l:…`, `g:…`). Raises: BadRequest."""
    try:
        addr = Addr.parse(value) if isinstance(value, str) and len(value) <= 60 else None
    except ValueError:
        addr = None
    if addr is not None and addr.kind == "phone":
        return Addr("phone", phone_of(addr.value, name))
    if addr is None or addr.kind == "bsuid" or not _ID.fullmatch(addr.value):
        raise BadRequest(f"«{name}» tiene que ser una dirección: p:teléfono, l:lid o g:grupo.")
    return addr


def addresses_of(value: Any, name: str) -> list[Addr]:
    """A list of people. Raises: BadRequest."""
    if not isinstance(value, list) or len(value) > 1024:
        raise BadRequest(f"«{name}» tiene que ser una lista de hasta 1024 direcciones.")
    found = [address_of(item, name) for item in value]
    if any(addr.is_group for addr in found):
        raise BadRequest(f"«{name}» es de personas, no de grupos.")
    return found


def ids_of(value: Any, name: str) -> list[str]:
    """A list of message ids. Raises: BadRequest."""
    if not isinstance(value, list) or len(value) > 500:
        raise BadRequest(f"«{name}» tiene que ser una lista de hasta 500 ids.")
    if not all(isinstance(item, str) and _ID.fullmatch(item) for item in value):
        raise BadRequest(f"«{name}» tiene un id que no es válido.")
    return value


def member_op(value: Any) -> MemberOp:
    """What to do with members. Raises: BadRequest."""
    ops: tuple[MemberOp, ...] = ("add", "remove", "promote", "demote")
    for op in ops:
        if value == op:
            return op
    raise BadRequest("«op» tiene que ser add, remove, promote o demote.")


Coordinate = Literal["latitude", "longitude"]


def _location(value: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": "location",
        "latitude": _coordinate(value, "latitude", 90),
        "longitude": _coordinate(value, "longitude", 180),
        "name": text_of(value, "name", longest=NAME_MAX),
        "address": text_of(value, "address", longest=255),
    }


def _coordinate(value: Mapping[str, Any], name: Coordinate, most: float) -> float:
    number = number_of(value, name, least=-most, most=most)
    if number is None or not math.isfinite(number):
        raise BadRequest(f"Una ubicación necesita «{name}».")
    return number


def _bytes(value: Any) -> bytes:
    if not isinstance(value, str) or not value:
        raise BadRequest("Falta «media.base64».")
    if len(value) > MEDIA_MAX * 4 // 3 + 4:
        raise BadRequest("El archivo es demasiado grande: el máximo es 16 MB.")
    try:
        data = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadRequest("«media.base64» no es un base64 válido.") from error
    if not data:
        raise BadRequest("El archivo está vacío.")
    if len(data) > MEDIA_MAX:
        raise BadRequest("El archivo es demasiado grande: el máximo es 16 MB.")
    return data


def is_storable(value: str) -> bool:
    """Half of a surrogate pair, and NUL, are valid in JSON and in no database."""
    if "\x00" in value:
        return False
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
