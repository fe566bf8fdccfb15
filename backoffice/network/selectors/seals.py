"""Every seal accounted for, and the numbers that nobody can explain (WIS-SEAL-02)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery

from backoffice.accounts.models import User
from backoffice.network.models import Seal, SealBatch
from backoffice.network.scanning import runs

State = Seal.State
GAPS = 500  # a report longer than this is read by nobody


@dataclass
class Roll:
    """A batch with how many of its seals are in each state; together they are all of it."""

    batch: SealBatch
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return self.batch.last - self.batch.first + 1


@dataclass
class Holder:
    """A technician: what they carry, as ranges, and which of those they skipped."""

    who: User
    used: int = 0
    holds: list[str] = field(default_factory=list)
    count: int = 0
    skipped: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Report:
    rolls: list[Roll]
    holders: list[Holder]
    #: Ranges of the office left behind by later numbers, and numbers between rolls that never came.
    left_behind: list[str]
    never_came: list[str]

    @property
    def has_gaps(self) -> bool:
        return bool(self.left_behind or self.never_came or any(one.skipped for one in self.holders))


def report() -> Report:
    """The whole account, in a fixed number of queries."""
    batches = list(SealBatch.objects.order_by("prefix", "first"))
    by_pk = {batch.pk: batch for batch in batches}
    return Report(
        rolls=_rolls(batches),
        holders=_holders(by_pk),
        left_behind=_shown(_behind(State.STORED, same_person=False), by_pk),
        never_came=list(_between_rolls(batches)),
    )


def _rolls(batches: Iterable[SealBatch]) -> list[Roll]:
    counts: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(State.values, 0))
    for batch, state, count in Seal.objects.order_by().values_list("batch_id", "state").annotate(Count("pk")):
        counts[batch][state] = count
    return [Roll(batch, counts[batch.pk]) for batch in batches]


def _holders(batches: dict[int, SealBatch]) -> list[Holder]:
    used = dict(
        Seal.objects.filter(state=State.USED, technician__isnull=False)
        .order_by()
        .values_list("technician")
        .annotate(Count("pk"))
    )
    held: dict[int, list[tuple[int, int]]] = defaultdict(list)
    rows = Seal.objects.filter(state=State.HANDED).values_list("technician_id", "batch_id", "number")
    for person, batch, number in rows:
        held[int(person or 0)].append((batch, number))
    skipped: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for person, batch, number in _behind(State.HANDED, same_person=True).values_list(
        "technician_id", "batch_id", "number"
    )[:GAPS]:
        skipped[int(person or 0)].append((batch, number))
    people = User.objects.filter(pk__in={*used, *held}).order_by("first_name", "last_name", "username")
    return [
        Holder(
            who=one,
            used=used.get(one.pk, 0),
            holds=_ranges(held[one.pk], batches),
            count=len(held[one.pk]),
            skipped=_ranges(skipped[one.pk], batches),
        )
        for one in people
    ]


def _behind(state: str, *, same_person: bool) -> QuerySet[Seal]:
    """Seals in a state whose roll has a later number already gone: used by the same person, or out of the office."""
    later = Seal.objects.filter(batch=OuterRef("batch"))
    if same_person:
        later = later.filter(state=State.USED, technician=OuterRef("technician"))
    else:
        later = later.filter(state__in=[State.USED, State.HANDED])
    newest = later.order_by().values("batch").annotate(newest=Max("number")).values("newest")
    return Seal.objects.filter(state=state).filter(number__lt=Subquery(newest)).order_by("prefix", "number")


def _shown(rows: QuerySet[Seal], batches: dict[int, SealBatch]) -> list[str]:
    return _ranges(list(rows.values_list("batch_id", "number")[:GAPS]), batches)


def _ranges(seals: list[tuple[int, int]], batches: dict[int, SealBatch]) -> list[str]:
    """«FS000120 a FS000125» for each run."""
    by_batch: dict[int, list[int]] = defaultdict(list)
    for batch, number in seals:
        by_batch[batch].append(number)
    return [_range(batches[batch], first, last) for batch, numbers in by_batch.items() for first, last in runs(numbers)]


def _between_rolls(batches: list[SealBatch]) -> Iterable[str]:
    for one, following in pairwise(batches):
        if one.prefix == following.prefix and following.first > one.last + 1:
            yield _range(one, one.last + 1, following.first - 1)


def _range(batch: SealBatch, first: int, last: int) -> str:
    return batch.code(first) if first == last else f"{batch.code(first)} a {batch.code(last)}"
