"""Equipment and supplies: what is there is what the ledger says (WIS-STK)."""

import pytest
from django.db import IntegrityError, transaction

from backoffice.common.errors import DomainError
from backoffice.network import services
from backoffice.network.models import Supply, SupplyMove, Unit, UnitMove
from backoffice.network.scanning import WrongLines, clean_mac, clean_serial, read_lines
from backoffice.network.selectors.stock import counts_by_state, find_units, installations, ledger, short_supplies
from backoffice.network.services.stock import Destination
from tests.backoffice.network import plant

pytestmark = pytest.mark.django_db


def bought(serials: str = "HWTC-0001\nHWTC-0002 a4:c6:4f:00:11:22") -> list[Unit]:
    return services.add_units(item=plant.onu(), serials=serials, deposit=plant.deposit(), by=plant.technician())


# --- as they are scanned ---


def test_serials_and_macs_are_kept_in_one_form():
    one, two = bought(" hwtc-0001 \n\nHWTC.0002\tA4-C6-4F-00-11-22")
    assert (one.serial, one.mac) == ("HWTC0001", None)
    assert (two.serial, two.mac, two.mac_shown) == ("HWTC0002", "A4C64F001122", "A4:C6:4F:00:11:22")


def test_a_router_with_only_a_mac_has_it_as_its_serial():
    [router] = bought("A4:C6:4F:00:11:22")
    assert router.serial == router.mac == "A4C64F001122"


def test_every_wrong_line_is_told_and_nothing_is_kept():
    bought()
    with pytest.raises(WrongLines) as wrong:
        read_lines("ab\nHWTC0009 zz:zz\nHWTC0010\nHWTC 0010 x y\nhwtc-0010")
    assert [line.number for line in wrong.value.lines] == [1, 2, 4, 5]
    assert "está repetido: ya está en la línea 3" in str(wrong.value.lines[-1])
    with pytest.raises(WrongLines) as wrong:
        bought("HWTC0003\nHWTC0001")
    assert "Línea 2 («HWTC0001»): ya está cargado como ONU Huawei HG8310M HWTC0001 (en depósito)" in str(
        wrong.value.lines[0]
    )
    assert Unit.objects.count() == UnitMove.objects.count() == 2


def test_limits_are_told():
    with pytest.raises(DomainError, match="al menos un número"):
        read_lines(" \n ")
    with pytest.raises(DomainError, match="demasiados"):
        read_lines("\n".join(f"HWTC{number:05d}" for number in range(2_001)))
    with pytest.raises(DomainError, match="12 letras"):
        clean_mac("A4:C6")
    with pytest.raises(DomainError, match="entre 4 y 40"):
        clean_serial("x" * 41)
    with pytest.raises(DomainError, match="por cantidad"):
        services.add_units(item=plant.cable(), serials="HWTC0001", deposit=plant.deposit())


def test_a_thousand_units_cost_a_fixed_few_queries(django_assert_max_num_queries):
    item, deposit = plant.onu(), plant.deposit()
    serials = "\n".join(f"HWTC{number:05d}" for number in range(1_000))
    with django_assert_max_num_queries(45):  # a statement takes some hundred rows
        services.add_units(item=item, serials=serials, deposit=deposit)
    assert UnitMove.objects.count() == Unit.history.count() == 1_000


# --- where they go ---


def test_the_ledger_explains_where_a_unit_is():
    [unit, _] = bought()
    juan, maria = plant.technician(), plant.service()
    services.move_units(units=[unit], to=Destination("technician", technician=juan), by=juan)
    services.move_units(units=[unit], to=Destination("installed", service=maria), reason="Alta", by=juan)
    services.move_units(units=[unit], to=Destination("repair"), reason="No enciende", by=juan)
    unit.refresh_from_db()
    assert (unit.state, unit.deposit, unit.technician, unit.service) == ("repair", None, None, None)
    told = [(line.origin, line.place, line.reason, line.who) for line in ledger(unit)]
    house = "María González · San Martín 450"
    assert told == [
        (house, "En reparación", "No enciende", "Juan Pérez"),
        ("Juan Pérez", house, "Alta", "Juan Pérez"),
        ("Depósito Central", "Juan Pérez", "", "Juan Pérez"),
        ("", "Depósito Central", "Ingreso al stock", "Juan Pérez"),
    ]


