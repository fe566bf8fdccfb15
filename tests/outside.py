"""Somebody else's server, on loopback: it answers the very bytes it is told, and remembers what it was asked."""

import json
import socket
import ssl
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Asked:
    """A request as it came."""

    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Outside:
    """`reply` is sent to whoever asks; None keeps them waiting for ever, and `drip` repeats it without end."""

    port: int
    scheme: str = "http"
    reply: bytes | None = b""
    drip: bytes = b""
    asked: list[Asked] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def answers(
        self, body: Any = "", *, status: str = "200 OK", kind: str = "application/json", **headers: str
    ) -> None:
        content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(content)}", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.reply = "\r\n".join(lines).encode() + b"\r\n\r\n" + content


@contextmanager
def listening(*, tls: bool = False) -> Iterator[Outside]:
    """One of them for the length of the block."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        place = Outside(server.getsockname()[1], "https" if tls else "http")
        stop = threading.Event()
        thread = threading.Thread(target=_serve, args=(server, place, stop, own_certificate() if tls else None))
        thread.start()
        try:
            yield place
        finally:
            stop.set()
            with socket.socket() as last:  # wakes the thread that waits for somebody
                last.connect_ex(("127.0.0.1", place.port))
            thread.join()


def _serve(server: socket.socket, place: Outside, stop: threading.Event, context: ssl.SSLContext | None) -> None:
    while not stop.is_set():
        plain, _ = server.accept()
        try:
            plain.settimeout(10)
            with context.wrap_socket(plain, server_side=True) if context else plain as caller:
                _attend(caller, place, stop)
        except OSError:  # the caller went away, or did not like the certificate
            plain.close()


def _attend(caller: socket.socket, place: Outside, stop: threading.Event) -> None:
    asked = _read(caller)
    if asked is None:
        return
    place.asked.append(asked)
    if place.reply is None:
        stop.wait(10)
        return
    caller.sendall(place.reply)
    while place.drip and not stop.is_set():
        caller.sendall(place.drip)


def _read(caller: socket.socket) -> Asked | None:
    data = b""
    while b"\r\n\r\n" not in data:
        part = caller.recv(65536)
        if not part:
            return None
        data += part
        if data.startswith(b"\x16"):  # a TLS greeting, where none is spoken
            return Asked("TLS", {}, data)
    head, _, body = data.partition(b"\r\n\r\n")
    line, *rest = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in rest)}
    while len(body) < int(headers.get("content-length", 0)):
        body += caller.recv(65536)
    return Asked(line, headers, body)


@cache
def own_certificate() -> ssl.SSLContext:
    """A certificate that nobody but its server vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mikrowisp.local")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    signed = made.sign(key, hashes.SHA256())
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "own.pem"
        pem = serialization.Encoding.PEM
        private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        file.write_bytes(private + signed.public_bytes(pem))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
    return context
