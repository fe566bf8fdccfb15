"""What a big spreadsheet costs: customers with a phone each, new, changed in 5 % and unchanged, on each database.

Against a bare `bulk_create` of the same rows and their history rows, and against stock django-import-export, which is
measured on fewer rows and compared by row. Both are timed whole: what staff wait for is the preview and the writing.
"""

from collections.abc import Iterator

from tests.bench.figures import Figure, Target, percentile
from tests.bench.measures import Plan
from tests.bench.stage import SQLITE, Stage, stage

OF_BARE = Target(4, at_most=True)
OVER_STOCK = {"create": {SQLITE: Target(5)}, "5 % changed": {}, "unchanged": {}}
TEN = Target(10)
LIGHT = Target(350, at_most=True)
ANSWERS = Target(3, at_most=True)
LOOKS = {"create": 0, "5 % changed": 20, "unchanged": 20}
"""One in how many rows is called otherwise than before: the last file is the one before it."""


def measure(plan: Plan) -> Iterator[Figure]:
    for kind in plan.kinds:
        with stage(kind) as one:
            yield from _measured(one, plan)


def _measured(one: Stage, plan: Plan) -> Iterator[Figure]:
    amount, few = plan.size(2_000, 100_000), plan.size(100, 10_000)
    clerk = one.worker()
    clerk.do("importing.prepare")
    clerk.do("importing.empty")
    bare = clerk.do("importing.bare", amount=amount)
    clerk.do("importing.empty")
    stock = {}
    for name, changed in LOOKS.items():
        told = clerk.do("importing.stock", amount=few, changed=changed)
        stock[name] = (told["read"] + told["write"]) / few
    clerk.do("importing.empty")
    importer = one.worker()  # its memory is what the job's process takes
    peak = 0.0
    for name, changed in LOOKS.items():
        told = importer.do("importing.ours", amount=amount, changed=changed)
        peak = max(peak, told["peak"])
        seconds = told["read"] + told["write"]
        expected = {"create": (amount, 0), "5 % changed": (0, amount // 20), "unchanged": (0, 0)}[name]
        if (told["new"], told["changed"]) != expected:
            raise RuntimeError(f"{name}: {told}")
        if name == "create":
            against = "bulk_create with history"
            yield Figure(f"import, {name}, {one.kind}", seconds, "s", against, base=bare, target=OF_BARE)
            yield Figure(f"import, {name}, writing alone, {one.kind}", told["write"], "s", against, base=bare)
        yield Figure(
            f"import, {name}, {one.kind}",
            amount / seconds,
            "rows/s",
            "stock import-export",
            ratio=stock[name] * amount / seconds,
            target=OVER_STOCK[name].get(one.kind, TEN),
        )
    yield Figure(f"import, peak of its process, {one.kind}", peak, "MB", target=LIGHT if plan.full else None)
    yield from _meanwhile(one, plan, amount)


def _meanwhile(one: Stage, plan: Plan, amount: int) -> Iterator[Figure]:
    """A page of the panel with a write, alone, and while another process imports."""
    visitor, importer = one.worker(), one.worker()
    visitor.do("importing.visits", amount=5)
    alone = visitor.do("importing.visits", amount=plan.size(20, 200))
    importer.ask("importing.ours", amount=amount, changed=3)
    beside = visitor.do("importing.visits", amount=plan.size(20, 200))
    importer.answer()
    yield Figure(
        f"page p95 while importing, {one.kind}",
        percentile(beside, 95),
        "ms",
        "not importing",
        base=percentile(alone, 95),
        target=ANSWERS if plan.full else None,
    )
