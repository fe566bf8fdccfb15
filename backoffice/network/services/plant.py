"""OLTs, boxes, and what their ports are used for."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from backoffice.common import deleting
from backoffice.common.bulk import bulk_create_with_history, signed
from backoffice.common.errors import DomainError
from backoffice.customers.models import Service
from backoffice.network.models import NapBox, NapPort, Olt, PonPort

State = NapPort.State


@transaction.atomic
def save_olt(*, olt: Olt, by: Any = None) -> Olt:
    """Write an OLT, new or changed, with as many PON ports as it says.

    Raises:
        DomainError: a PON that would go has boxes (`pon_count`).
    """
    beyond = PonPort.objects.filter(olt_id=olt.pk, number__gt=olt.pon_count)
    used = beyond.filter(boxes__isnull=False).order_by("-number").first()
    if used:
        raise DomainError(
            f"Del PON {used.number} cuelga una caja NAP: pasala a otro antes de dejar {olt.pon_count}.",
            field="pon_count",
        )
    signed(olt, by).save()
    beyond.delete()
    known = set(olt.pons.values_list("number", flat=True))
    PonPort.objects.bulk_create(
        PonPort(olt=olt, number=number) for number in range(1, olt.pon_count + 1) if number not in known
    )
    return olt


@transaction.atomic
def save_box(*, box: NapBox, by: Any = None) -> NapBox:
    """Write a box, new or changed, with as many ports as it says; new ports are free.

    Raises:
        DomainError: a port that would go is in use (`capacity`).
    """
    beyond = NapPort.objects.select_for_update(of=("self",)).filter(box_id=box.pk, number__gt=box.capacity)
    used = beyond.filter(~Q(state=State.FREE) | Q(seals__isnull=False)).order_by("-number").first()
    if used:
        raise DomainError(
            f"El puerto {used.number} está {used.get_state_display().lower()} o tiene un precinto: "
            f"no se puede dejar en {box.capacity}.",
            field="capacity",
        )
    signed(box, by).save()
    for port in beyond:
        signed(port, by).delete()
    known = set(box.ports.values_list("number", flat=True))
    new = [NapPort(box=box, number=number) for number in range(1, box.capacity + 1) if number not in known]
    bulk_create_with_history(new, by=by)
    return box


@transaction.atomic
def delete_box(*, box: NapBox, by: Any = None) -> None:
    """Delete a box that nobody uses.

    Raises:
        DomainError: a port is occupied or reserved, or a seal was used on it.
    """
    if box.ports.filter(state__in=[State.OCCUPIED, State.RESERVED]).exists():
        raise DomainError(f"{box} tiene puertos en uso: liberalos antes de borrarla.")
    if box.seals.exists() or box.ports.filter(seals__isnull=False).exists():
        raise DomainError(f"En {box} se usaron precintos: no se puede borrar, para no perder dónde están.")
    deleting.delete(box, by=by)


@transaction.atomic
def connect(*, port: NapPort, service: Service, note: str = "", by: Any = None) -> NapPort:
    """Give a port to a customer's service. If it had another, that one is left free.

    Raises:
        DomainError: somebody else has the port, or it is broken; the service is «De baja».
    """
    service = Service.objects.select_for_update(of=("self",)).select_related("customer").get(pk=service.pk)
    if service.status == Service.Status.CANCELLED:
        raise DomainError(f"Ese servicio de {service.customer} está de baja.")
    wanted = Q(pk=port.pk) | Q(service=service)
    rows = {row.pk: row for row in NapPort.objects.select_for_update().filter(wanted).order_by("pk")}
    target = rows.pop(port.pk)
    if target.service_id == service.pk:
        return target
    if target.state not in (State.FREE, State.RESERVED):
        raise DomainError(f"El puerto {target.number} está {target.get_state_display().lower()}: elegí otro.")
    for former in rows.values():
        _write(former, State.FREE, None, "", by, f"Su cliente pasó a {port}")
    return _write(target, State.OCCUPIED, service, note, by)


@transaction.atomic
def set_port(*, port: NapPort, state: str, note: str = "", by: Any = None) -> NapPort:
    """Leave a port free, reserved or broken. Freeing it disconnects whoever had it.

    Raises:
        DomainError: it is occupied and is not being freed; a reservation or a fault without its note.
    """
    row = NapPort.objects.select_for_update().get(pk=port.pk)
    note = note.strip()
    if state not in (State.FREE, State.RESERVED, State.BROKEN):
        raise DomainError("Para ocupar un puerto, elegí el servicio del cliente.")
    if row.state == State.OCCUPIED and state != State.FREE:
        raise DomainError("Ese puerto tiene un cliente: pasalo a otro puerto o liberalo primero.")
    if state != State.FREE and not note:
        what = "para quién se reserva" if state == State.RESERVED else "qué tiene"
        raise DomainError(f"Escribí {what}.", field="note")
    return _write(row, state, None, "" if state == State.FREE else note, by)


def _write(port: NapPort, state: str, service: Service | None, note: str, by: Any, reason: str = "") -> NapPort:
    port.state, port.service, port.note = state, service, note.strip()[:120]
    signed(port, by, reason).save()
    return port
