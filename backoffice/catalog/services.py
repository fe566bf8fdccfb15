"""Verbs of what the ISP sells and answers."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Max

from backoffice.catalog.models import Faq, Plan, Promotion, Zone
from backoffice.common import deleting
from backoffice.common.bulk import bulk_update_with_history, save_as_one_line
from backoffice.common.errors import DomainError


@transaction.atomic
def save_plan(*, plan: Plan, zones: Iterable[Zone]) -> Plan:
    """Keep a validated plan, sold in these zones (none: in all), as one line of its history."""
    save_as_one_line(plan, zones=zones)
    return plan


@transaction.atomic
def save_promotion(*, promotion: Promotion, zones: Iterable[Zone], plans: Iterable[Plan]) -> Promotion:
    """Keep a validated promotion, for these zones and plans (none: all), as one line of its history."""
    save_as_one_line(promotion, zones=zones, plans=plans)
    return promotion


@transaction.atomic
def save_zone(*, zone: Zone) -> Zone:
    """Keep a validated zone."""
    zone.save()
    return zone


@transaction.atomic
def delete_zone(*, zone: Zone) -> None:
    """Delete a zone that nothing names.

    Raises:
        DomainError: a plan or a promotion is only for some zones and this is one: without it they might be for all.
    """
    _refuse_while_named(str(zone), [*zone.plans.all()[:1], *zone.promotions.all()[:1]])
    deleting.delete(zone)


@transaction.atomic
def delete_plan(*, plan: Plan) -> None:
    """Delete a plan that no promotion names.

    Raises:
        DomainError: a promotion is only for some plans and this is one.
    """
    _refuse_while_named(str(plan), [*plan.promotions.all()[:1]])
    deleting.delete(plan)


@transaction.atomic
def save_faq(*, faq: Faq) -> Faq:
    """Keep a validated question; a new one, or one that changes its area, goes last."""
    before = Faq.objects.filter(pk=faq.pk).values_list("area", flat=True).first() if faq.pk else None
    if before != faq.area:
        last = Faq.objects.filter(area=faq.area).aggregate(last=Max("position"))["last"]
        faq.position = (last or 0) + 1
    faq.save()
    return faq


@transaction.atomic
def arrange_faqs(*, area: str, order: Sequence[tuple[str, Sequence[int]]]) -> int:
    """Put the questions of an area in that order: categories, each with its questions' ids. How many changed.

    A question moved under another category takes it. Ids of other areas are ignored, and what the order does not name
    (somebody added it meanwhile) stays after the rest in the order it had.

    Raises:
        DomainError: a category without a name.
    """
    rows = {faq.pk: faq for faq in Faq.objects.filter(area=area)}
    wanted: dict[int, str] = {}
    for category, keys in order:
        name = " ".join(category.split())[:60]
        if not name:
            raise DomainError("La categoría necesita un nombre.")
        wanted.update({key: name for key in keys if key in rows})
    wanted.update({key: faq.category for key, faq in rows.items() if key not in wanted})
    moved = []
    for position, (key, category) in enumerate(wanted.items(), start=1):
        faq = rows[key]
        if (faq.position, faq.category) != (position, category):
            faq.position, faq.category = position, category
            moved.append(faq)
    return bulk_update_with_history(moved, ("position", "category"), reason="Cambio de orden")


def _refuse_while_named(name: str, by: Sequence[Plan | Promotion]) -> None:
    for one in by:
        kind = "el plan" if isinstance(one, Plan) else "la promoción"
        raise DomainError(
            f"No se puede borrar «{name}»: {kind} «{one}» es solo para algunos y lo nombra. Sacalo de ahí."
        )
