"""What staff attach: judged by its bytes, within WhatsApp's sizes, refused with a sentence."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from backoffice.common.errors import DomainError
from backoffice.conversations import uploads
from backoffice.conversations.uploads import read_upload

PDF = b"%PDF-1.7\n%fin"
OGG = b"OggS" + b"\x00" * 24 + b"OpusHead"
MP4 = b"\x00\x00\x00\x20ftypisom" + b"\x00" * 64


def picture(kind: str = "PNG") -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(data, kind)
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "kind", "mimetype"),
    [
        (picture(), "image", "image/png"),
        (picture("JPEG"), "image", "image/jpeg"),
        (PDF, "document", "application/pdf"),
        (OGG, "audio", "audio/ogg"),
        (MP4, "video", "video/mp4"),
    ],
)
def test_what_may_leave_is_what_its_bytes_say(data: bytes, kind: str, mimetype: str) -> None:
    upload = read_upload(SimpleUploadedFile("C:\\luz.exe", data, content_type="text/html"))
    assert (upload.kind, upload.mimetype, upload.data) == (kind, mimetype, data)
    assert "/" not in upload.filename


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "está vacío"),
        (b"<script>alert(1)</script>", "no se puede mandar"),
        (b"MZ" + b"\x00" * 90, "no se puede mandar"),
        (picture("GIF"), "no se puede mandar"),
        (picture()[:40], "está dañada"),
    ],
)
def test_anything_else_is_refused_with_its_reason(data: bytes, told: str) -> None:
    with pytest.raises(DomainError, match=told) as refused:
        read_upload(SimpleUploadedFile("foto.png", data, content_type="image/png"))
    assert refused.value.field == "archivo"


def test_each_kind_has_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    big = picture() + b"\x00" * (5 * uploads.MEGA)
    with pytest.raises(DomainError, match="Imagen de más de 5 MB"):
        read_upload(SimpleUploadedFile("foto.png", big))
    monkeypatch.setattr(uploads, "BIGGEST", 100)
    with pytest.raises(DomainError, match="pesa demasiado"):
        read_upload(SimpleUploadedFile("nota.pdf", PDF * 20))
