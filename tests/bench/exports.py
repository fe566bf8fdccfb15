"""A list of customers to a file: against a bare `values_list` writer of the same columns, and what it takes of memory.

Full means 100,000 customers with their phones (quick: a tenth). The bare writer keeps every phone in memory and writes
what the database gives as it comes: no label of a state, no decimal comma, no local hour, nothing neutralised.
"""

from collections.abc import Iterator

from tests.bench.figures import Figure, Target
from tests.bench.measures import Plan, call, interleave
from tests.bench.stage import Stage, stage

NEAR_BARE = Target(1 / 1.5)  # of its rows a second: at most one and a half times its time
FLAT = Target(1.1, at_most=True)
OURS, BARE, EXCEL = "ours", "bare", "excel"


def measure(plan: Plan) -> Iterator[Figure]:
    rows = plan.size(10_000, 100_000)
    for kind in plan.kinds:
        with stage(kind) as one:
            worker = one.worker()
            worker.do("leaving.fill", rows=rows)
            contenders = {name: call(worker, f"leaving.{name}") for name in (OURS, BARE)}
            told = interleave(plan.size(4, 6), contenders)
            name = f"export of {rows:,} customers, CSV, {kind}"
            yield Figure(
                name, told.median(OURS), "rows/s", "bare values_list writer", ratio=told.ratio(OURS, BARE),
                target=NEAR_BARE,
            )  # fmt: skip
            excel = worker.do("leaving.excel")
            yield Figure(f"export of {rows:,} customers, Excel, {kind}", excel["turns"] / excel["seconds"], "rows/s")
            few, many = _peak(one, rows // 10), _peak(one, rows)
            yield Figure(
                f"peak memory of an export of {rows:,}, {kind}", many, "MB", f"of {rows // 10:,}", base=few, target=FLAT
            )


def _peak(one: Stage, rows: int) -> float:
    """Of a process that did nothing else."""
    worker = one.worker()
    try:
        return float(worker.do("leaving.peak", rows=rows))
    finally:
        worker.stop()
