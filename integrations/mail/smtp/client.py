"""SMTP by the standard library: where each failure happened decides what it means.

Before the final dot nothing was sent, so it may be tried again. After it, silence is doubt. What the server says is
told to staff without the password, however it comes back (whole, in base64, in other letters, cut in pieces).
"""

import base64
import ipaddress
import logging
import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from email.utils import localtime

from integrations.diagnosis import health_of
from integrations.errors import (
    BadCredentials,
    IntegrationError,
    OutcomeUnknown,
    Rejected,
    Throttled,
    Unavailable,
    Untrusted,
    WrongAnswer,
)
from integrations.health import Health, HealthState
from integrations.http import cause_of
from integrations.mail.base import Mail, RecipientRefused, WrongSecurity, one_line
from integrations.mail.smtp.wire import Plain, Secure
from integrations.outbound import Resolve, resolved

logger = logging.getLogger(__name__)

SYSTEM = "un servidor de correo"
TLS, STARTTLS, NONE = "tls", "starttls", "none"
TIMEOUT, DEADLINE = 15.0, 60.0  # seconds: each answer, and all of it
WAIT = timedelta(minutes=5)  # what a server that greylists asks for
HOURLY, DAILY = timedelta(hours=1), timedelta(hours=6)  # until there is room again; the worker's tries reach over a day
TOLD = 160  # letters of what a server says
_FIRST_DOT = re.compile(rb"^\.", re.MULTILINE)
_OF_THE_KEY = (530, 534, 535, 538)
_SPENT = re.compile(  # the account has sent all it may for now, which some tell as if it were for good
    r"\b5\.4\.5\b"  # Gmail: «550 5.4.5 Daily user sending limit exceeded»
    r"|\b5\.1\.90\b"  # Microsoft 365: «… because you've reached your daily limit for message recipients»
    r"|\bdaily\b.*\b(limit|quota)\b"  # Amazon SES: «454 Throttling failure: Daily message quota exceeded»
    r"|\bmax (emails|messages) per (hour|day)\b"  # cPanel
    r"|\bsending (limit|quota)\b",
    re.IGNORECASE,
)
_AN_HOUR = re.compile(r"\bhour", re.IGNORECASE)
_BY_SECURITY = "El puerto 465 va con TLS y el 587 con STARTTLS."
ADVICE = {
    HealthState.BAD_CREDENTIALS: "Revisá el usuario y copiá de nuevo la contraseña. En Gmail tiene que ser una "
    "contraseña de aplicación; en Microsoft 365, la casilla tiene que permitir «SMTP autenticado».",
    HealthState.UNREACHABLE: f"Revisá el servidor y el puerto. {_BY_SECURITY} "
    "Algunos proveedores cierran esos puertos: si está bien, consultales.",
    HealthState.WRONG_ADDRESS: "Revisá el servidor y el puerto: tienen que ser los de correo saliente (SMTP).",
    HealthState.UNTRUSTED: "Poné el nombre del servidor tal como lo da tu proveedor, no una IP. Si el servidor es tuyo "
    "y tiene un certificado propio, apagá «Verificar el certificado» en Avanzado.",
    HealthState.REJECTED: "Leé lo que contestó y consultá a tu proveedor de correo.",
    HealthState.WRONG_SETTINGS: f"Revisá el puerto y la seguridad. {_BY_SECURITY}",
}
Meaning = Callable[[int, str], IntegrationError]


