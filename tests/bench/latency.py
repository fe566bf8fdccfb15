"""How long a customer waits, with the product's real processes and phones that write over HTTP; and what they weigh.

First the peak is found: every phone writes a line and all wait for the last reply, six times. Then one phone after
the other, alone; then lines at half the peak's rate, with and without notices in the outbox: what each line is
answered with and without them, in turns of half a minute, so that a slow moment of the machine falls on both. The wait
for the rest of a burst is off. A reply is judged from when its line was stored, as a webhook would be; for the person's
own view, the time in which the channel asks the stand-in network again is allowed on top.
"""

import time
from collections.abc import Iterator

from tests.bench.figures import Figure, Target, percentile
from tests.bench.measures import Plan
from tests.bench.product import Product
from tests.bench.script import LINES, phone
from tests.bench.stage import CannotMeasure, Worker, stage

A_POLL = 50  # ms
IDLE, BUSY, UNMOVED = Target(100, at_most=True), Target(250, at_most=True), Target(1.25, at_most=True)
SEEN_IDLE = Target(100 + A_POLL, at_most=True)


def measure(plan: Plan) -> Iterator[Figure]:
    for kind in plan.kinds:
        with stage(kind) as one:
            clerk = one.worker()
            clerk.do("talk.load", phones=plan.size(48, 240))
            product = Product(one)
            yield from _Waiting(kind, plan, product, clerk).figures()
            yield from _weights(kind, product)


def _weights(kind: str, product: Product) -> Iterator[Figure]:
    weights = list(product.memory())
    for name, weight in weights:
        yield Figure(f"memory, {kind}, {name}", weight, "MB")
    yield Figure(f"memory, {kind}, all", sum(weight for _, weight in weights), "MB")


class _Waiting:
    def __init__(self, kind: str, plan: Plan, product: Product, clerk: Worker) -> None:
        self.kind, self.plan, self.product, self.clerk = kind, plan, product, clerk
        self.phones = [phone(number) for number in range(plan.size(48, 240))]
        self.notices = plan.size(1_000, 10_000)

    def figures(self) -> Iterator[Figure]:
        peak = self._peak()
        yield Figure(f"peak of the real processes, {self.kind}", peak, "replies/s")
        idle = self._idle()
        yield from self._pair("alone", idle["inside"], IDLE)
        yield from self._pair("alone, as the phone sees it", idle["outside"], SEEN_IDLE)
        plain, burdened = self._half(peak / 2)
        yield from self._pair("at half the peak", plain, BUSY)
        for percent in (50, 99):  # the worst of a few hundred is too much chance to judge a short run by
            yield Figure(
                f"reply p{percent}, the same with {self.notices:,} notices waiting, {self.kind}",
                percentile(burdened, percent),
                "ms",
                "no notices",
                base=percentile(plain, percent),
                target=UNMOVED if percent == 50 or self.plan.full else None,
            )

    def _pair(self, when: str, told: list[float], target: Target) -> Iterator[Figure]:
        yield Figure(f"reply p50, {when}, {self.kind}", percentile(told, 50), "ms")
        yield Figure(f"reply p99, {when}, {self.kind}", percentile(told, 99), "ms", target=target)

    def _peak(self) -> float:
        start = time.perf_counter()
        for line in LINES:
            self._told([(one, line) for one in self.phones])
        return len(LINES) * len(self.phones) / (time.perf_counter() - start)

    def _idle(self) -> dict[str, list[float]]:
        self.clerk.do("talk.another_day")
        since = self.clerk.do("talk.now")
        talkers = self.phones[: self.plan.size(5, 40)]
        for one in talkers:
            for line in LINES:
                self._told([(one, line)])
        return dict(self.clerk.do("talk.times", since=since))

    def _half(self, rate: float) -> tuple[list[float], list[float]]:
        """The milliseconds of every reply without and with notices: each line as often so as so."""
        told: dict[bool, list[float]] = {False: [], True: []}
        self.clerk.do("talk.make_notices", amount=self.notices)
        for number in range(self.plan.size(2, 4)):
            self.clerk.do("talk.another_day")
            for place, line in enumerate(LINES):
                burdened = (place + number) % 2 == 1
                told[burdened] += self._all_say(line, rate, burdened)
        return told[False], told[True]

    def _all_say(self, line: str, rate: float, burdened: bool) -> list[float]:
        if burdened and self.clerk.do("talk.queue_notices") < self.notices:
            raise CannotMeasure("the notices did not get into the outbox")
        since = self.clerk.do("talk.now")
        self._told([(one, line) for one in self.phones], rate)
        if burdened and not self.clerk.do("talk.drop_notices"):
            raise CannotMeasure("no notice was waiting any more")
        return list(self.clerk.do("talk.times", since=since)["inside"])

    def _told(self, lines: list[tuple[str, str]], rate: float | None = None) -> None:
        since = self.clerk.do("talk.now")
        self.product.write(lines, rate)
        self.clerk.do("talk.wait_for_replies", since=since, amount=len(lines))
