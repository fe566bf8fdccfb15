"""Files of chats are kept once, by their content."""

import hashlib
import mimetypes

from django.core.files.base import ContentFile

from backoffice.conversations.models import Media


def store_media(*, data: bytes, kind: str, filename: str, mimetype: str) -> Media:
    """Keep a file once, by its content; call it outside a transaction, since it writes to the disk."""
    digest = hashlib.sha256(data).hexdigest()
    known = Media.objects.filter(sha256=digest, kind=kind, filename=filename[:160]).first()
    if known is not None:
        return known
    media = Media(kind=kind, filename=filename[:160], mimetype=mimetype[:80], size=len(data), sha256=digest)
    media.file.name = _keep_file(f"chats/{digest[:2]}/{digest}{_suffix(mimetype)}", data)
    media.save()
    return media


def _keep_file(path: str, data: bytes) -> str:
    """Write a file under the name of its content; one that a failed attempt left there serves if it is whole."""
    storage = Media._meta.get_field("file").storage
    if storage.exists(path):
        if storage.size(path) == len(data):
            return path
        storage.delete(path)
    return str(storage.save(path, ContentFile(data)))


def _suffix(mimetype: str) -> str:
    """The extension by what the file is, never by the name somebody gave it."""
    return mimetypes.guess_extension(mimetype.partition(";")[0].strip()) or ".bin"
