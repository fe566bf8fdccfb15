"""Links with which somebody chooses their password without the one they had.

Nothing of them is kept: they are signed, and what is signed is the password, the last time that they entered and their
address, so a link dies when it is used, when they enter, and when any of it changes; or after three days.
"""

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse

from backoffice.accounts.models import User

HOURS = settings.PASSWORD_RESET_TIMEOUT // 3600


class _Tokens(PasswordResetTokenGenerator):
    key_salt = "mostrador.accounts.choose-password"


_TOKENS = _Tokens()


def link_for(user: User) -> str:
    """The whole address, as it goes in a mail. The machine's name is that of the settings, never of a request."""
    return settings.PUBLIC_URL + reverse("admin:choose_password", args=[user.pk, _TOKENS.make_token(user)])


def opens(user: User, token: str) -> bool:
    """Whether this token is still theirs, and they may enter."""
    return user.is_active and user.is_staff and _TOKENS.check_token(user, token)


def owner_of(pk: int, token: str) -> User | None:
    user = User.objects.filter(pk=pk).first()
    return user if user is not None and opens(user, token) else None
