"""Verbs of people's accounts."""

from django.db import transaction

from backoffice.accounts.models import User


@transaction.atomic
def change_own_password(*, user: User, password: str) -> None:
    """Set a person's own password and lift the obligation to change it."""
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