def test_each_place_needs_its_holder_and_some_their_reason():
    [unit, _] = bought()
    for state, why in (("deposit", "qué depósito"), ("technician", "qué técnico"), ("installed", "qué servicio")):
        with pytest.raises(DomainError, match=why):
            services.move_units(units=[unit], to=Destination(state))
    for state in ("repair", "retired"):
        with pytest.raises(DomainError, match="Escribí el motivo"):
            services.move_units(units=[unit], to=Destination(state))
    services.move_units(units=[unit], to=Destination("retired"), reason="Se quemó")
    with pytest.raises(DomainError, match="Escribí el motivo"):
        services.move_units(units=[unit], to=Destination("deposit", deposit=plant.deposit()))
    with pytest.raises(DomainError, match="HWTC0001 ya está ahí"):
        services.move_units(units=[unit], to=Destination("retired"), reason="Otra vez")
    with pytest.raises(DomainError, match="al menos un equipo"):
        services.move_units(units=[], to=Destination("repair"), reason="x")
    maria = plant.service()
    maria.status = "cancelled"
    maria.save()
    with pytest.raises(DomainError, match="de baja"):
        services.move_units(units=[unit], to=Destination("installed", service=maria), reason="x")


def test_the_lines_of_a_ledger_are_only_added():
    bought()
    line = UnitMove.objects.first()
    line.reason = "otra cosa"
    with pytest.raises(TypeError):
        line.save()
    with pytest.raises(TypeError):
        line.delete()


def test_the_database_refuses_a_unit_in_two_places():
    [unit, _] = bought()
    unit.technician = plant.technician()
    with pytest.raises(IntegrityError), transaction.atomic():
        unit.save()


def test_units_are_found_by_serial_or_mac_and_the_unknown_are_told():
    one, two = bought()
    assert find_units("hwtc-0001\nA4:C6:4F:00:11:22") == [one, two]
    with pytest.raises(WrongLines) as wrong:
        find_units("HWTC0001\nHWTC9999")
    assert [(line.number, line.text) for line in wrong.value.lines] == [(2, "HWTC9999")]


def test_what_is_installed_at_a_customer_and_how_many_are_where(django_assert_num_queries):
    [unit, _] = bought()
    plant.box()
    maria = plant.service()
    services.connect(port=plant.port(1), service=maria)
    services.move_units(units=[unit], to=Destination("installed", service=maria))
    assert counts_by_state() == {"deposit": 1, "technician": 0, "installed": 1, "repair": 0, "retired": 0}
    with django_assert_num_queries(4):
        [place] = installations(maria.customer)
        assert (place.units, place.service.nap_port.number, place.seals) == ([unit], 1, [])


# --- what has no serial ---


def test_a_supply_is_the_sum_of_its_moves():
    cable, central, node = plant.cable(), plant.deposit(), plant.deposit("Nodo Maipú")
    services.change_supply(item=cable, deposit=central, change=1_000, reason="Compra")
    services.change_supply(item=cable, deposit=central, change=-80, reason="Instalación")
    there = services.transfer_supply(supply=Supply.objects.get(), deposit=node, quantity=300)
    assert (there.quantity, there.amount) == (300, "300 m")
    for supply in Supply.objects.all():
        assert supply.quantity == sum(SupplyMove.objects.filter(supply=supply).values_list("change", flat=True))
    assert Supply.objects.get(deposit=central).quantity == 620
    assert there.moves.get().reason == "Viene de Depósito Central"


@pytest.mark.parametrize(
    ("change", "reason", "why"),
    [(-1, "Instalación", "no alcanza"), (5, " ", "el motivo"), (0, "x", "mayor que cero"), (2_000_000, "x", "mayor")],
)
def test_a_supply_never_goes_below_nothing(change, reason, why):
    with pytest.raises(DomainError, match=why):
        services.change_supply(item=plant.cable(), deposit=plant.deposit(), change=change, reason=reason)
    assert not SupplyMove.objects.exists()


def test_what_has_serials_is_no_supply_and_a_transfer_goes_elsewhere():
    with pytest.raises(DomainError, match="cargalo en Equipos"):
        services.change_supply(item=plant.onu(), deposit=plant.deposit(), change=1, reason="x")
    supply = services.change_supply(item=plant.cable(), deposit=plant.deposit(), change=10, reason="Compra")
    with pytest.raises(DomainError, match="otro depósito"):
        services.transfer_supply(supply=supply, deposit=supply.deposit, quantity=1)
    with pytest.raises(DomainError, match="no alcanza"):
        services.transfer_supply(supply=supply, deposit=plant.deposit("Otro"), quantity=11)
    with pytest.raises(DomainError, match="mayor que cero"):
        services.transfer_supply(supply=supply, deposit=plant.deposit("Otro"), quantity=0)


def test_what_is_short_is_told():
    supply = services.change_supply(item=plant.cable(), deposit=plant.deposit(), change=10, reason="Compra")
    assert not short_supplies().exists()
    supply.minimum = 50
    supply.save()
    assert list(short_supplies()) == [supply]
