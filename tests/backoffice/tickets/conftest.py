"""The desk of every ticket story: Soporte and Ventas made, Juan with three seats, Ana with two."""

import pytest

from backoffice.agents.models import Agent, WhatsAppGroup
from backoffice.channels.models import Channel
from backoffice.conversations.models import Conversation
from tests.backoffice import desk
from tests.cast import ANA, JUAN


@pytest.fixture
def channel(db: None) -> Channel:
    return desk.open_for_business()


@pytest.fixture
def support(channel: Channel) -> WhatsAppGroup:
    return desk.group(channel, "support", "🎫 Soporte - FibraSur")


@pytest.fixture
def sales(channel: Channel) -> WhatsAppGroup:
    return desk.group(channel, "sales", "💰 Ventas - FibraSur")


@pytest.fixture
def supervisors(channel: Channel) -> WhatsAppGroup:
    return desk.group(channel, "supervisor", "👔 Supervisores - FibraSur")


@pytest.fixture
def juan(channel: Channel, support: WhatsAppGroup) -> Agent:
    return desk.agent(channel, JUAN, groups=3)


@pytest.fixture
def ana(channel: Channel, support: WhatsAppGroup) -> Agent:
    return desk.agent(channel, ANA, groups=2)


@pytest.fixture
def maria(channel: Channel) -> Conversation:
    """María's chat."""
    return desk.chat_of(channel)
