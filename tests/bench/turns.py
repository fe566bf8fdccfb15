"""Durable turns a second of the whole engine, against the bare turn by hand.

SQLite: one process takes in and dispatches, and the anchors are one process too, with the product's own settings
(WAL, synchronous FULL). PostgreSQL: one process takes in, four dispatchers (`python -m bot dispatcher`) answer, and
each anchor is four processes. `tests.bench.engine` says what counts as a turn, `tests.bench.anchors` what it is
compared with.
"""

import time
from collections.abc import Iterator

from tests.bench.figures import Figure, Rounds, Target
from tests.bench.measures import Plan, Round, call, interleave, together
from tests.bench.stage import SQLITE, CannotMeasure, Stage, Worker, stage

WORKERS = 4
A_ROUND = 0.6  # seconds of each anchor
AT_LEAST_ORM = Target(1.0)
STRETCH = {SQLITE: Target(0.5, stretch=True)}  # on PostgreSQL 1.0
ORM, RAW, OURS, SENT = "orm", "raw", "ours", "sent"


def measure(plan: Plan) -> Iterator[Figure]:
    for kind in plan.kinds:
        with stage(kind) as one:
            contenders = _alone(one) if kind == SQLITE else _many(one)
            yield from _figures(kind, interleave(plan.size(4, 12), contenders))


def _alone(one: Stage) -> dict[str, Round]:
    worker = one.worker()
    worker.do("engine.load")
    worker.do("anchors.create")
    return {
        RAW: call(worker, "anchors.raw", seconds=A_ROUND),
        OURS: call(worker, "engine.run"),
        ORM: call(worker, "anchors.orm", seconds=A_ROUND),
        SENT: call(worker, "engine.run", send=True),
    }


def _many(one: Stage) -> dict[str, Round]:
    receiver, sender, hands = one.worker(), one.worker(), [one.worker() for _ in range(WORKERS)]
    receiver.do("engine.load", phones=256)
    receiver.do("anchors.create", workers=WORKERS)
    one.dispatchers(WORKERS)
    return {
        RAW: together(hands, "anchors.raw", seconds=A_ROUND),
        OURS: call(receiver, "drive.run"),
        ORM: together(hands, "anchors.orm", seconds=A_ROUND),
        SENT: lambda: _and_sent(receiver, sender),
    }


def _and_sent(receiver: Worker, sender: Worker) -> dict[str, float]:
    """The channel's two halves in processes of their own, until the last reply has left."""
    turns, start = 256 * 6, time.perf_counter()
    sender.ask("drive.send", amount=turns)
    receiver.do("drive.run", check=False)
    if sender.answer() != turns:
        raise CannotMeasure("not every reply was sent")
    return {"turns": turns, "seconds": time.perf_counter() - start}


def _figures(kind: str, told: Rounds) -> Iterator[Figure]:
    many = "" if kind == SQLITE else f", {WORKERS} processes"
    stretch = STRETCH.get(kind, Target(1.0, stretch=True))
    name, ours = f"whole engine, {kind}{many}", told.median(OURS)
    yield Figure(f"bare turn, raw driver, {kind}{many}", told.median(RAW), "turns/s")
    yield Figure(f"bare turn, Django ORM, {kind}{many}", told.median(ORM), "turns/s")
    yield Figure(name, ours, "turns/s", "Django ORM", ratio=told.ratio(OURS, ORM), target=AT_LEAST_ORM)
    yield Figure(name, ours, "turns/s", "raw driver", ratio=told.ratio(OURS, RAW), target=stretch)
    yield Figure(f"{name}, and sent", told.median(SENT), "turns/s", "Django ORM", ratio=told.ratio(SENT, ORM))
    if kind == SQLITE:  # all in one process: what is left of the ratio when the disk costs nothing
        cpu = told.median(f"{OURS}, cpu")
        yield Figure(
            f"{name}, by CPU", cpu, "turns/CPU s", "Django ORM", ratio=told.ratio(f"{OURS}, cpu", f"{ORM}, cpu")
        )
