"""`manage.py prepare`: what each start and each upgrade run."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from backoffice.common.management.commands import prepare


def test_a_database_out_of_reach_is_named_without_its_password():
    said = prepare.unreachable(
        {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": "db.fibrasur.com.ar",
            "PORT": "",
            "NAME": "mostrador",
            "USER": "elena",
            "PASSWORD": "secretísima",
        },
        "connection refused",
    )
    assert "db.fibrasur.com.ar:5432/mostrador (postgresql)" in said
    assert "connection refused" in said
    assert "DATABASE_URL" in said
    assert "secretísima" not in said


@pytest.mark.django_db
def test_it_stops_with_that_message(monkeypatch):
    def refuse() -> None:
        raise OperationalError("unable to open database file")

    monkeypatch.setattr(connection, "ensure_connection", refuse)
    with pytest.raises(CommandError, match="No me pude conectar"):
        call_command("prepare", "--quiet")


def test_a_changed_static_file_changes_the_fingerprint(settings, tmp_path):
    settings.STATICFILES_DIRS = [tmp_path]
    style = tmp_path / "look.css"
    style.write_text("a{}", encoding="utf-8")
    before = prepare.fingerprint()
    assert before == prepare.fingerprint()
    style.write_text("a{color:red}", encoding="utf-8")
    changed = prepare.fingerprint()
    style.unlink()
    assert len({before, changed, prepare.fingerprint()}) == 3


@pytest.mark.django_db
def test_it_may_be_repeated_and_then_has_nothing_to_do(settings, tmp_path):
    settings.DEMO = False
    settings.STATIC_ROOT = tmp_path / "static"
    call_command("prepare", "--quiet")
    said = StringIO()
    call_command("prepare", stdout=said)
    assert said.getvalue() == ""
    assert (settings.STATIC_ROOT / ".sources").exists()
