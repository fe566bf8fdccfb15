"""Seals: received, handed, used, void. Each change is a line of the seal's history."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from backoffice.accounts.models import User
from backoffice.common.bulk import bulk_create_with_history, bulk_update_with_history, signed
from backoffice.common.errors import DomainError
from backoffice.customers.models import Service
from backoffice.network.models import NapBox, NapPort, Seal, SealBatch
from backoffice.network.scanning import SealCode, read_code

State = Seal.State
MOST = 5_000


@transaction.atomic
def receive_seals(*, first: str, last: str, note: str = "", by: Any = None) -> SealBatch:
    """Enter a roll: every number from one code to the other, both included.

    Raises:
        DomainError: codes that are none, of different letters, in the wrong order, too many, or there already.
    """
    begins, ends = _range(first, last)
    taken = _between(begins, ends).order_by("number").first()
    if taken:
        raise DomainError(f"El {taken} ya está cargado, en la tanda {taken.batch}.", field="first")
    batch = signed(
        SealBatch(
            prefix=begins.prefix, first=begins.number, last=ends.number, width=begins.width, note=note.strip()[:120]
        ),
        by,
    )
    batch.save()
    bulk_create_with_history(
        [
            Seal(batch=batch, prefix=batch.prefix, number=number, code=batch.code(number))
            for number in range(batch.first, batch.last + 1)
        ],
        by=by,
    )
    return batch


@transaction.atomic
def hand_seals(*, first: str, last: str, technician: User | None, by: Any = None) -> int:
    """Give seals to a technician, or take them back to the office when it is None. How many.

    Raises:
        DomainError: numbers that were not received, or that are used or void.
    """
    rows = _whole_range(first, last)
    for row in rows:
        _still_ours(row)
        row.technician = technician
        row.state = State.HANDED if technician else State.STORED
        row.at, row.reason = timezone.now(), ""
    return bulk_update_with_history(rows, ("technician", "state", "at", "reason"), by=by)


@transaction.atomic
def use_seal(
    *,
    code: str,
    service: Service | None = None,
    port: NapPort | None = None,
    box: NapBox | None = None,
    technician: User | None = None,
    by: Any = None,
) -> Seal:
    """Say where a seal was put (WIS-SEAL-01). With a service, the port it has now is kept too.

    With a service and another box than its port's, what was said is kept: the box.

    Raises:
        DomainError: no such seal, used or void already, or nowhere to put it.
    """
    asked = read_code(code)
    row = Seal.objects.select_for_update().filter(prefix=asked.prefix, number=asked.number).first()
    if row is None:
        raise DomainError(f"El precinto {code.strip()} no está cargado.", field="code")
    _still_ours(row)
    if service is not None and port is None:
        port = NapPort.objects.filter(service=service, **({"box": box} if box else {})).first()
    if port is not None and box is None:
        box = port.box
    if service is None and port is None and box is None:
        raise DomainError("Elegí dónde se usó: un cliente, un puerto o una caja.", field="code")
    row.service, row.port, row.box = service, port, box
    row.state, row.technician = State.USED, technician or row.technician
    row.at, row.reason = timezone.now(), ""
    signed(row, by).save()
    return row


@transaction.atomic
def void_seals(*, first: str, last: str, reason: str, by: Any = None) -> int:
    """Write off seals that broke, got lost or came wrong. How many.

    Raises:
        DomainError: no reason, numbers that were not received, or that are used or void.
    """
    if not reason.strip():
        raise DomainError("Escribí el motivo: se rompió, se perdió…", field="reason")
    rows = _whole_range(first, last)
    for row in rows:
        _still_ours(row)
        row.state, row.reason, row.at = State.VOID, reason.strip()[:120], timezone.now()
    return bulk_update_with_history(rows, ("state", "reason", "at"), by=by, reason=reason.strip())


@transaction.atomic
def restore_seal(*, seal: Seal, reason: str, by: Any = None) -> Seal:
    """Undo what was noted by mistake: it is in the office again, and its history keeps what was said.

    Raises:
        DomainError: no reason.
    """
    if not reason.strip():
        raise DomainError("Escribí por qué: queda en el historial del precinto.", field="reason")
    row = Seal.objects.select_for_update().get(pk=seal.pk)
    row.state, row.technician, row.service, row.port, row.box = State.STORED, None, None, None, None
    row.at, row.reason = timezone.now(), ""
    signed(row, by, reason.strip()).save()
    return row


def _still_ours(row: Seal) -> None:
    if row.state == State.USED:
        raise DomainError(f"El {row} ya se usó en {row.place}.", field="first")
    if row.state == State.VOID:
        raise DomainError(f"El {row} está anulado ({row.reason}).", field="first")


def _range(first: str, last: str) -> tuple[SealCode, SealCode]:
    """Both codes; without the second, it is one seal. Raises: DomainError."""
    begins = read_code(first, "first")
    ends = read_code(last, "last") if last.strip() else begins
    if not ends.prefix and begins.prefix:
        ends = SealCode(begins.prefix, ends.number, ends.width)
    if begins.prefix != ends.prefix:
        raise DomainError("Los dos tienen que empezar con las mismas letras.", field="last")
    if ends.number < begins.number:
        raise DomainError("El último tiene que ser mayor que el primero.", field="last")
    if ends.number - begins.number >= MOST:
        raise DomainError(f"Son más de {MOST}: revisá los números o hacelo en partes.", field="last")
    return begins, ends


def _between(begins: SealCode, ends: SealCode) -> Any:
    return Seal.objects.filter(prefix=begins.prefix, number__range=(begins.number, ends.number))


def _whole_range(first: str, last: str) -> list[Seal]:
    """Every seal of the range, locked. Raises: DomainError when one was never received."""
    begins, ends = _range(first, last)
    rows = list(
        _between(begins, ends)
        .select_for_update(of=("self",))
        .select_related("service__customer", "port__box", "box")
        .order_by("number")
    )
    there = {row.number for row in rows}
    missing = next((number for number in range(begins.number, ends.number + 1) if number not in there), None)
    if missing is not None:
        raise DomainError(f"El {begins.prefix}{missing:0{begins.width}d} no está cargado.", field="first")
    return rows
