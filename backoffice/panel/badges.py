"""Counts beside the sidebar's items. Every page asks for them, so they are kept for a few seconds."""

from typing import cast

from django.core.cache import cache
from django.http import HttpRequest

from backoffice.accounts.models import User
from backoffice.panel.glance import glance
from backoffice.tickets import inbox

KEEP = 15  # seconds: what only one person has unread


def pending(request: HttpRequest) -> int | str:
    """Tickets that nobody took."""
    return glance(request).pending or ""


def unread(request: HttpRequest) -> int | str:
    """Chats that this person attends and that say something they have not seen."""
    if not glance(request).is_attended:
        return ""
    user = cast(User, request.user)
    return cache.get_or_set(f"badge-unread-{user.pk}", lambda: inbox.unread_chats(user), timeout=KEEP) or ""


def unanswered(request: HttpRequest) -> int | str:
    return glance(request).unanswered or ""
