"""What a list costs when it has a million rows, against the same screen with none.

Two databases side by side, the same page asked of both in turn by one process each: the ratio of their p95 is judged,
and how many queries the full one makes. Full means 1,000,000 tickets and 100,000 customers (quick: a fiftieth).
"""

from collections.abc import Iterator

from tests.bench.figures import Figure, Target, percentile
from tests.bench.measures import Plan, call, interleave
from tests.bench.stage import Worker, stage

TWICE = Target(2.0, at_most=True)
FEW = Target(12, at_most=True)
LITTLE = Target(0.5)
TICKETS, CUSTOMERS = "/panel/tickets/ticket/", "/panel/customers/customer/"
EMPTY = "the same list with no rows"
PAGES = {
    "tickets, first page": TICKETS,
    "tickets, page 200": f"{TICKETS}?p=200",
    "tickets, open ones": f"{TICKETS}?estado=abiertos",
    "tickets, closed ones": f"{TICKETS}?estado=cerrado",
    "tickets, search with one hit": f"{TICKETS}?q=murcielago",
    "tickets, search with half of all": f"{TICKETS}?q=internet",
    "tickets, search with no hits": f"{TICKETS}?q=zzzzz",
    "customers, first page": CUSTOMERS,
    "customers, page 200": f"{CUSTOMERS}?p=200",
    "customers, of one status": f"{CUSTOMERS}?status__exact=retired",
    "customers, search with one hit": f"{CUSTOMERS}?q=0261+15+400-0042",
    "customers, search with a quarter of all": f"{CUSTOMERS}?q=ana",
    "customers, search with no hits": f"{CUSTOMERS}?q=zzzzz",
    "search everywhere, one hit": "/panel/search/?extended=1&s=20000042",
    "search everywhere, a common word": "/panel/search/?extended=1&s=internet",
}


def measure(plan: Plan) -> Iterator[Figure]:
    tickets, people = plan.size(20_000, 1_000_000), plan.size(2_000 * 5, 100_000)
    for kind in plan.kinds:
        with stage(kind) as empty, stage(kind) as full:
            none, many = empty.worker(), full.worker()
            for worker in (none, many):
                worker.do("many.load")
            made = many.do("many.fill", tickets=tickets, people=people)
            where = f"{tickets:,} tickets, {kind}"
            yield Figure(f"entries made findable, {where}", made["turns"] / made["seconds"], "rows/s")
            for name, path in PAGES.items():
                yield from _page(f"{name}, {where}", path, none, many, plan.size(15, 60))
            yield _bulk(kind, many, plan)


def _page(name: str, path: str, none: Worker, many: Worker, times: int) -> Iterator[Figure]:
    bare = path.partition("?")[0] if "/search/" not in path else path
    waits: dict[str, list[float]] = {"none": [], "many": []}
    queries = 0
    for number in range(times + 2):
        for who, worker, asked in (("none", none, bare), ("many", many, path)):
            told = worker.do("many.visit", path=asked)
            if number >= 2:  # the first two warm up
                waits[who].append(told["ms"])
                queries = max(queries, told["queries"]) if who == "many" else queries
    value, base = percentile(waits["many"], 95), percentile(waits["none"], 95)
    yield Figure(f"{name}: p95", value, "ms", EMPTY, base=base, target=TWICE)
    yield Figure(f"{name}: queries", queries, "queries", target=FEW)


def _bulk(kind: str, worker: Worker, plan: Plan) -> Figure:
    """What the triggers cost whoever writes many rows."""
    rows = plan.size(2_000, 10_000)
    told = interleave(
        plan.size(3, 6),
        {
            "watched": call(worker, "many.bulk", rows=rows, watched=True),
            "alone": call(worker, "many.bulk", rows=rows, watched=False),
        },
    )
    return Figure(
        f"customers by bulk_create, {kind}", told.median("watched"), "rows/s", "the same without triggers",
        ratio=told.ratio("watched", "alone"), target=LITTLE,
    )  # fmt: skip