class Smtp:
    """One account in one server; each call opens its own connection and closes it."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        security: str = TLS,
        user: str = "",
        password: str = "",
        sender: str = "",
        sender_name: str = "",
        verify: bool = True,
        timeout: float = TIMEOUT,
        deadline: float = DEADLINE,
        resolve: Resolve = resolved,
    ) -> None:
        self._host, self._port, self._security = host, port, security
        self._user, self._password = user, password
        self._sender, self._sender_name = sender, sender_name
        self._verify, self._timeout, self._deadline, self._resolve = verify, timeout, deadline, resolve

    def check(self) -> Health:
        """Connect, be let in and say NOOP: nothing is sent."""
        try:
            with self._inside() as server:
                self._expect(server.docmd("NOOP"), _refused)
        except WrongSecurity as error:
            return Health(HealthState.WRONG_SETTINGS, error.staff_text, ADVICE[HealthState.WRONG_SETTINGS])
        except IntegrationError as error:
            return health_of(error, SYSTEM, ADVICE)
        who = f"y acepta a «{self._user}»" if self._user else "y no pide usuario"
        return Health(HealthState.OK, f"El servidor de correo contesta {who}. Los correos salen de {self._sender}.")

    def send(self, mail: Mail) -> None:
        """Raises: any of `errors.py`."""
        content = self._written(mail)
        with self._inside() as server:
            self._expect(server.mail(self._sender), _sender_refused)
            self._expect(server.rcpt(mail.to), _recipient_refused)
            self._expect(server.docmd("DATA"), _mail_refused, wanted=354)
            server.send(content)  # what fails here left it without its final dot: it is thrown away over there
            self._end(server)

    def close(self) -> None:
        """There is nothing to free."""

    def _end(self, server: smtplib.SMTP) -> None:
        try:
            server.send(b".\r\n")
            answer = server.getreply()
        except OSError as error:
            raise OutcomeUnknown(
                f"no answer after the whole mail: {type(error).__name__}",
                staff_text="El servidor recibió el correo y se cortó antes de contestar: no se sabe si salió.",
            ) from error
        self._expect(answer, _mail_refused)

    @contextmanager
    def _inside(self) -> Iterator[smtplib.SMTP]:
        """A connection that was let in; what breaks in the block is told by its class. The server is told goodbye."""
        domain = self._sender.rpartition("@")[2] or "localhost"
        kind = Secure if self._security == TLS else Plain
        context = self._context()
        server = kind(domain, timeout=self._timeout, deadline=self._deadline, resolve=self._resolve, context=context)
        try:
            server.open(self._host, self._port)
            self._enter(server)
            yield server
            with suppress(OSError):  # of smtplib's errors too: what was done is done
                server.docmd("QUIT")
        except OSError as error:
            raise self._meaning_of(error) from error
        finally:
            server.close()

    def _meaning_of(self, error: OSError) -> IntegrationError:
        """What smtplib, the socket or the certificate said, before the mail was whole."""
        if isinstance(error, smtplib.SMTPResponseException):
            told = self._said(error.smtp_error)
            return _later(error.smtp_code, told) if 400 <= error.smtp_code < 500 else _refused(error.smtp_code, told)
        if isinstance(error, smtplib.SMTPServerDisconnected):
            return _cut(error)
        beginning = cause_of(error)
        if isinstance(beginning, ssl.SSLCertVerificationError):
            told = "El certificado de ese servidor no es válido, así que no le mandamos la contraseña."
            return Untrusted("certificate", staff_text=told)
        if isinstance(beginning, ssl.SSLError):
            return WrongSecurity("no TLS", staff_text="En ese puerto el servidor no habla TLS desde el principio.")
        return Unavailable(type(error).__name__)

    def _enter(self, server: smtplib.SMTP) -> None:
        self._expect(server.ehlo(), _refused)
        if self._security == STARTTLS:
            if not server.has_extn("starttls"):
                raise WrongSecurity("no STARTTLS", staff_text="Ese servidor no ofrece STARTTLS en ese puerto.")
            self._expect(server.starttls(context=self._context()), _refused)
            self._expect(server.ehlo(), _refused)
        if self._user:
            self._log_in(server)

    def _log_in(self, server: smtplib.SMTP) -> None:
        if self._security == NONE and not _is_near(server):
            raise WrongSecurity(
                "a password in clear",
                staff_text="Sin seguridad la contraseña viajaría a la vista por Internet, así que no se mandó.",
            )
        try:
            server.login(self._user, self._password)
        except smtplib.SMTPAuthenticationError as error:
            raise _key_refused(error.smtp_code, self._said(error.smtp_error)) from None  # what it was told is not kept
        except smtplib.SMTPNotSupportedError:
            told = "Ese servidor no pide usuario y contraseña en ese puerto."
            raise WrongSecurity("no AUTH", staff_text=told) from None
        except smtplib.SMTPServerDisconnected:
            raise
        except smtplib.SMTPException:
            told = "Ese servidor pide ingresar de una forma que Mostrador no conoce."
            raise WrongSecurity("no known AUTH", staff_text=told) from None

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if not self._verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def _written(self, mail: Mail) -> bytes:
        """The mail's bytes, dots doubled, up to before the final one. Headers take no line ends: none can be added."""
        message = EmailMessage(policy=POLICY)
        message["From"] = Address(one_line(self._sender_name, 60), addr_spec=self._sender)
        message["To"] = Address(addr_spec=mail.to)
        message["Subject"] = one_line(mail.subject)
        message["Message-ID"] = one_line(mail.message_id)
        message["Date"] = localtime()
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.text, cte="quoted-printable")
        content = _FIRST_DOT.sub(b"..", message.as_bytes())
        return content if content.endswith(b"\r\n") else content + b"\r\n"

    def _expect(self, answer: tuple[int, bytes], meaning: Meaning, *, wanted: int = 0) -> None:
        """Raises what `meaning` makes of a refusal; a passing one (4xx, or no quota left) means the same everywhere."""
        code, said = answer
        if code == wanted or (not wanted and 200 <= code < 300):
            return
        told = self._said(said)
        logger.debug("SMTP answered %s", code)
        if code in _OF_THE_KEY:
            raise _key_refused(code, told)
        if 400 <= code < 500 or (code >= 500 and _SPENT.search(told)):
            raise _later(code, told)
        raise meaning(code, told)

    def _said(self, raw: bytes | str) -> str:
        """What the server said, for staff; nothing when the password is in it in any form."""
        text = raw if isinstance(raw, str) else raw.decode("utf-8", "replace")
        line = one_line(text, TOLD)
        whole = _squeezed(text)
        if any(form in whole for form in self._forms_of_the_password()):
            return ""
        return line

    def _forms_of_the_password(self) -> list[str]:
        if not self._password:
            return []
        both = f"\0{self._user}\0{self._password}"
        coded = [base64.b64encode(text.encode()).decode().rstrip("=") for text in (self._password, both)]
        return [_squeezed(form) for form in (self._password, *coded)]


