"""A logo is believed by its bytes, not by its name."""

from io import BytesIO

import pytest
from PIL import Image

from backoffice.common.errors import DomainError
from backoffice.company.services import LOGO_BYTES, check_logo


def picture(kind: str, size: tuple[int, int] = (64, 64), padding: int = 0) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, kind)
    return out.getvalue() + b"\0" * padding


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_png_and_jpg_up_to_5_mb_are_accepted(kind):
    data = picture(kind, padding=4 * 1024 * 1024)
    file = BytesIO(data)
    check_logo(file, size=len(data))
    assert file.read() == data


@pytest.mark.parametrize("said", [6 * 1024 * 1024, 100])
def test_6_mb_is_too_much_whatever_size_was_declared(said):
    data = picture("PNG", padding=LOGO_BYTES)
    with pytest.raises(DomainError, match="máximo 5MB"):
        check_logo(BytesIO(data), size=said)


@pytest.mark.parametrize("data", [b"", b"<svg/>", b"GIF89a", picture("GIF"), picture("BMP"), picture("PNG")[:40]])
def test_anything_else_is_refused(data):
    with pytest.raises(DomainError, match="PNG o JPG") as refused:
        check_logo(BytesIO(data), size=len(data))
    assert refused.value.field == "logo"


def test_a_picture_too_large_to_open_is_refused():
    data = picture("PNG", size=(6000, 5000))
    with pytest.raises(DomainError, match="achicalo"):
        check_logo(BytesIO(data), size=len(data))
