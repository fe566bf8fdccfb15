"""A mail is said to the server: between two transactions, never inside one."""

import time
from contextlib import closing

from django.utils import timezone

from backoffice.connections.adapters import adapter_of
from backoffice.connections.models import Connection
from backoffice.connections.services import record_call
from backoffice.mail import services
from backoffice.mail.models import OutgoingMail
from backoffice.mail.selectors import mail_connection
from integrations.diagnosis import state_of
from integrations.errors import IntegrationError, OutcomeUnknown, Rejected
from integrations.health import HealthState
from integrations.mail.base import Mail, RecipientRefused

CALL = "Mandar un correo"
NOT_CONNECTED = "No hay una conexión de correo habilitada."


def deliver(pk: int) -> None:
    """Send a mail that waits, once, and write down how it went.

    Raises: the `IntegrationError` that waiting may mend; any other is told in its row and by an alert.
    """
    mail = services.begin_sending(pk=pk)
    if mail is None:
        return
    connection = mail_connection()
    error = _said(connection, mail) if connection else Rejected("no connection", staff_text=NOT_CONNECTED)
    services.record_outcome(mail=mail, error=error)
    if error is not None and error.retry:
        raise error


def _said(connection: Connection, mail: OutgoingMail) -> IntegrationError | None:
    """The call, with its line in the register. What the other side has against one mail is no fault of the call."""
    at, began = timezone.now(), time.monotonic()
    error: IntegrationError | None = None
    try:
        with closing(adapter_of(connection)) as adapter:
            adapter.send(Mail(mail.to, mail.subject, mail.text, mail.message_id))
    except IntegrationError as found:
        error = found
    ms = round(1000 * (time.monotonic() - began))
    record_call(connection=connection, what=CALL, at=at, ms=ms, result=_result(error))
    return error


def _result(error: IntegrationError | None) -> HealthState:
    if error is None or isinstance(error, RecipientRefused):
        return HealthState.OK
    return HealthState.UNREACHABLE if isinstance(error, OutcomeUnknown) else state_of(error)
