"""FibraSur's fibre: two OLTs, three boxes a zone, what is installed in each house and what is left in the deposits."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import cycle

from django.utils import timezone

from backoffice.accounts.models import User
from backoffice.catalog.models import Zone
from backoffice.common.bulk import bulk_create_with_history
from backoffice.customers.models import Service
from backoffice.network.models import (
    Deposit,
    Item,
    NapBox,
    NapPort,
    Olt,
    PonPort,
    Seal,
    SealBatch,
    Supply,
    SupplyMove,
    Unit,
    UnitMove,
)

ZONES = {  # letters of the zone's boxes, and where its first one is
    "Ciudad de Mendoza": ("CM", "-32.8895", "-68.8450"),
    "Godoy Cruz": ("GC", "-32.9280", "-68.8440"),
    "Guaymallén": ("GM", "-32.8990", "-68.7960"),
    "Las Heras": ("LH", "-32.8520", "-68.8280"),
    "Maipú": ("MP", "-32.9830", "-68.7890"),
    "Luján de Cuyo": ("LC", "-33.0350", "-68.8790"),
}
_CORNERS = (
    ("San Martín y Belgrano", "0", "0"),
    ("Rivadavia y Perú", "-0.0062", "0.0071"),
    ("Mitre y Colón", "0.0048", "-0.0083"),
)
_CAPACITY = (8, 16, 4)
_ITEMS = (
    ("ONU Huawei HG8310M", "onu", "serial"),
    ("Router TP-Link Archer C6", "router", "serial"),
    ("Cable drop 1 hilo", "cable", "metres"),
    ("Conector SC/APC", "connector", "units"),
)
_SUPPLIES = (("Cable drop 1 hilo", 1_850, 500), ("Conector SC/APC", 38, 50))
IN_DEPOSIT, IN_HAND = 9, 4
FIRST_SEAL, SEALS = 1_001, 80


def load_plant(zones: Mapping[str, Zone]) -> None:
    """The whole of it in a few statements, whatever the number of customers."""
    now = timezone.now()
    services = list(Service.objects.select_related("customer__zone").order_by("pk"))
    technician = User.objects.filter(is_staff=True).order_by("-pk").first()
    deposit, *_ = deposits = bulk_create_with_history(
        [Deposit(name="Depósito Central", address="Av. San Martín 1200, Godoy Cruz"), Deposit(name="Nodo Maipú")]
    )
    ports = _ports(_boxes(zones, _pons()), services)
    items = bulk_create_with_history([Item(name=name, kind=kind, measure=measure) for name, kind, measure in _ITEMS])
    _equipment(items, deposit, technician, services, now)
    _supplies({item.name: item for item in items}, deposits, now)
    _seals([port for port in ports if port.service_id], technician, now)


def _pons() -> list[PonPort]:
    olts = bulk_create_with_history(
        [
            Olt(
                name="OLT Central", brand="Huawei", model="MA5608T", address="10.10.0.2", pon_count=16, place="Nodo GC"
            ),
            Olt(name="OLT Maipú", brand="V-SOL", model="V1600G1", address="10.10.0.3", pon_count=8, place="Nodo Maipú"),
        ]
    )
    return PonPort.objects.bulk_create(
        [PonPort(olt=olt, number=number) for olt in olts for number in range(1, olt.pon_count + 1)]
    )


def _boxes(zones: Mapping[str, Zone], pons: Sequence[PonPort]) -> list[NapBox]:
    central, maipu = pons[:16], pons[16:]
    rows = []
    for place, (name, (letters, north, east)) in enumerate(ZONES.items()):
        for number, (corner, up, right) in enumerate(_CORNERS):
            pon = maipu[number] if letters in ("MP", "LC") else central[place * 3 + number]
            rows.append(
                NapBox(
                    name=f"NAP-{letters}-{number + 1:03d}",
                    zone=zones[name],
                    pon=pon,
                    capacity=_CAPACITY[number],
                    address=corner,
                    latitude=Decimal(north) + Decimal(up),
                    longitude=Decimal(east) + Decimal(right),
                )
            )
    return bulk_create_with_history(rows)


def _ports(boxes: Sequence[NapBox], services: Sequence[Service]) -> list[NapPort]:
    """The smallest box of each zone fills first; then one is reserved and one is broken."""
    rows = []
    for zone in {box.zone_id: None for box in boxes}:
        mine = iter([service for service in services if service.customer.zone_id == zone])
        for box in sorted((one for one in boxes if one.zone_id == zone), key=lambda one: one.capacity):
            rows += [_port(box, number, next(mine, None)) for number in range(1, box.capacity + 1)]
    left = [row for row in rows if row.service is None]
    left[0].state, left[0].note = NapPort.State.RESERVED, "Alta de Lucía Paz, viernes"
    left[-1].state, left[-1].note = NapPort.State.BROKEN, "Conector quemado"
    return bulk_create_with_history(rows)


def _port(box: NapBox, number: int, service: Service | None) -> NapPort:
    state = NapPort.State.OCCUPIED if service else NapPort.State.FREE
    return NapPort(box=box, number=number, service=service, state=state)


def _equipment(
    items: Sequence[Item], deposit: Deposit, technician: User | None, services: Sequence[Service], now: datetime
) -> None:
    """An ONU in each house, some with a technician, the rest kept; each with the moves that took it there."""
    bought = now - timedelta(days=200)
    serials = _serials()
    rows = [
        _unit(items[0], next(serials), now - timedelta(days=150 - place * 3), state="installed", service=service)
        for place, service in enumerate(services)
    ]
    hand = [
        _unit(items[0], next(serials), now - timedelta(days=2), state="technician", technician=technician)
        for _ in range(IN_HAND if technician else 0)
    ]
    kept = [
        _unit(item, next(serials), bought, state="deposit", deposit=deposit)
        for item, _ in zip(cycle(items[:2]), range(IN_DEPOSIT), strict=False)
    ]
    units = bulk_create_with_history([*rows, *hand, *kept])
    came = [
        UnitMove(unit=one, state="deposit", deposit=deposit, reason="Compra, remito 0001-4410", at=bought)
        for one in units
    ]
    left = [
        UnitMove(unit=one, state=one.state, technician=one.technician, service=one.service, at=one.since)
        for one in units
        if one.state != "deposit"
    ]
    UnitMove.objects.bulk_create([*came, *left])


def _unit(item: Item, serial: str, since: datetime, **where: object) -> Unit:
    return Unit(item=item, serial=serial, mac=f"A4C64F{serial[-6:]}", since=since, **where)


def _serials() -> Iterator[str]:
    number = 0x3A10_0000
    while True:
        number += 0x1A7
        yield f"485754{number:08X}43"


def _supplies(items: Mapping[str, Item], deposits: Sequence[Deposit], now: datetime) -> None:
    """Enough cable, and connectors that are running out."""
    rows = bulk_create_with_history(
        [
            Supply(item=items[name], deposit=deposits[0], quantity=quantity, minimum=minimum)
            for name, quantity, minimum in _SUPPLIES
        ]
    )
    moves = []
    for row in rows:
        bought = row.quantity + 150
        moves.append(SupplyMove(supply=row, change=bought, reason="Compra", at=now - timedelta(days=60)))
        moves.append(SupplyMove(supply=row, change=-150, reason="Instalaciones del mes", at=now - timedelta(days=5)))
    SupplyMove.objects.bulk_create(moves)


def _seals(ports: Sequence[NapPort], technician: User | None, now: datetime) -> None:
    """One on each connected port; one skipped, one broken, and some still with the technician."""
    batch = SealBatch(
        prefix="FS", first=FIRST_SEAL, last=FIRST_SEAL + SEALS - 1, width=6, note="Rollo azul", received_at=now
    )
    batch.save()
    places = iter(ports)
    rows = []
    for offset in range(SEALS):
        seal = Seal(batch=batch, prefix="FS", number=FIRST_SEAL + offset, code=batch.code(FIRST_SEAL + offset), at=now)
        if offset in (12, 20):
            seal.state, seal.reason = (Seal.State.VOID, "Se rompió al cerrar") if offset == 12 else (seal.state, "")
        elif port := next(places, None):
            seal.state, seal.technician = Seal.State.USED, technician
            seal.service, seal.port, seal.box = port.service, port, port.box
        elif technician and offset < SEALS - 25:
            seal.state, seal.technician = Seal.State.HANDED, technician
        rows.append(seal)
    bulk_create_with_history(rows)
