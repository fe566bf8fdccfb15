"""What a step is: what it asks the database, and what it makes of the answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import IntegerField, Subquery

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Verdict:
    """How a step stands. It is done when nothing is missing; nobody can tick it.

    `missing` and `has` complete «Falta …» and tell what is there; `advice` is what would make it better, and never
    keeps it from being done.
    """

    missing: tuple[str, ...] = ()
    has: str = ""
    advice: str = ""

    @property
    def done(self) -> bool:
        return not self.missing


@dataclass(frozen=True)
class Way:
    """A button to a screen: the name of its URL within the panel, and the permission that opens it."""

    label: str
    url_name: str
    permission: str = ""


class Step:
    """One step of the assistant. `asks` may not read the database: all the steps are answered by a single query."""

    key: ClassVar[str]
    title: ClassVar[str]
    icon: ClassVar[str]
    #: Why it matters, in one sentence.
    why: ClassVar[str]
    #: The first is the way to the screen where it is done; the rest are other ways, such as importing a spreadsheet.
    ways: ClassVar[tuple[Way, ...]]
    #: Whether a company may do without it.
    optional: ClassVar[bool] = False

    def asks(self) -> dict[str, Any]:
        """Name → an expression that stands by itself: it may name no column but through a subquery."""
        raise NotImplementedError

    def judge(self, facts: Facts) -> Verdict:
        """What the answers to `asks` (and only those, by the same names) say."""
        raise NotImplementedError


class HowMany(Subquery):
    """The number of rows of a queryset, as an expression."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def told(count: int, one: str, many: str) -> str:
    """«1 plan», «3 planes»."""
    return f"{count} {one if count == 1 else many}"
