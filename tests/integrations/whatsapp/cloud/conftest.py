"""Meta's server on loopback, and the adapter that speaks to it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from integrations.whatsapp.cloud.client import CloudTransport
from tests.integrations.whatsapp.cloud.meta import ACCOUNT_ID, NUMBER_ID, TOKEN, VERSION, Meta, running

Connect = Callable[..., CloudTransport]


@pytest.fixture
def meta() -> Iterator[Meta]:
    with running() as meta:
        yield meta


@pytest.fixture
def connect(meta: Meta) -> Iterator[Connect]:
    """Our number at that server; whatever is said otherwise is changed."""
    made: list[CloudTransport] = []

    def build(**changed: Any) -> CloudTransport:
        usual = {"number_id": NUMBER_ID, "account_id": ACCOUNT_ID, "token": TOKEN, "version": VERSION}
        made.append(CloudTransport(**usual | {"base_url": meta.url, "timeout": 5.0, "inlet": meta} | changed))
        return made[-1]

    yield build
    for transport in made:
        transport.close()


@pytest.fixture
def cloud(connect: Connect) -> CloudTransport:
    return connect()
