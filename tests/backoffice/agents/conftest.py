"""A number that carries the groups, and nothing else yet."""

import pytest

from backoffice.channels.models import Channel
from tests.backoffice import desk


@pytest.fixture
def channel(db: None) -> Channel:
    return desk.open_for_business()
