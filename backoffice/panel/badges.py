"""Counts beside the sidebar's items. Every page asks for them, so they are kept for a few seconds."""

from collections.abc import Callable
from typing import cast

from django.core.cache import cache
from django.http import HttpRequest

from backoffice.accounts.models import User
from backoffice.operations.selectors import unanswered as unanswered_chats
from backoffice.panel import selectors
from backoffice.tickets import inbox

KEEP = 15  # seconds


def pending(request: HttpRequest) -> int | str:
    """Tickets that nobody took."""
    return _kept("pending", lambda: selectors.open_tickets()["pendiente"])


def unread(request: HttpRequest) -> int | str:
    """Chats that this person attends and that say something they have not seen."""
    user = cast(User, request.user)
    return _kept(f"unread-{user.pk}", lambda: inbox.unread_chats(user))


def unanswered(request: HttpRequest) -> int | str:
    return _kept("unanswered", lambda: unanswered_chats().count())


def _kept(name: str, count: Callable[[], int]) -> int | str:
    return cache.get_or_set(f"badge-{name}", count, timeout=KEEP) or ""
