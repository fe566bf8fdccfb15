"""How far the set-up is: «Listo para operar 8/10». One query, whatever the steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache as cache_once
from typing import Any

from django.core.cache import cache
from django.db.models import Exists
from django.http import HttpRequest

from backoffice.accounts.models import User
from backoffice.common.seeds import digest
from backoffice.panel.models import SkippedStep
from backoffice.panel.setup.base import Facts, Step, Verdict
from backoffice.panel.setup.registry import STEPS

SEES = "company.change_company"  # who configures the company
KEEP, KEEP_COMPLETE = 15, 300  # seconds: the sidebar asks on every page


@dataclass(frozen=True)
class Stand:
    """A step and how it stands. What is done is done, also if it had been skipped."""

    step: Step
    verdict: Verdict
    skipped: bool

    @property
    def done(self) -> bool:
        return self.verdict.done

    @property
    def settled(self) -> bool:
        return self.done or self.skipped


@dataclass(frozen=True)
class Progress:
    """Every step in order. A skipped one counts neither as done nor as to be done."""

    stands: tuple[Stand, ...]

    @property
    def done(self) -> int:
        return sum(stand.done for stand in self.stands)

    @property
    def total(self) -> int:
        return sum(not stand.skipped for stand in self.stands)

    @property
    def percent(self) -> int:
        return round(100 * self.done / self.total) if self.total else 100

    @property
    def complete(self) -> bool:
        return self.following is None

    @property
    def following(self) -> Stand | None:
        """The first that is still to be done."""
        return next((stand for stand in self.stands if not stand.settled), None)

    @property
    def left(self) -> int:
        return self.total - self.done


def progress(*, fresh: bool = False) -> Progress:
    """How it stands; of some seconds ago unless `fresh`, which others then see too."""
    kept = None if fresh else cache.get(_cache_key())
    facts = kept if kept is not None else ask(STEPS)
    now = Progress(tuple(_stand(step, facts) for step in STEPS))
    if kept is None:
        cache.set(_cache_key(), facts, KEEP_COMPLETE if now.complete else KEEP)
    return now


def ask(steps: Sequence[Step]) -> dict[str, Any]:
    """What all the steps ask, in one query: «<step>_<name>» → its answer.

    It hangs from a table that is never empty while somebody looks at the panel.
    """
    return dict(User.objects.order_by("pk").values(**_questions(steps))[:1].get())


def _questions(steps: Sequence[Step]) -> dict[str, Any]:
    questions = {f"{step.key}_{name}": question for step in steps for name, question in step.asks().items()}
    skipped = {
        f"{step.key}_skipped": Exists(SkippedStep.objects.filter(key=step.key)) for step in steps if step.optional
    }
    return questions | skipped


@cache_once
def _cache_key() -> str:
    """Another version of the product that asks something else does not read these answers."""
    return f"setup-{digest(sorted(_questions(STEPS)))[:16]}"


def _stand(step: Step, facts: Facts) -> Stand:
    prefix = f"{step.key}_"
    own = {name.removeprefix(prefix): value for name, value in facts.items() if name.startswith(prefix)}
    verdict = step.judge(own)
    return Stand(step, verdict, skipped=bool(own.get("skipped")) and not verdict.done)


def concerns(request: HttpRequest) -> bool:
    """Whether this person configures the company and something is left: then the sidebar and the dashboard say so."""
    return request.user.has_perm(SEES) and not progress().complete


def badge(request: HttpRequest) -> str:
    now = progress()
    return f"{now.done}/{now.total}"
