"""Reads of what the ISP sells that more than one screen needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from backoffice.catalog.models import Plan, Promotion, SalesSettings, Zone
from backoffice.company.models import Company
from integrations.understanding.money import short_ars
from integrations.understanding.offers import Promo, Quote, quote

TO_CONFIRM = "a confirmar según tu domicilio"


def installation_cost() -> Decimal | None:
    """The standard one in pesos; None while nobody said it."""
    return SalesSettings.objects.filter(pk=1).values_list("installation_cost", flat=True).first()


def facts(company: Company, installation: Decimal | None) -> dict[str, str]:
    """What answers may name between braces: `models.ANSWER_BLANKS` with today's values (AMB-24)."""
    return {
        "empresa": company.name,
        "telefono": company.phone or "nuestro teléfono",
        "direccion": company.address or "nuestra oficina",
        "costo_instalacion": TO_CONFIRM if installation is None else short_ars(installation),
    }


def running_promotions(day: date) -> list[Promo]:
    """Those that are on and have not ended by that day; some may begin later (three queries)."""
    rows = Promotion.objects.filter(active=True).exclude(ends_on__lt=day).prefetch_related("zones", "plans")
    return [row.promo() for row in rows]


@dataclass(frozen=True)
class Priced:
    """A plan with what the customer pays for it."""

    plan: Plan
    quote: Quote


def priced(promo: Promo) -> list[Priced]:
    """What each plan that the promotion covers costs with it. The plans are those sold where it reaches."""
    installation = installation_cost() or Decimal(0)
    plans = Plan.objects.filter(active=True).prefetch_related("zones")
    return [
        Priced(plan, quote(plan.price, installation, promo))
        for plan in plans
        if (not promo.plans or plan.pk in promo.plans) and _meet(promo.zones, plan.zones.all())
    ]


def _meet(zones: frozenset[int], others: Iterable[Zone]) -> bool:
    keys = {zone.pk for zone in others}
    return not zones or not keys or bool(zones & keys)
