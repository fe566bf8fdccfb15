"""One company for a whole file of tests, and a browser that keeps no record: opening every address is many requests.

Each test's own transaction is inside the company's, so what it does is undone and all begin with the same rows.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpResponse
from django.template.backends.django import Template
from django.test import Client, override_settings

from backoffice.accounts.models import User
from backoffice.accounts.prepare import prepare
from backoffice.panel.tick import tick
from tests.security import house
from tests.security.places import Place, every_place


@contextmanager
def built(text: str, media: Path) -> Iterator[list[Place]]:
    """The house with `text` in every field, in a transaction that ends with the file; every place of it."""
    refusals = logging.getLogger("django.request")  # thousands of them, each with its traceback
    tick.forget()
    with (
        override_settings(MEDIA_ROOT=media, PANEL_TICK=60),
        transaction.atomic(),
        patch.object(refusals, "disabled", True),
    ):
        prepare()
        house.build()
        assert house.write_everywhere(text) > 50
        yield every_place()
        transaction.set_rollback(True)
    tick.forget()


@contextmanager
def unrendered(*, when: bool = True) -> Iterator[None]:
    """Pages do all their work and are not drawn, which is half of it."""
    if not when:
        yield
        return
    with patch.object(Template, "render", return_value=""):
        yield


def member(*roles: str, username: str = "elena") -> User:
    """Somebody of the staff with these roles."""
    user = User.objects.create_user(username, is_staff=True, first_name="Elena", last_name="Soto")
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


class Browser(Client):
    """Django's, but it does not copy the context of each template that a page includes: half of the time of a page.

    What breaks is an answer of 500.
    """

    def request(self, **request: Any) -> HttpResponse:  # type: ignore[override]
        answer = self.handler(self._base_environ(**request))
        if answer.cookies:
            self.cookies.update(answer.cookies)
        answer.client = self  # type: ignore[attr-defined]
        return answer
