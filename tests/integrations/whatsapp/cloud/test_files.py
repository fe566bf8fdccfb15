"""Files by the Cloud API: uploaded once, fetched from Meta alone, and never larger than they may be."""

from typing import Any

import pytest

from integrations.errors import BadCredentials, IntegrationError, NotFound, Rejected, Unavailable, WrongAnswer
from integrations.whatsapp.base import Addr, Media
from integrations.whatsapp.cloud.client import CloudTransport
from integrations.whatsapp.cloud.saying import MEGA, bodies_of
from tests.cast import JUAN, MARIA
from tests.integrations.whatsapp.cloud.meta import Meta, Refusal, error_body

maria, juan = Addr.phone(MARIA.phone), Addr.phone(JUAN.phone)
PDF = b"%PDF-1.7 factura"
PAGE = b"<html>Bad gateway</html>"


# --- that leave -----------------------------------------------------------------------------------
def test_a_file_is_uploaded_once_and_keeps_its_name(meta: Meta, cloud: CloudTransport) -> None:
    for person in (maria, juan):
        cloud.send(person, Media("document", "factura 12.pdf", "application/pdf", data=PDF, caption="Tu factura"))
    uploads = [path for _, path, _ in meta.calls if path.endswith("/media")]
    assert len(uploads) == 1
    [media_id] = meta.media
    assert meta.media[media_id] == (PDF, "application/pdf")
    assert meta.sent[1]["document"] == {"id": media_id, "caption": "Tu factura", "filename": "factura 12.pdf"}


@pytest.mark.parametrize(
    ("kind", "mimetype", "size"),
    [("image", "image/webp", 10), ("image", "image/jpeg", 5 * 1024 * 1024 + 1), ("video", "video/webm", 10)],
)
def test_what_meta_does_not_show_goes_as_a_document(kind: Any, mimetype: str, size: int) -> None:
    [body] = bodies_of(Media(kind, "foto.bin", mimetype, data=b"x" * size), lambda media: "1")
    assert body == {"type": "document", "document": {"id": "1", "filename": "foto.bin"}}


def test_a_file_that_nobody_would_take_is_not_uploaded(meta: Meta, cloud: CloudTransport) -> None:
    with pytest.raises(Rejected) as error:
        cloud.send(maria, Media("document", "copia.zip", "application/zip", data=bytes(100 * MEGA + 1)))
    assert error.value.staff_text == "El archivo pesa más de 100 MB."
    assert meta.calls == []


def test_an_upload_that_fails_is_never_a_doubt(meta: Meta, cloud: CloudTransport) -> None:
    pdf = Media("document", "f.pdf", "application/pdf", data=PDF)
    for refusal in (Refusal(502, PAGE, "text/html"), Refusal(cut=True), Refusal(take=True, cut=True)):
        meta.refusals.append(refusal)
        with pytest.raises(Unavailable):
            cloud.send(maria, pdf)
    meta.refusals.append(Refusal(200, b"{}"))
    with pytest.raises(WrongAnswer):
        cloud.send(maria, pdf)
    assert meta.sent == []
    cloud.send(maria, pdf)
    assert len(meta.sent) == 1


# --- that arrive ----------------------------------------------------------------------------------
def test_the_token_is_told_to_nobody_else(meta: Meta, cloud: CloudTransport) -> None:
    meta.media["77"] = (b"x", "image/jpeg")
    for host in (
        "https://fbsbx.com.evil.example",
        "http://lookaside.fbsbx.com",
        "http://127.0.0.1:1",
        "ftp://[x",
        "https://\x7f",
    ):
        meta.media_host = host
        with pytest.raises(WrongAnswer):
            cloud.fetch_media("77")
    meta.media_host = meta.url
    assert cloud.fetch_media("77") == b"x"


@pytest.mark.parametrize("handle", ["../me", "a/b", "77?access_token=x", "", "x" * 101, "ñ"])
def test_a_handle_that_is_no_id_is_asked_of_nobody(meta: Meta, cloud: CloudTransport, handle: str) -> None:
    with pytest.raises(NotFound):
        cloud.fetch_media(handle)
    assert meta.calls == []


@pytest.mark.parametrize(
    ("refusal", "error"),
    [
        (Refusal(400, error_body(100, subcode=33)), NotFound),
        (Refusal(500, PAGE, "text/html"), Unavailable),
        (Refusal(200, b"[]"), WrongAnswer),
        (Refusal(200, b'{"url": 7}'), WrongAnswer),
        (Refusal(cut=True), Unavailable),
        (Refusal(401, error_body(190)), BadCredentials),
    ],
)
def test_a_file_that_cannot_be_had(
    meta: Meta, cloud: CloudTransport, refusal: Refusal, error: type[IntegrationError]
) -> None:
    meta.media["77"] = (b"x", "image/jpeg")
    meta.refusals.append(refusal)
    with pytest.raises(error):
        cloud.fetch_media("77")


def test_a_size_that_lies_is_measured(meta: Meta, cloud: CloudTransport) -> None:
    meta.media["77"] = (b"x" * 500, "image/jpeg")
    place = f'{{"url": "{meta.url}/files/77", "file_size": 3}}'.encode()
    meta.refusals.append(Refusal(200, place))
    with pytest.raises(Rejected):
        cloud.fetch_media("77", max_bytes=499)
