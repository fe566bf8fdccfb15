"""FibraSur's staff: Elena runs it, Ana and Juan work there."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, Permission

from backoffice.accounts.models import User
from tests.backoffice.panel.conftest import PASSWORD, _nothing_kept, admin, signed_in, staff

__all__ = ["PASSWORD", "_nothing_kept", "admin", "signed_in", "staff"]


def role(name: str) -> Group:
    return Group.objects.get(name=name)


def permission(code: str) -> Permission:
    app, _, codename = code.partition(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename)


@pytest.fixture
def elena(staff: Callable[..., User]) -> User:
    """An Administrador, and the only one: the first `admin` of the installation is gone."""
    User.objects.filter(username="admin").delete()
    return staff("Administrador")


@pytest.fixture
def ana(elena: User) -> User:
    return _person("ana", "Ana", "Ruiz", "Operador")


@pytest.fixture
def juan(elena: User) -> User:
    return _person("juan", "Juan", "Pérez", "Agente")


def _person(username: str, first: str, last: str, *roles: str) -> User:
    user = User.objects.create_user(username, password=PASSWORD, first_name=first, last_name=last, is_staff=True)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user
