"""Equipment with a serial: it comes in, it moves, and its ledger says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from backoffice.accounts.models import User
from backoffice.common.bulk import bulk_create_with_history, bulk_update_with_history
from backoffice.common.errors import DomainError
from backoffice.customers.models import Service
from backoffice.network.models import Deposit, Item, Unit, UnitMove, Whereabouts
from backoffice.network.scanning import BadLine, Scanned, WrongLines, read_lines

State = Whereabouts.State
_NEEDS = {
    State.DEPOSIT: ("deposit", "Elegí a qué depósito va."),
    State.TECHNICIAN: ("technician", "Elegí qué técnico lo tiene."),
    State.INSTALLED: ("service", "Elegí en qué servicio se instaló."),
}
_COLUMNS = ("state", "deposit", "technician", "service")
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Destination:
    """Where units go. Only the holder of its state counts; the others are left empty."""

    state: str
    deposit: Deposit | None = None
    technician: User | None = None
    service: Service | None = None

    def columns(self) -> dict[str, Any]:
        """The columns of a `Whereabouts`. Raises: DomainError when the state lacks its holder."""
        found: dict[str, Any] = {"state": self.state, "deposit": None, "technician": None, "service": None}
        column, missing = _NEEDS.get(State(self.state), ("", ""))
        if column:
            found[column] = getattr(self, column)
            if found[column] is None:
                raise DomainError(missing, field=column)
        return found


@transaction.atomic
def add_units(*, item: Item, serials: str, deposit: Deposit, reason: str = "", by: Any = None) -> list[Unit]:
    """Enter equipment, a line each (WIS-STK-01): serial and, if it has one, MAC. All or none.

    Raises:
        WrongLines: what is wrong with each line; among others, a serial that is there already.
        DomainError: the thing is not followed by its serial.
    """
    if not item.has_serials:
        raise DomainError(f"«{item}» se controla por cantidad: cargalo en Insumos.", field="item")
    read = read_lines(serials)
    if bad := _already_there(read):
        raise WrongLines(bad)
    now = timezone.now()
    rows = bulk_create_with_history(
        [
            Unit(item=item, serial=one.serial, mac=one.mac, state=State.DEPOSIT, deposit=deposit, since=now)
            for one in read
        ],
        by=by,
    )
    _note(rows, reason.strip() or "Ingreso al stock", by, now)
    return rows


@transaction.atomic
def move_units(*, units: Sequence[Unit], to: Destination, reason: str = "", by: Any = None) -> list[Unit]:
    """Move equipment and write a line of each one's ledger (WIS-STK-02).

    Raises:
        DomainError: no holder for the state; it is there already; repairs, retirements and returns from
            «De baja» without their reason.
    """
    columns = to.columns()
    reason = reason.strip()
    rows = list(Unit.objects.select_for_update().filter(pk__in=[unit.pk for unit in units]).order_by("pk"))
    if not rows:
        raise DomainError("Elegí al menos un equipo.", field="serials")
    if not reason and (to.state in (State.REPAIR, State.RETIRED) or any(row.state == State.RETIRED for row in rows)):
        raise DomainError("Escribí el motivo: queda en el historial del equipo.", field="reason")
    if columns["service"] is not None and columns["service"].status == Service.Status.CANCELLED:
        raise DomainError("Ese servicio está de baja.", field="service")
    still = [row for row in rows if _is_there(row, columns)]
    if still:
        raise DomainError(f"{still[0].serial} ya está ahí.", field="state")
    now = timezone.now()
    for row in rows:
        for column, value in columns.items():
            setattr(row, column, value)
        row.since = now
    bulk_update_with_history(rows, (*_COLUMNS, "since"), by=by, reason=reason)
    _note(rows, reason, by, now)
    return rows


def _is_there(row: Unit, columns: dict[str, Any]) -> bool:
    return all(getattr(row, column) == value for column, value in columns.items())


def _note(rows: Sequence[Unit], reason: str, by: Any, now: Any) -> None:
    UnitMove.objects.bulk_create(
        [
            UnitMove(unit=row, reason=reason[:120], by=by, at=now, **{name: getattr(row, name) for name in _COLUMNS})
            for row in rows
        ],
        batch_size=_CHUNK,
    )


def _already_there(read: Sequence[Scanned]) -> list[BadLine]:
    """Lines whose serial or MAC some unit has."""
    known: dict[str, Unit] = {}
    for at in range(0, len(read), _CHUNK):
        part = read[at : at + _CHUNK]
        same = Q(serial__in=[one.serial for one in part]) | Q(mac__in=[one.mac for one in part if one.mac])
        for unit in Unit.objects.filter(same).select_related("item"):
            known[unit.serial] = unit
            if unit.mac:
                known[unit.mac] = unit
    found = [(one, known.get(one.serial) or known.get(one.mac or "")) for one in read]
    return [
        BadLine(one.number, one.text, f"ya está cargado como {unit} ({unit.get_state_display().lower()}).")
        for one, unit in found
        if unit
    ]
