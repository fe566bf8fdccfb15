"""Where equipment is, and what is running short."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, QuerySet

from backoffice.accounts.models import User
from backoffice.common.errors import DomainError
from backoffice.customers.models import Customer, Service
from backoffice.network.models import Seal, Supply, Unit, UnitMove, Whereabouts
from backoffice.network.scanning import BadLine, Scanned, WrongLines, read_lines

_CHUNK = 500
LEDGER = 200


@dataclass(frozen=True, slots=True)
class Line:
    """A move as a person reads it: from where to where."""

    at: datetime
    who: str
    origin: str
    state: str
    place: str
    reason: str


def ledger(unit: Unit) -> list[Line]:
    """The moves of a unit, newest first: each one begins where the one before ended."""
    rows = list(
        UnitMove.objects.filter(unit=unit)
        .select_related("by", "deposit", "technician", "service__customer", "service__plan")
        .order_by("-pk")[:LEDGER]
    )
    origins = [row.place for row in rows[1:]] + [""]
    return [
        Line(row.at, str(row.by or "el sistema"), origin, str(row.get_state_display()), row.place, row.reason)
        for row, origin in zip(rows, origins, strict=True)
    ]


def find_units(serials: str) -> list[Unit]:
    """The units whose serial, or MAC, is on each line.

    Raises:
        WrongLines: a line that is no serial, or that no unit has.
    """
    read = read_lines(serials)
    known: dict[str, Unit] = {}
    for at in range(0, len(read), _CHUNK):
        asked = [one.serial for one in read[at : at + _CHUNK]]
        for unit in Unit.objects.filter(serial__in=asked):
            known[unit.serial] = unit
        for unit in Unit.objects.filter(mac__in=asked):
            known.setdefault(f"{unit.mac}", unit)
    missing = [_unknown(one) for one in read if one.serial not in known]
    if missing:
        raise WrongLines(missing)
    return list({known[one.serial].pk: known[one.serial] for one in read}.values())


def _unknown(one: Scanned) -> BadLine:
    return BadLine(one.number, one.text, "no hay ningún equipo con esa serie ni esa MAC.")


def technicians() -> QuerySet[User]:
    """Who may have equipment or seals: anybody who works here."""
    return User.objects.filter(is_active=True, is_staff=True).order_by("first_name", "last_name", "username")


def short_supplies() -> QuerySet[Supply]:
    """Those below their minimum."""
    return Supply.objects.filter(quantity__lt=F("minimum")).select_related("item", "deposit")


def counts_by_state() -> dict[str, int]:
    """How many units there are in each state, with zeros, in the order of a unit's life."""
    rows = dict(Unit.objects.order_by().values_list("state").annotate(count=Count("pk")))
    return {state.value: rows.get(state.value, 0) for state in Whereabouts.State}


@dataclass(frozen=True, slots=True)
class Installation:
    """What a service has in the street and at home."""

    service: Service
    units: list[Unit]
    seals: list[Seal]


def installations(customer: Customer) -> list[Installation]:
    """Of each service of a customer: its port (`service.nap_port`), equipment and seals. Four queries."""
    services = list(
        Service.objects.filter(customer=customer)
        .select_related("plan", "nap_port__box__pon__olt")
        .prefetch_related("units__item", "seals")
        .order_by("pk")
    )
    return [Installation(one, list(one.units.all()), list(one.seals.all())) for one in services]


def destination_state(value: str) -> Whereabouts.State:
    """Raises: DomainError for what is no state."""
    try:
        return Whereabouts.State(value)
    except ValueError:
        raise DomainError("Elegí a dónde va.", field="state") from None
