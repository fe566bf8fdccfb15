"""Slows down whoever guesses passwords, whichever of the web's processes hears them: the counts are rows.

Three counts, each of its own window of five minutes: a person from one place (who forgot it), a place (one machine
that tries many names) and a person from anywhere (many machines that try one name).
"""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from backoffice.accounts.models import LoginAttempts
from backoffice.common.addresses import network_of

WAIT_MINUTES = 5
WINDOW = timedelta(minutes=WAIT_MINUTES)
FROM_HERE, FROM_ONE_PLACE, FROM_ANYWHERE = 5, 30, 50
KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody at the door: the name they give and the address they come from."""

    username: str
    address: str

    @property
    def limits(self) -> dict[str, int]:
        """How many attempts each count allows."""
        name, place = self.username.strip().lower(), network_of(self.address)
        return {
            _key("both", name, place): FROM_HERE,
            _key("place", place): FROM_ONE_PLACE,
            _key("name", name): FROM_ANYWHERE,
        }


def admit(attempt: Attempt) -> bool:
    """Count an attempt, before its password is looked at: twenty at the same moment are twenty. False: they must wait.

    Who waits already is counted no further, so one machine alone never locks a person out everywhere.
    """
    return all(_count(key) <= limit for key, limit in attempt.limits.items())


def succeeded(attempt: Attempt) -> None:
    """It was no guess: what was counted of it is taken back, so that a full office may enter in the morning."""
    both, *others = attempt.limits
    LoginAttempts.objects.filter(key=both).delete()
    LoginAttempts.objects.filter(key__in=others, count__gt=0).update(count=F("count") - 1)


def _count(key: str) -> int:
    """One more in the window in course, or the first of a new one. Returns how many there are."""
    now = timezone.now()
    current = LoginAttempts.objects.filter(key=key, since__gt=now - WINDOW)
    if current.update(count=F("count") + 1):
        return current.values_list("count", flat=True).first() or 1
    with transaction.atomic():
        LoginAttempts.objects.filter(since__lt=now - KEPT).delete()
        LoginAttempts.objects.bulk_create(
            [LoginAttempts(key=key, count=1, since=now)],
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["count", "since"],
        )
    return 1


def _key(*parts: str) -> str:
    return sha256("|".join(parts).encode("utf-8", "replace")).hexdigest()
