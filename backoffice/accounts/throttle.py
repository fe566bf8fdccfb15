"""Slows down whoever guesses passwords, whichever of the web's processes hears them: the counts are rows.

Three counts, each of its own window of five minutes: a person from one place (who forgot it), a place (one machine
that tries many names) and a person from anywhere (many machines that try one name). django-axes has the last two;
here the limits are three, an attempt costs the same for a name that does not exist, no name nor address is kept in
clear, and a new network of IPv6 is not 2⁶⁴ places. Staff may lift a person's wait before its time (`forget`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from backoffice.accounts.models import LoginAttempts
from backoffice.common.addresses import network_of

WAIT_MINUTES = 5
WINDOW = timedelta(minutes=WAIT_MINUTES)
FROM_HERE, FROM_ONE_PLACE, FROM_ANYWHERE = 5, 30, 50
KEPT = timedelta(days=1)
# After a username: guesses of their code, and of their password once inside. After an address: links asked for.
CODE, OWN, LINK = "|code", "|own", "|link"


@dataclass(frozen=True, slots=True)
class Limit:
    """One of the counts of an attempt: whom and what place it is about ("" for any), and how many it allows."""

    key: str
    who: str
    where: str
    most: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody at the door: the name they give and the address they come from."""

    username: str
    address: str

    @property
    def limits(self) -> tuple[Limit, Limit, Limit]:
        name, place = self.username.strip().lower(), network_of(self.address)
        who, where = who_is(name), _key("place", place)
        return (
            Limit(_key("both", name, place), who, where, FROM_HERE),
            Limit(where, "", where, FROM_ONE_PLACE),
            Limit(who, who, "", FROM_ANYWHERE),
        )


def who_is(username: str) -> str:
    """How a name is written in the counts."""
    return _key("name", username.strip().lower())


def admit(attempt: Attempt) -> bool:
    """Count an attempt, before its password is looked at: twenty at the same moment are twenty. False: they must wait.

    Who waits already is counted no further, so one machine alone never locks a person out everywhere.
    """
    return all(_count(limit) <= limit.most for limit in attempt.limits)


def succeeded(attempt: Attempt) -> None:
    """It was no guess: what was counted of it is taken back, so that a full office may enter in the morning."""
    both, *others = (limit.key for limit in attempt.limits)
    LoginAttempts.objects.filter(key=both).delete()
    LoginAttempts.objects.filter(key__in=others, count__gt=0).update(count=F("count") - 1)


def just_locked(attempt: Attempt) -> bool:
    """Whether this attempt is the first that is refused in its window: it is told once."""
    counts = dict(LoginAttempts.objects.filter(key__in=[one.key for one in attempt.limits]).values_list("key", "count"))
    return any(counts.get(limit.key) == limit.most + 1 for limit in attempt.limits)


def waiting(usernames: Iterable[str]) -> set[str]:
    """Which of these people must wait, from some place or from any. One query."""
    names = {who_is(name): name for name in usernames}
    over = Q(where="", count__gt=FROM_ANYWHERE) | Q(count__gt=FROM_HERE) & ~Q(where="")
    return {names[who] for who in _running().filter(over, who__in=names).values_list("who", flat=True)}


def forget(username: str) -> None:
    """Lift a person's wait, and that of the places where they were refused."""
    mine = LoginAttempts.objects.filter(who__in=[who_is(username + guessed) for guessed in ("", CODE, OWN)])
    places = list(mine.exclude(where="").values_list("where", flat=True))
    LoginAttempts.objects.filter(key__in=places).delete()
    mine.delete()


def _running() -> QuerySet[LoginAttempts]:
    return LoginAttempts.objects.filter(since__gt=timezone.now() - WINDOW)


def _count(limit: Limit) -> int:
    """One more in the window in course, or the first of a new one. Returns how many there are."""
    now = timezone.now()
    current = _running().filter(key=limit.key)
    if current.update(count=F("count") + 1):
        return current.values_list("count", flat=True).first() or 1
    with transaction.atomic():
        LoginAttempts.objects.filter(since__lt=now - KEPT).delete()
        LoginAttempts.objects.bulk_create(
            [LoginAttempts(key=limit.key, who=limit.who, where=limit.where, count=1, since=now)],
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["count", "since"],
        )
    return 1


def _key(*parts: str) -> str:
    return sha256("|".join(parts).encode("utf-8", "replace")).hexdigest()
