"""The connection itself: to a checked address only, with an end in time whatever the other side does."""

import smtplib
import socket
import ssl
import threading
from contextlib import suppress

from integrations.outbound import Resolve, connect


class Plain(smtplib.SMTP):
    """In clear, until STARTTLS. `domain` is who we say we are; `open` connects and hears the greeting.

    `timeout` is seconds for each answer. After `deadline` seconds the connection is cut, also under a server that says
    a letter now and then: what is shut down is a twin of the socket, which stays that of the connection under TLS.
    """

    def __init__(
        self, domain: str, *, timeout: float, deadline: float, resolve: Resolve, context: ssl.SSLContext
    ) -> None:
        self._resolve, self._context, self._deadline = resolve, context, deadline
        self._twin: socket.socket | None = None
        self._timer: threading.Timer | None = None
        super().__init__(local_hostname=domain, timeout=timeout)

    def open(self, host: str, port: int) -> None:
        """Raises: AddressRefused, OSError (smtplib's errors are of it too)."""
        self._host = host  # the name that its certificate has to prove
        code, said = self.connect(host, port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, said)

    def close(self) -> None:
        super().close()
        if self._timer is not None:
            self._timer.cancel()
        if self._twin is not None:
            self._twin.close()

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        sock = connect(host, port, timeout=timeout, resolve=self._resolve)
        self._twin = sock.dup()
        self._timer = threading.Timer(self._deadline, self._cut)
        self._timer.daemon = True
        self._timer.start()
        return sock

    def _cut(self) -> None:
        if self._twin is not None:
            with suppress(OSError):
                self._twin.shutdown(socket.SHUT_RDWR)


class Secure(Plain):
    """TLS from the first byte."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = super()._get_socket(host, port, timeout)
        try:
            return self._context.wrap_socket(plain, server_hostname=host)
        except OSError:
            plain.close()
            raise
