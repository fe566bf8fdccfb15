"""A file that somebody of the staff sends to a customer: what it is by its content, never by its name."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath

import filetype
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, UnidentifiedImageError

from backoffice.common.errors import DomainError

from .models import Media

KINDS = {
    "image/jpeg": Media.Kind.IMAGE,
    "image/png": Media.Kind.IMAGE,
    "application/pdf": Media.Kind.DOCUMENT,
    "audio/ogg": Media.Kind.AUDIO,
    "audio/mpeg": Media.Kind.AUDIO,
    "audio/mp4": Media.Kind.AUDIO,
    "audio/aac": Media.Kind.AUDIO,
    "audio/amr": Media.Kind.AUDIO,
    "video/mp4": Media.Kind.VIDEO,
    "video/3gpp": Media.Kind.VIDEO,
}
"""What WhatsApp carries on every transport of ours."""
ACCEPT = ",".join(KINDS)
MEGA = 1024 * 1024
MAX_MEGAS = {Media.Kind.IMAGE: 5, Media.Kind.AUDIO: 16, Media.Kind.VIDEO: 16, Media.Kind.DOCUMENT: 16}
BIGGEST = max(MAX_MEGAS.values()) * MEGA
_PIXELS = 50_000_000


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that may leave: its bytes, and what they are."""

    data: bytes
    kind: str
    filename: str
    mimetype: str


def read_upload(file: UploadedFile) -> Upload:
    """The file of a form, whole in memory. Raises: DomainError (field «archivo») when it may not leave."""
    if (file.size or 0) > BIGGEST:
        raise _refused(f"El archivo pesa demasiado: máximo {BIGGEST // MEGA} MB.")
    data = file.read(BIGGEST + 1)
    if not data:
        raise _refused("El archivo está vacío.")
    mimetype = filetype.guess_mime(data[:8192]) or ""
    kind = KINDS.get(mimetype)
    if kind is None:
        raise _refused(
            "Ese tipo de archivo no se puede mandar: elegí una foto (JPG o PNG), un PDF, un audio o un video."
        )
    most = MAX_MEGAS[kind]
    if len(data) > most * MEGA:
        raise _refused(f"{kind.label} de más de {most} MB: achicalo y probá de nuevo.")
    if kind == Media.Kind.IMAGE:
        _check_image(data)
    return Upload(data, kind.value, PurePath(file.name or "").name[-160:], mimetype)


def _check_image(data: bytes) -> None:
    """It says that it is a picture, and it is one that opens."""
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as image:
            if image.width * image.height > _PIXELS:
                raise _refused("La foto es demasiado grande: achicala y probá de nuevo.")
            image.verify()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        raise _refused("La foto está dañada: elegí otra.") from None


def _refused(message: str) -> DomainError:
    return DomainError(message, field="archivo")
