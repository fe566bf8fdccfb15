"""Notices a second that the gateway accepts, against a bare Django view that inserts one row, under the same server.

Both run under granian with the settings of `make up`, on one database, and are knocked at in turn by the same client
(`tests.bench.client`), as MikroWisp does it: a form by POST, or a query by GET. Then the gateway alone, at half of
its own peak.
"""

from collections.abc import Iterator

from tests.bench.figures import Figure, Target
from tests.bench.measures import Plan, Round, interleave
from tests.bench.product import serve
from tests.bench.stage import CannotMeasure, Stage, stage

AT_LEAST = Target(0.8)
AT_HALF = Target(50, at_most=True)
FIELDS = "token={key}&to=5492614000001&message=Hola,+tu+factura+{n}+vence+el+10.+Total:+$+18.500,00"
WAYS = {"POST": True, "GET": False}
PATHS = {"gateway": "/gateway/banco/send", "bare": "/send"}


def measure(plan: Plan) -> Iterator[Figure]:
    for kind in plan.kinds:
        with stage(kind) as one:
            yield from _Door(one, plan).figures()


class _Door:
    def __init__(self, one: Stage, plan: Plan) -> None:
        self.kind, self.plan = one.kind, plan
        self.clerk, self.client = one.worker(), one.worker()
        key = self.clerk.do("gate.load")
        self.fields = FIELDS.replace("{key}", key)
        self.ports = {
            "gateway": serve(one, "backoffice.wsgi:application"),
            "bare": serve(one, "tests.bench.bare:application", BENCH_KEY=key),
        }
        self.accepted = dict.fromkeys(self.ports, 0)

    def figures(self) -> Iterator[Figure]:
        contenders = {f"{name} {way}": self._knock(name, post) for way, post in WAYS.items() for name in self.accepted}
        told = interleave(self.plan.size(5, 10), contenders)
        for way in WAYS:
            yield Figure(
                f"gateway by {way}, {self.kind}",
                told.median(f"gateway {way}"),
                "requests/s",
                "bare Django view",
                ratio=told.ratio(f"gateway {way}", f"bare {way}"),
                target=AT_LEAST,
            )
        half = self._load("gateway", post=True, rate=told.median("gateway POST") / 2)
        yield Figure(f"gateway p50 at half its peak, {self.kind}", half["p50"], "ms")
        yield Figure(f"gateway p99 at half its peak, {self.kind}", half["p99"], "ms", target=AT_HALF)
        self._check()

    def _knock(self, name: str, post: bool) -> Round:
        return lambda: self._load(name, post=post)

    def _load(self, name: str, *, post: bool, rate: float | None = None) -> dict[str, float]:
        port, path = self.ports[name], PATHS[name]
        seconds = 0.8 if rate is None and not self.plan.full else 4.0
        told = dict(
            self.client.do(
                "client.load", port=port, path=path, post=post, fields=self.fields, seconds=seconds, rate=rate
            )
        )
        if told["refused"]:
            raise CannotMeasure(f"{name} refused {told['refused']:.0f} of {told['turns']:.0f} requests")
        self.accepted[name] += int(told["turns"])
        return told

    def _check(self) -> None:
        """What was answered 200 is stored: a fast gateway that forgets is no figure."""
        stored = dict(zip(self.accepted, self.clerk.do("gate.stored"), strict=True))
        if stored != self.accepted:
            raise CannotMeasure(f"accepted {self.accepted}, stored {stored}")
