"""SMTP against a server that speaks its very bytes: what goes out, and what each failure means."""

import base64
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from integrations import registry
from integrations.addresses import WrongValue
from integrations.errors import (
    BadCredentials,
    IntegrationError,
    OutcomeUnknown,
    Rejected,
    Throttled,
    Unavailable,
    Untrusted,
)
from integrations.health import HealthState
from integrations.mail.base import Mail, RecipientRefused, WrongSecurity, clean_mailbox
from integrations.mail.smtp import clean_password
from integrations.mail.smtp.client import Smtp
from integrations.outbound import AddressRefused
from tests.outside_mail import CUT, SILENT, MailServer, mail_server

USER, PASSWORD = "avisos@fibrasur.test", "abcdefghijklmnop"
MAIL = Mail("elena@fibrasur.test", "Cómo ingresar", "Hola Elena:\n\n.con puntos\nñandú\n", "<uno@panel.fibrasur.test>")


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server(user=USER, password=PASSWORD) as place:
        yield place


def client(server: MailServer, **changed: Any) -> Any:
    return registry.build("integrations.mail", "smtp", server.settings(**changed), {"password": PASSWORD})


def quick(server: MailServer, **changed: Any) -> Smtp:
    """One that waits less than a person would."""
    kept = {"security": "none", "user": USER, "password": PASSWORD, "sender": USER, "timeout": 0.2} | changed
    return Smtp(host="127.0.0.1", port=server.port, **kept)


def test_a_mail_arrives_whole_with_its_own_number(server: MailServer) -> None:
    client(server).send(MAIL)
    [mail] = server.mails
    assert mail["From"] == "FibraSur <avisos@fibrasur.test>"
    assert (mail["To"], mail["Subject"]) == ("elena@fibrasur.test", "Cómo ingresar")
    assert (mail["Message-ID"], mail["Auto-Submitted"]) == ("<uno@panel.fibrasur.test>", "auto-generated")
    assert mail.get_content() == "Hola Elena:\n\n.con puntos\nñandú\n"
    assert server.said[-1] == "QUIT"


def test_no_text_can_add_a_header_or_a_recipient(server: MailServer) -> None:
    sly = "Hola\r\nBcc: otra@fibrasur.test\r\n\r\nfuera"
    client(server, sender_name="Fibra\r\nBcc: x@y.z").send(Mail(MAIL.to, sly, "uno\r\n.\r\nRCPT TO:<x@y.z>", "<a@b.c>"))
    [mail] = server.mails
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Hola Bcc: otra@fibrasur.test fuera"
    assert [line for line in server.said if line.upper().startswith("RCPT")] == ["rcpt TO:<elena@fibrasur.test>"]
    for wrong in ("a@b.test\r\nRCPT TO:<x@y.z>", "a b@c.test", "<a@b.test>", "ñ@b.test", "a@b", "a@-b.test", "a@b..c"):
        with pytest.raises(WrongValue):
            clean_mailbox(wrong)


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_with_tls_the_certificate_has_to_be_good(tls: str, caplog: pytest.LogCaptureFixture) -> None:
    with mail_server(tls=tls, user=USER, password=PASSWORD) as server:
        assert client(server).check().ok
        health = client(server, verify_tls=True).check()
        assert health.state is HealthState.UNTRUSTED
        with pytest.raises(Untrusted):
            client(server, verify_tls=True).send(MAIL)
        assert len([line for line in server.said if line.startswith("AUTH")]) == 1, "no password to who proves nothing"
        assert server.mails == []


def test_a_check_sends_nothing_and_says_from_where_mails_leave(server: MailServer) -> None:
    health = client(server).check()
    assert health.ok
    assert "Los correos salen de avisos@fibrasur.test" in health.message
    assert [line.split()[0] for line in server.said] == ["ehlo", "AUTH", "NOOP", "QUIT"]


@pytest.mark.parametrize(
    ("verb", "answer", "error"),
    [
        ("GREETING", "421 busy", Unavailable),
        ("GREETING", "554 no SMTP service here", Rejected),
        ("AUTH", "535 5.7.8 not accepted", BadCredentials),
        ("AUTH", "454 4.7.0 try later", Throttled),
        ("MAIL", "530 authentication required", BadCredentials),
        ("MAIL", "553 sender not allowed", Rejected),
        ("RCPT", "450 greylisted", Throttled),
        ("RCPT", "550 5.1.1 no such user", RecipientRefused),
        ("DATA", "451 local error", Throttled),
        (".", "552 5.3.4 message too big", RecipientRefused),
        (".", "452 no room", Throttled),
        ("RCPT", CUT, Unavailable),
        ("RCPT", SILENT, Unavailable),
        (".", CUT, OutcomeUnknown),
        (".", SILENT, OutcomeUnknown),
    ],
)
def test_each_failure_has_its_class(server: MailServer, verb: str, answer: str, error: type[IntegrationError]) -> None:
    server.answers[verb] = answer
    with pytest.raises(error) as caught:
        quick(server).send(MAIL)
    assert server.mails == []
    assert caught.value.staff_text.endswith((".", "»."))
    if answer[0] == "5":
        assert answer[4:] in caught.value.staff_text, "what the server said helps"


