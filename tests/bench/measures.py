"""What every measure is given, and how contenders take their turns."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.bench.figures import Figure, Rounds
from tests.bench.stage import Worker


@dataclass(frozen=True, slots=True)
class Plan:
    """How long this run may take. `kinds` are the databases to measure on."""

    kinds: Sequence[str]
    full: bool = False

    def size(self, quick: int, full: int) -> int:
        return full if self.full else quick


Measure = Callable[[Plan], Iterator[Figure]]
Round = Callable[[], Mapping[str, float]]


def interleave(rounds: int, contenders: Mapping[str, Round]) -> Rounds:
    """Each contender once a round, every second round backwards; the first round warms up and does not count.

    A contender returns {"turns", "seconds"} of its work, and perhaps its "cpu": rates by that are kept as «name, cpu».
    """
    told = Rounds()
    for number in range(rounds + 1):
        order = list(contenders.items())
        for name, work in order if number % 2 else reversed(order):
            done = work()
            if number:
                told.note(name, done["turns"] / done["seconds"])
                if done.get("cpu"):
                    told.note(f"{name}, cpu", done["turns"] / done["cpu"])
    return told


def call(worker: Worker, name: str, /, **values: Any) -> Round:
    """A round that one worker does and times by itself."""
    return lambda: dict(worker.do(name, **values))


def together(workers: Sequence[Worker], name: str, /, **values: Any) -> Round:
    """A round that all these workers do at the same time, each told its number as `worker`; timed from here."""

    def work() -> Mapping[str, float]:
        start = time.perf_counter()
        for number, worker in enumerate(workers):
            worker.ask(name, worker=number, **values)
        turns = sum(worker.answer()["turns"] for worker in workers)
        return {"turns": turns, "seconds": time.perf_counter() - start}

    return work
