"""Each way in for a file is known here, and believes its bytes and not its name."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import FileField
from django.test import Client
from django.urls import reverse
from PIL import Image

from backoffice.company.models import Company
from backoffice.company.services import LOGO_BYTES
from tests.architecture.tree import ROOT

# Where a file may be kept, and the test that shows how it is checked.
KNOWN = {
    "company.Company.logo": "here, and tests/backoffice/company/test_logo.py",
    "conversations.Media.file": "tests/hostile/test_files.py",
    "common.Import.file": "tests/backoffice/common/test_wrong_files.py",
    "common.Import.spool": "written by us: tests/backoffice/common/test_importing.py",
}


def test_every_file_that_is_kept_has_its_check() -> None:
    fields = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, FileField) and not model.__name__.startswith("Historical")
    }
    assert {name for name in fields if not name.startswith("import_export")} == set(KNOWN)


# Views that read what was sent, and the test that shows what they make of it.
READERS = {
    "backoffice/panel/pages/chats/verbs.py": "tests/backoffice/conversations/test_uploads.py",
    "backoffice/common/tables/importing.py": "tests/backoffice/common/test_wrong_files.py",
    "backoffice/panel/pages/people.py": "tests/backoffice/accounts/test_importing.py",
}


def test_no_view_reads_an_upload_by_itself() -> None:
    reads = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "backoffice").rglob("*.py")
        if re.search(r"\brequest\.FILES\b", path.read_text(encoding="utf-8"))
    ]
    assert set(reads) == set(READERS), "check its type by its bytes and its size, and name its test in READERS"
    assert all((ROOT / test).exists() for test in READERS.values())


def _picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(out, "PNG")
    return out.getvalue()


def _sends(admin: Client, name: str, data: bytes, says: str) -> Any:
    company = Company.load()
    url = reverse("admin:company_company_change", args=[company.pk])
    form = admin.get(url).context["adminform"].form
    values = {field: form[field].value() for field in form.fields if field != "logo"}
    told = {field: value for field, value in values.items() if value not in (None, False)}
    return admin.post(url, told | {"logo": SimpleUploadedFile(name, data, content_type=says)})


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("logo.png", b"<html><script>alert(1)</script>", "image/png"),
        ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/svg+xml"),
        ("logo.png", b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "image/png"),
        ("logo.png", b"x", "image/png"),
        ("logo.html", _picture(), "text/html"),
        ("logo.php", _picture(), "image/png"),
    ],
    ids=["a page", "a drawing that runs", "another kind", "a byte", "a page's name", "a program's name"],
)
def test_a_logo_that_is_none_is_refused_in_spanish(admin: Client, name: str, data: bytes, says: str) -> None:
    answer = _sends(admin, name, data, says)
    assert answer.status_code == 200
    [why] = answer.context["adminform"].form.errors["logo"]
    assert re.search(r"imagen|extensi|PNG", why), why
    assert not Company.load().logo


def test_a_logo_that_is_too_large_is_refused_in_spanish(admin: Client) -> None:
    answer = _sends(admin, "logo.png", _picture() + b"\0" * (LOGO_BYTES + 1), "image/png")
    assert "máximo 5MB" in answer.context["adminform"].form.errors["logo"][0]


def test_a_right_one_is_kept_under_its_own_folder_whatever_its_name(admin: Client) -> None:
    assert _sends(admin, "../../../etc/cron.d/x.png", _picture(), "image/png").status_code == 302
    assert re.fullmatch(r"empresa/[\w.-]+\.png", Company.load().logo.name)


def test_a_file_of_a_chat_is_for_whoever_may_read_messages(db: None, admin: Client, client: Client) -> None:
    assert client.get("/archivos/1/").status_code == 302
    assert admin.get("/archivos/999999/").status_code == 404
    assert admin.get("/archivos/chats/aa/x.png").status_code == 404
