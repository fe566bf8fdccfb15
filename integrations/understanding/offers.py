"""What a plan costs with a promotion, exact to the cent (AMB-23). Pure: shared by the panel's preview and the bot."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")
_NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Discount:
    """So many pesos, or so many per cent, less."""

    value: Decimal
    percent: bool = False

    def of(self, price: Decimal) -> Decimal:
        """What it takes from a price: never more than the price, half a cent counts as one."""
        taken = (price * self.value / 100).quantize(_CENT, ROUND_HALF_UP) if self.percent else self.value
        return min(taken, price)


@dataclass(frozen=True, slots=True)
class Promo:
    """A promotion. No zones or no plans means all of them; without `ends_on` it has no end."""

    name: str
    terms: str = ""
    installation: Discount | None = None
    monthly: Discount | None = None
    months: int = 0
    zones: frozenset[int] = frozenset()
    plans: frozenset[int] = frozenset()
    starts_on: date = date.min
    ends_on: date | None = None

    def runs(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def reaches(self, zone: int | None, plan: int) -> bool:
        """Whether it is for that plan in that zone. Where the zone is not known, only those for every zone are."""
        return (not self.zones or zone in self.zones) and (not self.plans or plan in self.plans)


@dataclass(frozen=True, slots=True)
class Quote:
    """What the customer pays: list prices, what is taken off each, and for how many months. Pesos."""

    monthly: Decimal
    installation: Decimal
    monthly_off: Decimal = _NOTHING
    installation_off: Decimal = _NOTHING
    months: int = 0

    @property
    def monthly_now(self) -> Decimal:
        return self.monthly - self.monthly_off

    @property
    def installation_now(self) -> Decimal:
        return self.installation - self.installation_off

    @property
    def first_payment(self) -> Decimal:
        """The installation and the first month."""
        return self.installation_now + self.monthly_now

    @property
    def saved(self) -> Decimal:
        return self.installation_off + self.monthly_off * self.months


def quote(monthly: Decimal, installation: Decimal, promo: Promo | None = None) -> Quote:
    """What a plan of that monthly price costs, with the promotion if there is one."""
    if promo is None:
        return Quote(monthly, installation)
    return Quote(
        monthly,
        installation,
        monthly_off=promo.monthly.of(monthly) if promo.monthly else _NOTHING,
        installation_off=promo.installation.of(installation) if promo.installation else _NOTHING,
        months=promo.months if promo.monthly else 0,
    )


def best(
    promos: Iterable[Promo], *, plan: int, zone: int | None, day: date, monthly: Decimal, installation: Decimal
) -> Promo | None:
    """The promotion that saves most to whoever takes that plan there that day; the first of equals, or None."""
    found = [one for one in promos if one.runs(day) and one.reaches(zone, plan)]
    return max(found, key=lambda one: quote(monthly, installation, one).saved, default=None)
