"""Which boxes have room, and which are near."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from backoffice.customers.models import Service
from backoffice.customers.selectors import code_forms, document_forms
from backoffice.network.models import NapBox, NapPort
from integrations.understanding.places import Point, metres_between
from integrations.understanding.words import fold

NEAREST = 8
SERVICES = 8
_RINGS = (Decimal("0.01"), Decimal("0.05"), Decimal("0.5"), Decimal(180))  # degrees: about 1, 5 and 50 km, the world
_MOST_IN_A_RING = 2_000
_METRES_A_DEGREE = 111_000
_MOST_ON_A_STREET = 200
_NUMBER = re.compile(r"\b([0-9]{1,5})\b")
_STREET_WORDS = {"av", "avda", "avenida", "calle", "casa", "dto", "piso", "esquina", "entre", "san", "las", "los"}


@dataclass(frozen=True, slots=True)
class Near:
    """A box and how far it is: in metres from a point, or None when it is only on the same street."""

    box: NapBox
    metres: float | None
    why: str = ""


def with_counts(boxes: QuerySet[NapBox]) -> QuerySet[Any]:
    """Each `NapBox` with `free`, `occupied`, `reserved` and `broken`: how many of its ports are so."""
    return boxes.annotate(**{state: _count(state) for state in NapPort.State.values})


def _count(state: str) -> Coalesce:
    ports = NapPort.objects.filter(box=OuterRef("pk"), state=state).order_by().values("box")
    return Coalesce(Subquery(ports.annotate(count=Count("pk")).values("count"), output_field=IntegerField()), 0)


def nearest(point: Point, *, with_room: bool = True, count: int = NEAREST) -> list[Near]:
    """The boxes nearest to a point, nearest first; only those with a free port unless told otherwise.

    Looks in wider and wider rings, so that a country's boxes are not all read for a corner of it.
    """
    boxes = with_counts(NapBox.objects.select_related("zone", "pon__olt"))
    if with_room:
        boxes = boxes.filter(free__gt=0)
    found: list[Near] = []
    for ring in _RINGS:
        inside = boxes.filter(
            latitude__range=(point.latitude - ring, point.latitude + ring),
            longitude__range=(point.longitude - ring * 2, point.longitude + ring * 2),
        )
        found = sorted((_near(box, point) for box in inside[:_MOST_IN_A_RING]), key=lambda near: near.metres or 0.0)
        if len(found) >= count and (found[count - 1].metres or 0.0) <= float(ring) * _METRES_A_DEGREE:
            break  # nobody outside of the ring is nearer
    return found[:count]


def _near(box: NapBox, point: Point) -> Near:
    return Near(box, metres_between(point, box.point) if box.point else None)


def on_the_street(address: str, *, with_room: bool = True, count: int = NEAREST) -> list[Near]:
    """Boxes on a street, or that feed somebody on it, by how near the house's number is.

    For an address without coordinates: what our own data knows, with the neighbour that tells it in `why`.
    """
    street, number = _street_of(address)
    if not street:
        return []
    boxes = with_counts(NapBox.objects.select_related("zone", "pon__olt"))
    if with_room:
        boxes = boxes.filter(free__gt=0)
    own = [(box, box.address) for box in boxes.filter(_has(street, "address"))[:_MOST_ON_A_STREET]]
    fed = NapPort.objects.filter(_has(street, "service__address")).values_list("box_id", "service__address")
    told = list(fed[:_MOST_ON_A_STREET])
    known = {box.pk: box for box in boxes.filter(pk__in={pk for pk, _ in told})}
    own += [(known[pk], f"alimenta {text}") for pk, text in told if pk in known]
    return _best(own, number)[:count]


def _best(found: Iterable[tuple[NapBox, str]], number: int | None) -> list[Near]:
    best: dict[int, tuple[int, NapBox, str]] = {}
    for box, text in found:
        away = _away(text, number)
        if box.pk not in best or away < best[box.pk][0]:
            best[box.pk] = (away, box, text)
    return [Near(box, None, text) for _, box, text in sorted(best.values(), key=lambda one: (one[0], one[1].name))]


def _away(text: str, number: int | None) -> int:
    there = _NUMBER.findall(text)
    return abs(int(there[-1]) - number) if there and number is not None else 100_000


def _street_of(address: str) -> tuple[str, int | None]:
    """The longest run that names the street, and the house's number."""
    first = address.split(",")[0].strip()[:160]
    numbers = _NUMBER.findall(first)
    number = int(numbers[-1]) if numbers else None
    words = [word for word in re.split(r"[^\w]+", first) if len(word) > 2 and not word.isdigit()]
    words = [word for word in words if fold(word) not in _STREET_WORDS] or words
    return (max(words, key=len) if words else ""), number


def _has(street: str, field: str) -> Q:
    return Q(**{f"{field}__icontains": street})


def find_services(term: str) -> list[Service]:
    """Services that are not «De baja», by what a caller says: name, customer number, DNI or address."""
    term = " ".join(term.split())[:80]
    if len(term) < 2:
        return []
    wanted = Q(customer__code__in=code_forms(term)) | Q(customer__document__in=document_forms(term))
    wanted |= Q(customer__name__icontains=term) | Q(address__icontains=term)
    rows = Service.objects.filter(wanted).exclude(status=Service.Status.CANCELLED)
    return list(rows.select_related("customer", "plan", "nap_port__box").order_by("customer__name", "pk")[:SERVICES])
