"""Files to Meta and from Meta: `POST /{number}/media`, and `GET /{media}`, whose answer says where the file is."""

import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import httpx

from integrations.errors import NotFound, Rejected, WrongAnswer
from integrations.http import Wire
from integrations.whatsapp.cloud.memory import remember
from integrations.whatsapp.cloud.saying import LIMITS, MEGA, sent_as
from integrations.whatsapp.content import Media

UPLOADS, UPLOAD_KEPT = 64, timedelta(days=7)
"""Meta keeps an upload for thirty days."""
_HANDLE = re.compile(r"[A-Za-z0-9_-]{1,100}")
_META_HOSTS = (".fbsbx.com", ".facebook.com", ".fbcdn.net", ".whatsapp.net")


class Files:
    """The files of one number. `wire` speaks to Graph at `base_url`, and has the patience that a file needs."""

    def __init__(self, wire: Wire, base_url: str, number_id: str) -> None:
        self._wire, self._ours, self._number_id = wire, httpx.URL(base_url), number_id
        self._uploaded: dict[str, tuple[str, datetime]] = {}

    def fetch(self, handle: str, *, most: int) -> bytes:
        """The bytes of a file that arrived less than seven days ago: its address is asked for, then the file itself.

        Raises: NotFound, Rejected when larger than `most` bytes, and any of `errors.py` except OutcomeUnknown.
        """
        if not _HANDLE.fullmatch(handle):
            raise NotFound(f"not a media id: {handle!r:.60}")
        told = self._wire.read_json(handle)
        if not isinstance(told, dict) or not isinstance(told.get("url"), str):
            raise WrongAnswer("a media without its url")
        size = told.get("file_size")
        if isinstance(size, int) and size > most:
            raise _too_large(size)
        self._trusts(told["url"])
        data = self._wire.read(told["url"]).content
        if len(data) > most:
            raise _too_large(len(data))
        return data

    def _trusts(self, url: str) -> None:
        """The token goes with the question, so it is asked of Meta's own servers only. Raises: WrongAnswer."""
        try:
            asked = httpx.URL(url)
        except httpx.InvalidURL as error:
            raise WrongAnswer(f"a media at {url!r:.80}") from error
        is_metas = asked.scheme == "https" and f".{asked.host}".endswith(_META_HOSTS)
        if not is_metas and (asked.scheme, asked.netloc) != (self._ours.scheme, self._ours.netloc):
            raise WrongAnswer(f"a media at {asked.host}: the token is not for them")

    def upload(self, media: Media) -> str:
        """The id of a file at Meta, sent once for the same bytes. Twice does no harm, so it is never a doubt.

        Raises: Rejected when it is too large, and any of `errors.py` except OutcomeUnknown.
        """
        data, now = media.read(), datetime.now(UTC)
        most = LIMITS.media_max[sent_as(media)]
        if len(data) > most:
            raise Rejected(f"{len(data)} bytes", staff_text=f"El archivo pesa más de {most // MEGA} MB.")
        digest = f"{sha256(data).hexdigest()} {media.mimetype} {media.filename}"
        media_id, since = self._uploaded.get(digest, ("", now))
        if not media_id or now - since > UPLOAD_KEPT:
            media_id = self._put(media.filename, media.mimetype or "application/octet-stream", data)
            remember(self._uploaded, digest, (media_id, now), UPLOADS)
        return media_id

    def _put(self, filename: str, mimetype: str, data: bytes) -> str:
        form = {"messaging_product": "whatsapp", "type": mimetype}
        told = self._wire.ask_json(f"{self._number_id}/media", data=form, files={"file": (filename, data, mimetype)})
        if not isinstance(told, dict) or not told.get("id"):
            raise WrongAnswer("an upload without its id")
        return str(told["id"])

    def close(self) -> None:
        self._wire.close()


def _too_large(size: int) -> Rejected:
    return Rejected(f"{size} bytes", staff_text="El archivo es demasiado grande.")