GMAIL = (
    "550-5.4.5 Daily user sending limit exceeded. For more information on Gmail\r\n550-5.4.5 sending limits go to\r\n"
    "550 5.4.5  https://support.google.com/a/answer/166852 d2e1a72fcca58-7b8 - gsmtp"
)
MICROSOFT = "550 5.1.90 Your message can't be sent because you've reached your daily limit for message recipients"
CPANEL = "550 Domain fibrasur.test has exceeded the max emails per hour (100/100 (100%)) allowed. Message discarded."


@pytest.mark.parametrize(
    ("verb", "answer", "hours"),
    [
        ("MAIL", GMAIL, 6),
        ("RCPT", GMAIL, 6),
        (".", GMAIL, 6),
        (".", MICROSOFT, 6),
        ("DATA", CPANEL, 1),
        ("MAIL", "454 Throttling failure: Daily message quota exceeded.", 6),
        ("MAIL", "452 4.5.3 Daily sending quota exceeded", 6),
    ],
)
def test_a_spent_quota_is_waited_for_and_is_no_fault_of_the_letter(
    server: MailServer, verb: str, answer: str, hours: int
) -> None:
    server.answers[verb] = answer
    with pytest.raises(Throttled) as caught:
        quick(server).send(MAIL)
    assert caught.value.after == timedelta(hours=hours)
    assert "La casilla ya mandó todos los correos" in caught.value.staff_text


@pytest.mark.parametrize(
    ("verb", "answer"),
    [
        ("RCPT", "552 5.2.2 The email account that you tried to reach is over quota"),
        (".", "552 5.3.4 Message size exceeds fixed limit"),
    ],
)
def test_a_full_mailbox_or_a_large_letter_is_not_a_spent_quota(server: MailServer, verb: str, answer: str) -> None:
    server.answers[verb] = answer
    with pytest.raises(RecipientRefused):
        quick(server).send(MAIL)


def test_a_server_that_is_busy_is_not_a_spent_quota(server: MailServer) -> None:
    server.answers["RCPT"] = "450 4.4.5 Server busy, try again later"
    with pytest.raises(Throttled) as caught:
        quick(server).send(MAIL)
    assert caught.value.after < timedelta(hours=1)


def test_a_goodbye_that_is_not_answered_changes_nothing(server: MailServer) -> None:
    server.answers["QUIT"] = CUT
    client(server).send(MAIL)
    assert len(server.mails) == 1


def test_security_that_the_server_does_not_speak_is_told_and_no_password_is_said(server: MailServer) -> None:
    for security in ("starttls", "tls"):
        health = client(server, security=security).check()
        assert health.state is HealthState.WRONG_SETTINGS, health
        assert "465 va con TLS" in health.advice
    assert "AUTH" not in " ".join(server.said)
    server.user = ""
    with pytest.raises(WrongSecurity, match="AUTH"):
        client(server, user=USER).send(MAIL)


def test_in_clear_the_password_does_not_cross_the_street(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.mail.smtp.client._is_near", lambda smtp: False)
    health = client(server).check()
    assert health.state is HealthState.WRONG_SETTINGS
    assert "no se mandó" in health.message
    assert "AUTH" not in " ".join(server.said)


@pytest.mark.parametrize(
    "told",
    [
        f"535 wrong: {PASSWORD}",
        f"535 wrong: {PASSWORD.upper()}",
        f"535-wrong: {PASSWORD[:8]}\r\n535 {PASSWORD[8:]}",
        "535 wrong: abcd efgh ijkl mnop",
        f"535 {base64.b64encode(PASSWORD.encode()).decode()}",
        f"535 {base64.b64encode(f'{chr(0)}{USER}{chr(0)}{PASSWORD}'.encode()).decode()}",
    ],
)
def test_a_server_that_repeats_the_password_is_not_quoted(
    server: MailServer, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    server.answers["AUTH"] = told
    with caplog.at_level(logging.DEBUG), pytest.raises(BadCredentials) as caught:
        client(server).send(MAIL)
    everything = f"{caught.value} {caught.value.staff_text} {client(server).check()} {caplog.text}".casefold()
    assert "contestó" not in everything
    assert PASSWORD[:8] not in everything
    assert base64.b64encode(PASSWORD.encode()).decode().casefold() not in everything


def test_what_answers_may_be_no_mail_server_or_a_forbidden_one(server: MailServer) -> None:
    server.answers["GREETING"] = "HTTP/1.1 400 Bad Request"
    assert client(server).check().state is HealthState.WRONG_ADDRESS
    metadata = Smtp(host="mail.fibrasur.test", port=25, sender=USER, resolve=lambda host, port: ["169.254.169.254"])
    assert metadata.check().state is HealthState.WRONG_ADDRESS
    with pytest.raises(AddressRefused):
        metadata.send(MAIL)


def test_a_server_that_never_ends_is_cut_at_the_deadline(server: MailServer) -> None:
    server.answers["RCPT"] = SILENT
    with pytest.raises(Unavailable):
        quick(server, timeout=9, deadline=0.2).send(MAIL)


def test_google_shows_its_passwords_in_groups() -> None:
    assert clean_password(" abcd efgh ijkl mnop ") == "abcdefghijklmnop"
    assert clean_password("dos palabras") == "dos palabras"
    with pytest.raises(WrongValue, match="acentos"):
        clean_password("contraseña")
