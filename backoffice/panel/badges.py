"""Counts beside the sidebar's items. Every page asks for them, so they are kept for a few seconds."""

from collections.abc import Callable

from django.core.cache import cache
from django.http import HttpRequest

from backoffice.operations.selectors import unanswered as unanswered_chats
from backoffice.panel import selectors

KEEP = 15  # seconds


def pending(request: HttpRequest) -> int | str:
    """Tickets that nobody took."""
    return _kept("pending", lambda: selectors.open_tickets()["pendiente"])


def unanswered(request: HttpRequest) -> int | str:
    return _kept("unanswered", lambda: unanswered_chats().count())


def _kept(name: str, count: Callable[[], int]) -> int | str:
    return cache.get_or_set(f"badge-{name}", count, timeout=KEEP) or ""
