"""Logs: one line an event, who wrote it and what it is about, and no secret whatever it hides in."""

import json
import logging
import logging.config
import subprocess
import sys
from pathlib import Path

import pytest

from backoffice.common import logs
from backoffice.common.logs import HIDDEN, LONGEST, JsonLines, TextLines, redacted

FORMATTERS = [JsonLines(), TextLines()]


def record(message: str, *args: object, **about: object) -> logging.LogRecord:
    return logging.getLogger("bot.sender").makeRecord(
        "bot.sender", logging.WARNING, __file__, 1, message, args, None, extra=about
    )


def failed(error: Exception) -> logging.LogRecord:
    try:
        raise error
    except Exception:  # noqa: BLE001 - any error of a test becomes its traceback
        made = record("it failed")
        made.exc_info = sys.exc_info()
        return made


@pytest.fixture
def channel_process(monkeypatch):
    monkeypatch.setattr(logs, "_named", "")
    logs.name_process("canal 3")


def test_an_event_is_one_line_of_json_that_says_who_and_about_what(channel_process):
    told = JsonLines().format(record("message %d\nis late", 7, lane="3:p:2612345678", message_id=7, other="unknown"))
    assert "\n" not in told
    line = json.loads(told)
    assert (line["level"], line["logger"], line["process"]) == ("WARNING", "bot.sender", "canal 3")
    assert (line["message"], line["lane"], line["message_id"]) == ("message 7\nis late", "3:p:2612345678", 7)
    assert line["time"].endswith("+00:00")
    assert "other" not in line


def test_an_exception_goes_with_its_traceback_on_the_same_line():
    told = JsonLines().format(failed(ValueError("qué pasó")))
    assert "\n" not in told
    assert "ValueError: qué pasó" in json.loads(told)["exception"]
    assert "Traceback" in TextLines().format(failed(ValueError("otra")))


def test_a_person_reads_the_same_as_text(channel_process):
    told = TextLines().format(record("message %d is late", 7, lane="3:p:261"))
    assert told.endswith("WARNING [canal 3] bot.sender: message 7 is late lane=3:p:261")


@pytest.mark.parametrize("formatter", FORMATTERS, ids=["json", "text"])
@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer s3cr3t-s3cr3t",
        "{'Authorization': 'Bearer s3cr3t-s3cr3t'}",
        '{"authorization": "Token s3cr3t-s3cr3t"}',
        "refused with bearer s3cr3t-s3cr3t",
        "GET https://panel.example.com/gateway/mikrowisp/send?destinatario=261&token=s3cr3t-s3cr3t",
        "Not Found: /gateway/mikrowisp/s3cr3t-s3cr3t/send",
        "postgresql://mostrador:s3cr3t-s3cr3t@db/mostrador does not answer",
        "access_token=s3cr3t-s3cr3t",
        'settings: {"api_key": "s3cr3t-s3cr3t", "url": "x"}',
        "apikey = 's3cr3t-s3cr3t con espacios'",
        "SECRET_KEY=s3cr3t-s3cr3t",
        "clave: s3cr3t-s3cr3t",
        "Forbidden (CSRF token missing.): /panel/elegir-clave/7/s3cr3t-s3cr3t/",
        "AUTH PLAIN s3cr3ts3cr3t==",
    ],
)
def test_no_secret_reaches_a_line(formatter, text):
    for told in (
        formatter.format(record(text)),
        formatter.format(record("%s", text)),
        formatter.format(failed(RuntimeError(text))),
        formatter.format(record("about", lane=text)),
    ):
        assert "s3cr3t" not in told
        assert HIDDEN in told


@pytest.mark.parametrize(
    "text",
    ["¿Cómo pago? Quiero saber si=no", "lane 3:p:2612345678 failed (strike 1)", "el token venció", "a?b", "1:2@3"],
)
def test_what_is_no_secret_is_left_as_it_is(text):
    assert redacted(text) == text


def test_a_strange_text_neither_breaks_nor_fills_the_log():
    told = JsonLines().format(record("\ud800 " + "a-" * 100_000))
    assert len(told) < 2 * LONGEST
    assert json.loads(told)["message"].startswith("? a-a-")


@pytest.mark.parametrize(
    ("argv", "role"),
    [
        (["manage.py", "qcluster"], "qcluster"),
        (["/opt/x/manage.py"], "manage"),
        (["/lib/granian/__main__.py", "--port", "1"], "granian"),
        (["x/y.py"], "y"),
        ([], "python"),
    ],
)
def test_a_command_is_called_by_its_name(monkeypatch, argv, role):
    monkeypatch.setattr(logs, "_named", "")
    monkeypatch.setattr(sys, "argv", argv)
    assert logs.process_role() == role


def test_in_production_every_line_of_every_process_is_json():
    """Django's own too (a refused host), as a real start under production settings writes it."""
    script = (
        "import django; django.setup()\n"
        "import logging\n"
        "logging.getLogger('bot').warning('late', extra={'lane': '3:p:261'})\n"
        "from django.test import Client\n"
        "Client().get('/health/live', headers={'host': 'evil.example.com'})\n"
    )
    environment = {
        "DJANGO_SETTINGS_MODULE": "backoffice.settings",
        "ENVIRONMENT": "production",
        "SECRET_KEY": "only-for-tests-" + "0" * 50,
        "ALLOWED_HOSTS": "panel.example.com",
        "PUBLIC_URL": "https://panel.example.com",
        "DATABASE_URL": "sqlite://:memory:",
        "PATH": "/usr/bin:/bin",
    }
    root = Path(logs.__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", script], cwd=root, env=environment, capture_output=True, text=True)
    written = {line["logger"]: line for line in map(json.loads, done.stderr.splitlines())}
    assert {"bot", "django.security.DisallowedHost"} <= set(written)
    assert written["bot"]["lane"] == "3:p:261"
    assert all({"time", "level", "process", "message"} <= set(line) for line in written.values())


def test_the_web_server_writes_as_the_rest():
    told = json.loads((Path(logs.__file__).parents[1] / "web_log.json").read_text(encoding="utf-8"))
    logging.config.dictConfig(told)
    [handler] = logging.getLogger("_granian").handlers
    assert isinstance(handler.formatter, JsonLines)
