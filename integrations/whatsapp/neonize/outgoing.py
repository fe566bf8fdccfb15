"""The port's content as WhatsApp's protobuf, built by hand.

The library's own helpers would make a mention of any «@1234567» that a customer wrote, fetch a preview of any link and
name a voice note in a way that some phones do not play.
"""

from collections.abc import Callable
from typing import Any

from integrations.errors import Rejected
from integrations.whatsapp.base import Content, Location, Media, Menu, Template, Text, menu_text
from integrations.whatsapp.neonize.jids import jid_text
from integrations.whatsapp.neonize.library import MediaType, e2e
from integrations.whatsapp.neonize.spool import Line

Upload = Callable[[bytes, Any], Any]
VOICE = "audio/ogg; codecs=opus"
OPUS_RATE = 48_000
_TYPES = {
    "image": MediaType.MediaImage,
    "video": MediaType.MediaVideo,
    "audio": MediaType.MediaAudio,
    "document": MediaType.MediaDocument,
}


def words_of(content: Content) -> str:
    """What is read of a content in a quote of it."""
    match content:
        case Text(body) | Template(body=body):
            return body
        case Menu():
            return menu_text(content)
        case Location(name=name, address=address):
            return name or address
        case Media(caption=caption, filename=filename):
            return caption or filename


def message_of(content: Content, *, quote: Any, upload: Upload) -> Any:
    """The message to send. `quote` is a ContextInfo or None; `upload` puts a file on WhatsApp's servers.

    Raises: Rejected for an empty text, what `upload` raises, OSError when a file cannot be read.
    """
    match content:
        case Location():
            place = e2e.LocationMessage(
                degreesLatitude=content.latitude,
                degreesLongitude=content.longitude,
                name=content.name,
                address=content.address,
                contextInfo=quote,
            )
            return e2e.Message(locationMessage=place)
        case Media():
            return _file(content, quote, upload)
    text = words_of(content)
    if not text.strip():
        raise Rejected("an empty message", staff_text="El mensaje está vacío.")
    if quote is None:
        return e2e.Message(conversation=text)
    return e2e.Message(extendedTextMessage=e2e.ExtendedTextMessage(text=text, contextInfo=quote))


def quote_of(message_id: str, line: Line) -> Any:
    """The ContextInfo that quotes a line."""
    return e2e.ContextInfo(
        stanzaID=message_id,
        participant=jid_text(line.author),
        quotedMessage=e2e.Message(conversation=line.snippet or "…"),
    )


def _file(media: Media, quote: Any, upload: Upload) -> Any:
    data = media.read()
    place = upload(data, _TYPES[media.kind])
    common = {
        "URL": place.url,
        "directPath": place.DirectPath,
        "mediaKey": place.MediaKey,
        "fileEncSHA256": place.FileEncSHA256,
        "fileSHA256": place.FileSHA256,
        "fileLength": place.FileLength,
        "mimetype": media.mimetype,
        "contextInfo": quote,
    }
    match media.kind:
        case "image":
            return e2e.Message(imageMessage=e2e.ImageMessage(caption=media.caption, **common))
        case "video":
            return e2e.Message(videoMessage=e2e.VideoMessage(caption=media.caption, **common))
        case "audio":
            return e2e.Message(audioMessage=e2e.AudioMessage(**common | _voice(media, data)))
        case "document":
            named = {"fileName": media.filename, "title": media.filename, "caption": media.caption}
            return e2e.Message(documentMessage=e2e.DocumentMessage(**common | named))


def _voice(media: Media, data: bytes) -> dict[str, Any]:
    """A voice note where the file can be one: Opus in Ogg. Any other audio goes as a file to play."""
    if not (media.voice and data.startswith(b"OggS")):
        return {}
    return {"PTT": True, "mimetype": VOICE, "seconds": _seconds(data)}


def _seconds(ogg: bytes) -> int:
    """How long an Opus file lasts: the position told by its last page, 48,000 a second."""
    last = ogg.rfind(b"OggS")
    return max(1, int.from_bytes(ogg[last + 6 : last + 14], "little", signed=True) // OPUS_RATE)