def _squeezed(text: str) -> str:
    return "".join(char for char in text if not char.isspace() and char != "-").casefold()


def _is_near(server: smtplib.SMTP) -> bool:
    """This very machine or its own network: what is said in clear crosses no street."""
    peer = server.sock.getpeername()[0] if server.sock else ""
    return bool(peer) and ipaddress.ip_address(str(peer).partition("%")[0]).is_private


# --- what each refusal means ---


def _with(text: str, told: str) -> str:
    return f"{text} Contestó: «{told}»." if told else text


def _key_refused(code: int, told: str) -> IntegrationError:
    if code < 500:
        return _later(code, told)
    if code == 530:
        return BadCredentials(f"SMTP {code}", staff_text=_with("El servidor pide usuario y contraseña.", told))
    return BadCredentials(f"SMTP {code}", staff_text=_with("El servidor no acepta el usuario o la contraseña.", told))


def _later(code: int, told: str) -> IntegrationError:
    if _SPENT.search(told):
        text = _with("La casilla ya mandó todos los correos que le permiten. Se vuelve a intentar solo.", told)
        return Throttled(f"SMTP {code}: quota", after=HOURLY if _AN_HOUR.search(told) else DAILY, staff_text=text)
    if code == 421:
        return Unavailable(f"SMTP {code}", staff_text=_with("El servidor de correo no atiende en este momento.", told))
    text = _with("El servidor de correo pide esperar. Se vuelve a intentar solo.", told)
    return Throttled(f"SMTP {code}", after=WAIT, staff_text=text)


def _refused(code: int, told: str) -> IntegrationError:
    if code < 0:
        return WrongAnswer("no SMTP", staff_text="En ese puerto no contesta un servidor de correo, sino otra cosa.")
    return Rejected(f"SMTP {code}", staff_text=_with(f"El servidor de correo no nos atiende ({code}).", told))


def _sender_refused(code: int, told: str) -> IntegrationError:
    return Rejected(f"SMTP {code} to MAIL", staff_text=_with("El servidor no acepta el remitente.", told))


def _recipient_refused(code: int, told: str) -> IntegrationError:
    return RecipientRefused(f"SMTP {code} to RCPT", staff_text=_with("El servidor no acepta al destinatario.", told))


def _mail_refused(code: int, told: str) -> IntegrationError:
    return RecipientRefused(f"SMTP {code} to DATA", staff_text=_with("El servidor no acepta el correo.", told))


def _cut(error: smtplib.SMTPServerDisconnected) -> IntegrationError:
    """The connection ended before the final dot, so nothing was sent."""
    beginning = error.__context__
    if isinstance(beginning, TimeoutError):
        return Unavailable("no answer in time", staff_text="El servidor de correo no contestó a tiempo.")
    return Unavailable("cut", staff_text="El servidor de correo cortó la conexión antes de recibir el correo.")
