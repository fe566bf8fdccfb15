"""María, who talks with the bot, and Sofía, who sells from the panel."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from backoffice.accounts.models import User
from backoffice.accounts.prepare import prepare
from backoffice.conversations.models import Conversation
from backoffice.sales import services
from backoffice.sales.models import SalesOrder
from tests.backoffice import desk
from tests.cast import MARIA, Person

Order = Callable[..., SalesOrder]


@pytest.fixture
def maria(db: None) -> Conversation:
    return desk.chat_of(desk.open_for_business(), MARIA)


@pytest.fixture
def sofia(db: None) -> User:
    prepare()
    user = User.objects.create_user("sofia", first_name="Sofía", last_name="Molina", is_staff=True)
    user.groups.set(Group.objects.filter(name="Ventas"))
    return user


@pytest.fixture
def order(maria: Conversation) -> Order:
    """An order as the bot makes it, María's unless it is another person's."""

    def make(person: Person = MARIA, *, at: datetime | None = None, **talk: Any) -> SalesOrder:
        chat = desk.chat_of(maria.channel, person)
        services.record_talks(talks=[services.Talk(chat.contact_id, **talk)], now=at or timezone.now())
        return SalesOrder.objects.get(contact=chat.contact_id, state__in=SalesOrder.OPEN)

    return make
