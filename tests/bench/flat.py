"""What a year of chats costs: the same turns on a database with hardly any message and on one that is full.

Both are measured in turn, in one process each: taking in, dispatching, and the sender apart. Full means 1,000,000
messages of 100,000 people (quick: a tenth); the phones that talk are those with the longest chats
(`tests.bench.history`). Statements are counted, not timed: what a turn asks for must not depend on what is stored.
"""

from collections.abc import Iterator

from tests.bench.figures import Figure, Rounds, Target
from tests.bench.measures import Plan, call, interleave
from tests.bench.stage import Worker, stage

WITHIN_TEN_PERCENT = Target(0.9)
NO_MORE = Target(1.0, at_most=True)
BEFORE = "nothing stored"


def measure(plan: Plan) -> Iterator[Figure]:
    messages, people = plan.size(100_000, 1_000_000), plan.size(10_000, 100_000)
    for kind in plan.kinds:
        with stage(kind) as empty, stage(kind) as full:
            new, old = empty.worker(), full.worker()
            for worker in (new, old):
                worker.do("engine.load")
            old.do("history.fill", messages=messages, contacts=people)
            told = interleave(
                plan.size(4, 8),
                {
                    "turns new": call(new, "engine.run"),
                    "turns old": call(old, "engine.run"),
                    "sent new": call(new, "engine.sending"),
                    "sent old": call(old, "engine.sending"),
                },
            )
            yield from _rates(kind, messages, told)
            yield from _statements(kind, messages, new, old)


def _rates(kind: str, messages: int, told: Rounds) -> Iterator[Figure]:
    for what, unit in (("turns", "turns/s"), ("sent", "messages/s")):
        yield Figure(
            f"{what} with {messages:,} messages stored, {kind}",
            told.median(f"{what} old"),
            unit,
            BEFORE,
            ratio=told.ratio(f"{what} old", f"{what} new"),
            target=WITHIN_TEN_PERCENT,
        )


def _statements(kind: str, messages: int, new: Worker, old: Worker) -> Iterator[Figure]:
    """Of a turn among many and of one alone, as they are now and against the empty database."""
    for phones, what in ((64, "64 phones at once"), (1, "one phone alone")):
        few, many = _a_turn(new, phones), _a_turn(old, phones)
        name = f"statements a turn, {what}, {messages:,} stored, {kind}"
        yield Figure(name, many, "statements", BEFORE, base=few, target=NO_MORE)


def _a_turn(worker: Worker, phones: int) -> float:
    counts: dict[str, float] = worker.do("engine.statements", phones=phones)
    turns = counts.pop("turns")
    return sum(counts.values()) / turns
