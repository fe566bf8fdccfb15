"""Somebody else's mail server, on loopback: it speaks SMTP's bytes, refuses what it is told to, keeps the rest."""

import base64
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from tests.outside import own_certificate

CUT, SILENT = "cut", "silent"


@dataclass
class MailServer:
    """`answers` changes what a verb gets («RCPT»: «550 5.1.1 no such user»; «.» is the end of a mail); CUT hangs up and
    SILENT never answers. `said` are the lines that were heard, `mails` what was taken charge of.
    """

    port: int
    user: str = ""
    password: str = ""
    tls: str = ""  # "", "tls" or "starttls"
    answers: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(one.replace(b"\r\n", b"\n"), policy=default) for one in self.raw]  # type: ignore[misc]

    def settings(self, **changed: object) -> dict[str, object]:
        """What staff would fill in to use it."""
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "security": self.tls or "none",
            "user": self.user,
            "sender": "avisos@fibrasur.test",
            "sender_name": "FibraSur",
            "verify_tls": False,
        } | changed


@contextmanager
def mail_server(*, tls: str = "", user: str = "", password: str = "") -> Iterator[MailServer]:
    """One of them for the length of the block."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        place = MailServer(listener.getsockname()[1], user, password, tls)
        stop = threading.Event()
        thread = threading.Thread(target=_serve, args=(listener, place, stop))
        thread.start()
        try:
            yield place
        finally:
            stop.set()
            with socket.socket() as last:  # wakes the thread that waits for somebody
                last.connect_ex(("127.0.0.1", place.port))
            thread.join()


def _serve(listener: socket.socket, place: MailServer, stop: threading.Event) -> None:
    while not stop.is_set():
        caller, _ = listener.accept()
        if stop.is_set():
            caller.close()
            return
        _Talk(caller, place, stop).run()


class _Hangup(Exception):
    pass


class _Talk:
    """One caller, from the greeting to the goodbye."""

    def __init__(self, caller: socket.socket, place: MailServer, stop: threading.Event) -> None:
        self.caller, self.place, self.stop = caller, place, stop
        self.secure = False
        self.rest = b""

    def run(self) -> None:
        try:
            self.caller.settimeout(10)
            if self.place.tls == "tls":
                self._wrap()
            self._say("GREETING", "220 mail.fibrasur.test ESMTP")
            while line := self._line():
                self._answer(line)
        except (_Hangup, OSError):  # the caller went away, or did not like the certificate
            pass
        finally:
            self.caller.close()

    def _answer(self, line: str) -> None:
        self.place.said.append(line)
        verb, _, rest = line.partition(" ")
        verb = verb.upper()
        if verb == "EHLO":
            self._say("EHLO", "\r\n".join(self._offers()))
        elif verb == "STARTTLS":
            self._say(verb, "220 go ahead")
            self._wrap()
        elif verb == "AUTH":
            good = base64.b64encode(f"\0{self.place.user}\0{self.place.password}".encode()).decode()
            self._say(verb, "235 ok" if rest == f"PLAIN {good}" else "535 5.7.8 Username and Password not accepted")
        elif verb == "DATA":
            if self._say(verb, "354 end with a dot").startswith("354"):
                self._take()
        elif verb == "QUIT":
            self._say(verb, "221 bye")
            raise _Hangup
        else:
            self._say(verb, "250 ok")

    def _offers(self) -> list[str]:
        offers = ["mail.fibrasur.test", "SIZE 1000000"]
        if self.place.tls == "starttls" and not self.secure:
            offers.append("STARTTLS")
        elif self.place.user:
            offers.append("AUTH PLAIN")
        return [*(f"250-{one}" for one in offers[:-1]), f"250 {offers[-1]}"]

    def _take(self) -> None:
        lines = []
        while (line := self._read()) != b".":
            lines.append(line[1:] if line.startswith(b".") else line)
        told = self._say(".", "250 2.0.0 queued")
        if told.startswith("250"):
            self.place.raw.append(b"\r\n".join(lines) + b"\r\n")

    def _say(self, verb: str, otherwise: str) -> str:
        told = self.place.answers.get(verb, otherwise)
        if told == CUT:
            raise _Hangup
        if told == SILENT:
            self.stop.wait(10)
            raise _Hangup
        self.caller.sendall(told.encode() + b"\r\n")
        return told

    def _wrap(self) -> None:
        self.caller = own_certificate().wrap_socket(self.caller, server_side=True)
        self.secure = True

    def _line(self) -> str:
        return self._read().decode("ascii", "replace")

    def _read(self) -> bytes:
        while b"\r\n" not in self.rest:
            part = self.caller.recv(65536)
            if not part:
                raise _Hangup
            self.rest += part
        line, _, self.rest = self.rest.partition(b"\r\n")
        return line


__all__ = ["CUT", "SILENT", "MailServer", "mail_server"]
