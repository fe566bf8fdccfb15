"""`make up` before anything starts, and what it says."""

import socket
from pathlib import Path

import pytest

from backoffice import supervise, welcome


def test_a_taken_port_is_named_with_the_way_out():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(supervise.CannotStart) as refusal:
            supervise.refuse_taken_port("127.0.0.1", port)
    assert f"El puerto {port}" in str(refusal.value)
    assert "make up PORT=" in str(refusal.value)


def test_a_free_port_passes():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    supervise.refuse_taken_port("127.0.0.1", port)


def test_the_same_folder_is_started_once(tmp_path: Path):
    first = supervise.only_one(tmp_path / "up.lock")
    with pytest.raises(supervise.CannotStart, match="ya está andando"):
        supervise.only_one(tmp_path / "up.lock")
    first.close()
    supervise.only_one(tmp_path / "up.lock").close()


def test_a_folder_with_odd_signs_in_its_name_is_still_one_command(monkeypatch):
    monkeypatch.setattr(supervise.settings, "BASE_DIR", Path("/srv/Mi 100% empresa"))
    monkeypatch.setattr(supervise.sys, "executable", "/srv/Mi 100% empresa/.venv/bin/python")
    written = supervise.configuration()
    assert "directory = /srv/Mi 100%% empresa\n" in written
    assert "command = '/srv/Mi 100%% empresa/.venv/bin/python' -m bot\n" in written


def test_the_last_words_of_a_process_are_its_last_lines(tmp_path: Path):
    log = tmp_path / "bot.log"
    log.write_text("\n".join(f"línea {number}" for number in range(1, 5001)), encoding="utf-8")
    words = supervise.last_words(log, lines=2).split("\n")
    assert [word.strip() for word in words] == ["línea 4999", "línea 5000"]
    assert supervise.last_words(tmp_path / "absent.log") == ""


def test_the_box_is_straight(settings):
    rows = welcome.box(["corta", "una línea más larga", ""]).strip().split("\n")
    assert len({len(row) for row in rows}) == 1


def test_the_demo_says_who_to_be_and_what_to_try(monkeypatch):
    monkeypatch.setattr(welcome.settings, "DEMO", True)
    said = "\n".join(welcome.lines())
    assert "fibrasur" in said
    assert f"http://127.0.0.1:{welcome.settings.PORT}/simulator/" in said


def test_an_empty_installation_says_that_the_password_must_change(monkeypatch):
    monkeypatch.setattr(welcome.settings, "DEMO", False)
    assert "Contraseña: admin  (sólo la primera vez: te va a pedir otra)" in "\n".join(welcome.lines())


def test_a_password_of_the_environment_is_not_shown(monkeypatch):
    monkeypatch.setattr(welcome.settings, "DEMO", False)
    monkeypatch.setenv("ADMIN_USER", "elena")
    monkeypatch.setenv("ADMIN_PASSWORD", "secretísima")
    said = "\n".join(welcome.lines())
    assert "elena" in said
    assert "secretísima" not in said


def test_a_panel_that_does_not_listen_does_not_answer():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    assert welcome.panel_answers("127.0.0.1", port) is False
