"""Staff at the panel: each role of `fixtures/roles.json` with somebody signed in."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import Client

from backoffice.accounts.models import User
from backoffice.accounts.prepare import prepare

PASSWORD = "claro-que-si-9"


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """Counts of the sidebar and failed logins are kept in memory for a while."""
    cache.clear()


@pytest.fixture
def staff(db: None) -> Callable[..., User]:
    """Somebody of the staff with these roles; none at all is a person who may see nothing."""
    prepare()

    def make(*roles: str, username: str = "elena") -> User:
        user = User.objects.create_user(
            username, password=PASSWORD, first_name="Elena", last_name="Soto", is_staff=True
        )
        user.groups.set(Group.objects.filter(name__in=roles))
        return user

    return make


@pytest.fixture
def signed_in(staff: Callable[..., User]) -> Callable[..., Client]:
    """A browser where somebody with these roles already entered."""

    def enter(*roles: str, username: str = "elena") -> Client:
        client = Client()
        client.force_login(staff(*roles, username=username))
        return client

    return enter


@pytest.fixture
def admin(signed_in: Callable[..., Client]) -> Client:
    return signed_in("Administrador", username="admin2")
