"""FibraSur's mail: a server on this machine, connected, and the people who get it."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from backoffice.accounts.models import User
from backoffice.common import worker
from backoffice.common.models import Job
from backoffice.connections.models import Connection
from backoffice.connections.services import save_connection
from tests.backoffice.panel.conftest import PASSWORD, _nothing_kept, admin, signed_in, staff
from tests.outside_mail import MailServer, mail_server

__all__ = ["PASSWORD", "_nothing_kept", "admin", "signed_in", "staff"]
SECRET = "clave-de-la-casilla"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server(user="avisos@fibrasur.test", password=SECRET) as place:
        yield place


@pytest.fixture
def post(server: MailServer, db: None) -> MailServer:
    """The server, with the connection that mails leave by."""
    row = Connection(kind="mail", provider="smtp", name="Correo")
    save_connection(connection=row, settings=server.settings(), secrets={"password": SECRET}, by=None)
    return server


@pytest.fixture
def ana(staff: Callable[..., User]) -> User:
    user = staff("Operador", username="ana")
    user.first_name, user.last_name, user.email = "Ana", "Ruiz", "ana@fibrasur.test"
    user.save()
    return user


def works() -> None:
    """The worker does all that is due, also what it put off."""
    for _ in range(worker.TRIES + 1):
        Job.objects.filter(state="pending").update(not_before=timezone.now() - timedelta(seconds=1))
        worker.work()
