"""Telling somebody how to enter without saying a password. Who carries it is above this app, and says so here."""

from typing import Protocol

from backoffice.accounts.models import User


class Inviter(Protocol):
    def can_reach(self, user: User | None = None) -> bool:
        """Whether it can carry something now, to anybody or to this person."""
        ...

    def invite(self, *, user: User, by: User) -> None:
        """Have them told, once the caller's transaction is kept. Raises: DomainError."""
        ...


_INVITERS: list[Inviter] = []


def carries(inviter: Inviter) -> None:
    """Have this one asked. From the app's `ready`."""
    if not any(type(one) is type(inviter) for one in _INVITERS):
        _INVITERS.append(inviter)


def can_reach(user: User | None = None) -> bool:
    """Whether «Mandarle por correo cómo ingresar» can be offered."""
    return any(one.can_reach(user) for one in _INVITERS)


def invite(*, user: User, by: User) -> None:
    """Raises: DomainError when it cannot be told."""
    for one in _INVITERS:
        one.invite(user=user, by=by)
