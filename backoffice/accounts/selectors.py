"""What others ask about people's accounts; each function makes a small, fixed number of queries."""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.utils import timezone

from backoffice.accounts import shifts
from backoffice.accounts.models import AccessPolicy, SecondFactor, StaffSession, User

ADMINISTRATOR = "Administrador"
EXTRA = "Permiso extra"


@cache
def role_abouts() -> dict[str, str]:
    """What each preset is for, in words: {"Operador": "Solo el tablero básico…"}."""
    told = json.loads((settings.FIXTURES_DIR / "roles.json").read_text(encoding="utf-8"))
    return {name: role["about"] for name, role in told.items()}


def granted(user: User) -> dict[str, list[str]]:
    """What somebody may do, enabled or not, and by which roles: {"tickets.view_ticket": ["Operador", "Permiso extra"]}.

    Three queries at most.
    """
    sources: dict[str, list[str]] = defaultdict(list)
    if user.is_superuser:
        for code in _codes(Permission.objects.all()):
            sources[code].append(ADMINISTRATOR)
        return dict(sources)
    rows = Permission.objects.filter(group__user=user).order_by("group__pk")
    for app, codename, role in rows.values_list("content_type__app_label", "codename", "group__name"):
        sources[f"{app}.{codename}"].append(role)
    for code in _codes(user.user_permissions.all()):
        sources[code].append(EXTRA)
    return dict(sources)


def codes_of(permissions: Iterable[Permission]) -> set[str]:
    """«app.codename» of permission rows; one query."""
    return set(_codes(Permission.objects.filter(pk__in=[one.pk for one in permissions])))


def _codes(rows: QuerySet[Permission]) -> list[str]:
    return [f"{app}.{name}" for app, name in rows.values_list("content_type__app_label", "codename")]


def may_manage(by: User, user: User) -> bool:
    """Whether somebody may change another's account: only of whom may no more than they do themselves.

    Whoever could set the password of an administrator would be one.
    """
    return user.pk in (None, by.pk) or set(granted(user)) <= by.get_all_permissions()


def administrators() -> QuerySet[User]:
    """Those who may everything and may enter."""
    wanted = Q(groups__name=ADMINISTRATOR) | Q(is_superuser=True)
    return User.objects.filter(wanted, is_active=True, is_staff=True).distinct()


def is_administrator(user: User) -> bool:
    return user.is_superuser or user.groups.filter(name=ADMINISTRATOR).exists()


def off_shift(user: User, *, entered: bool = False) -> str:
    """When they may enter, in words, when now is outside of all their shifts; "" when they may be here.

    `entered` gives whoever is inside some minutes more to finish. Administrators are never kept out.
    """
    own = list(user.shifts.all())
    now = timezone.localtime()
    out = shifts.over(own, now) if entered else not shifts.inside(own, now)
    return shifts.told(own) if out and not is_administrator(user) else ""


def has_second_factor(user: User) -> bool:
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists()


def needs_second_factor(user: User) -> bool:
    """Whether one of their roles asks for it and they have not set it up."""
    asked = AccessPolicy.second_factor_roles.through.objects.filter(group__user=user).exists()
    return asked and not has_second_factor(user)


def open_sessions(user: User | None = None) -> QuerySet[StaffSession]:
    """Browsers in which somebody is inside, the last used first: not closed, and their time not run out."""
    alive = timezone.now() - timedelta(hours=AccessPolicy.load().idle_hours)
    found = StaffSession.objects.filter(ended_at=None, seen_at__gt=alive).select_related("user")
    return (found if user is None else found.filter(user=user)).order_by("-seen_at", "-pk")
