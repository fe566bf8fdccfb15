"""How much is thrown at the product: the quick run of every change, and the full one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """Half of the phones ask the machine, half ask for a person. `seconds` is how long they write."""

    name: str
    phones: int
    lines: int
    bot_kills: int
    web_kills: int
    seconds: float
    refuses_repeats: bool = True

    @property
    def askers(self) -> int:
        """Who want a person: as many cases as are raced for."""
        return self.phones // 2

    @property
    def pace(self) -> float:
        """Seconds between two looks at the phone."""
        return max(1.0, self.phones / 40)

    @property
    def patience(self) -> float:
        """Seconds after which somebody without an answer gives up, and the run with them."""
        return 180 + 4 * self.seconds


REFUSES = "la red rechaza repetidos"
ACCEPTS = "la red acepta repetidos"
QUICK = (
    Plan(REFUSES, phones=40, lines=6, bot_kills=8, web_kills=1, seconds=24),
    Plan(ACCEPTS, phones=12, lines=6, bot_kills=4, web_kills=1, seconds=14, refuses_repeats=False),
)
FULL = (
    Plan(REFUSES, phones=200, lines=20, bot_kills=24, web_kills=3, seconds=240),
    Plan(ACCEPTS, phones=40, lines=20, bot_kills=10, web_kills=1, seconds=80, refuses_repeats=False),
)
