"""Files of the chats: stored once by what they are, seen only by who may read conversations."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from backoffice.accounts.models import User
from backoffice.conversations.models import Media
from backoffice.conversations.services import store_media

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 32

pytestmark = pytest.mark.django_db


def picture() -> Media:
    return store_media(data=PNG, kind="image", filename="luz.png", mimetype="image/png")


def staff(*permissions: str) -> Client:
    user = User.objects.create_user("olga", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def test_the_same_file_is_stored_once() -> None:
    assert picture().pk == picture().pk
    assert Media.objects.count() == 1


def test_a_file_left_half_written_by_a_crash_is_written_again() -> None:
    storage = Media._meta.get_field("file").storage
    first = picture()
    path = storage.path(first.file.name)
    first.delete()
    with open(path, "wb") as file:
        file.write(b"half")
    with picture().file.open("rb") as file:
        assert file.read() == PNG


def test_a_stranger_is_sent_to_the_login() -> None:
    answer = Client().get(f"/archivos/{picture().pk}/")
    assert answer.status_code == 302
    assert "/panel/login/" in answer["Location"]


def test_staff_without_the_permission_get_403() -> None:
    assert staff().get(f"/archivos/{picture().pk}/").status_code == 403


def test_who_may_read_chats_sees_a_picture_in_place() -> None:
    answer = staff("view_message").get(f"/archivos/{picture().pk}/")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "attachment" not in answer["Content-Disposition"]


def test_what_a_browser_could_run_is_only_downloaded() -> None:
    page = store_media(data=b"<script>1</script>", kind="document", filename="a.html", mimetype="text/html")
    answer = staff("view_message").get(f"/archivos/{page.pk}/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_file_that_is_no_longer_on_the_disk_is_not_found() -> None:
    media = picture()
    media.file.storage.delete(media.file.name)
    assert staff("view_message").get(f"/archivos/{media.pk}/").status_code == 404
