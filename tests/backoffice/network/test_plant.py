"""OLTs, boxes and ports: the rows say the same as the numbers, and a port has one service (WIS-NAP, WIS-OLT)."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from backoffice.common.errors import DomainError
from backoffice.customers.models import Service
from backoffice.network import services
from backoffice.network.models import NapBox, NapPort, PonPort
from backoffice.network.selectors.plant import find_services, nearest, on_the_street, with_counts
from integrations.understanding.places import parse_point
from tests.backoffice.network import plant

pytestmark = pytest.mark.django_db


def test_an_olt_has_the_pons_it_says():
    olt = plant.olt(pons=4)
    assert list(olt.pons.values_list("number", flat=True)) == [1, 2, 3, 4]
    olt.pon_count = 8
    services.save_olt(olt=olt)
    assert olt.pons.count() == 8


def test_a_pon_with_boxes_does_not_go():
    olt = plant.olt(pons=4)
    services.save_box(box=NapBox(name="NAP-1", pon=olt.pons.get(number=3)))
    olt.pon_count = 2
    with pytest.raises(DomainError, match="Del PON 3 cuelga") as refused:
        services.save_olt(olt=olt)
    assert refused.value.field == "pon_count"
    olt.pon_count = 3
    services.save_olt(olt=olt)
    assert PonPort.objects.count() == 3


def test_a_box_has_the_ports_it_says_and_they_have_history():
    box = plant.box(capacity=8)
    assert box.ports.count() == 8
    assert set(box.ports.values_list("state", flat=True)) == {"free"}
    assert NapPort.history.count() == 8
    box.capacity = 4
    services.save_box(box=box)
    assert list(box.ports.values_list("number", flat=True)) == [1, 2, 3, 4]


def test_a_port_in_use_does_not_go_with_a_smaller_box():
    box, maria = plant.box(capacity=8), plant.service()
    services.connect(port=plant.port(7), service=maria)
    box.capacity = 4
    with pytest.raises(DomainError, match="El puerto 7 está ocupado"):
        services.save_box(box=box)
    with pytest.raises(DomainError, match="puertos en uso"):
        services.delete_box(box=box)
    services.set_port(port=plant.port(7), state="free")
    services.delete_box(box=box)
    assert not NapPort.objects.exists()


def test_a_service_has_one_port_and_moving_frees_the_other():
    plant.box()
    maria = plant.service()
    services.connect(port=plant.port(1), service=maria, note="cable verde", by=plant.technician())
    assert (plant.port(1).state, plant.port(1).note) == ("occupied", "cable verde")
    services.connect(port=plant.port(3), service=maria)
    assert (plant.port(1).state, plant.port(1).service, plant.port(1).note) == ("free", None, "")
    assert plant.port(3).service == maria
    newest = plant.port(1).history.first()
    assert newest.history_change_reason == "Su cliente pasó a NAP-GC-001 · puerto 3"
    before = NapPort.history.count()
    services.connect(port=plant.port(3), service=maria)
    assert NapPort.history.count() == before


def test_an_occupied_or_broken_port_is_given_to_nobody():
    plant.box()
    services.connect(port=plant.port(1), service=plant.service())
    services.set_port(port=plant.port(2), state="broken", note="Conector quemado")
    lucia = plant.service("Lucía Paz", "000102")
    for number, why in ((1, "ocupado"), (2, "roto")):
        with pytest.raises(DomainError, match=f"El puerto {number} está {why}"):
            services.connect(port=plant.port(number), service=lucia)
    lucia.status = Service.Status.CANCELLED
    lucia.save()
    with pytest.raises(DomainError, match="está de baja"):
        services.connect(port=plant.port(3), service=lucia)


def test_a_reserved_port_says_for_whom_and_then_is_connected():
    plant.box()
    with pytest.raises(DomainError, match="para quién se reserva"):
        services.set_port(port=plant.port(1), state="reserved", note=" ")
    services.set_port(port=plant.port(1), state="reserved", note="Lucía, viernes")
    services.connect(port=plant.port(1), service=plant.service("Lucía Paz", "000102"))
    assert plant.port(1).note == ""
    with pytest.raises(DomainError, match="tiene un cliente"):
        services.set_port(port=plant.port(1), state="broken", note="x")
    with pytest.raises(DomainError, match="elegí el servicio"):
        services.set_port(port=plant.port(2), state="occupied")


def test_the_database_itself_refuses_what_cannot_be():
    plant.box()
    maria = plant.service()
    services.connect(port=plant.port(1), service=maria)
    for values in ({"service": maria, "state": "occupied"}, {"state": "occupied"}):
        row = plant.port(2)
        for name, value in values.items():
            setattr(row, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        NapBox.objects.create(name="sin este", latitude=-32)
    with pytest.raises(ProtectedError):
        maria.customer.delete()


def test_the_nearest_boxes_with_room_come_first():
    corner = plant.box("NAP-A", at="-32.9280, -68.8440")
    plant.box("NAP-B", at="-32.9290, -68.8440")
    plant.box("NAP-LEJOS", at="-33.9, -68.9")
    plant.box("NAP-SIN-LUGAR", capacity=1, at="-32.9281, -68.8440")
    plant.box("NAP-SIN-MAPA", at="")
    services.connect(port=plant.port(1, NapBox.objects.get(name="NAP-SIN-LUGAR")), service=plant.service())
    here = parse_point("-32.92805, -68.8440")
    near = nearest(here)
    assert [one.box.name for one in near] == ["NAP-A", "NAP-B", "NAP-LEJOS"]
    assert (near[0].box, round(near[0].metres)) == (corner, 6)
    assert near[0].box.free == 4
    assert [one.box.name for one in nearest(here, with_room=False, count=2)] == ["NAP-A", "NAP-SIN-LUGAR"]


def test_a_street_is_known_by_the_boxes_and_by_the_neighbours():
    near, far = plant.box("NAP-A", address="Belgrano 400"), plant.box("NAP-B", address="Mitre y Colón")
    services.connect(port=plant.port(1, far), service=plant.service(address="San Martín 450, Godoy Cruz"))
    assert [(one.box, one.why) for one in on_the_street("San Martín 470")] == [
        (far, "alimenta San Martín 450, Godoy Cruz")
    ]
    assert [one.box for one in on_the_street("Belgrano 120")] == [near]
    assert on_the_street("Calle que no existe 5") == []
    assert on_the_street("  ") == []


def test_how_full_a_box_is():
    plant.box(capacity=4)
    services.connect(port=plant.port(1), service=plant.service())
    services.set_port(port=plant.port(2), state="reserved", note="x")
    services.set_port(port=plant.port(3), state="broken", note="x")
    [box] = with_counts(NapBox.objects.all())
    assert (box.free, box.occupied, box.reserved, box.broken) == (1, 1, 1, 1)


@pytest.mark.parametrize("term", ["maría", "González", "101", "000101", "30.111.222", "san martín 4"])
def test_a_service_is_found_by_what_a_caller_says(term):
    maria = plant.service()
    plant.service("Lucía Paz", "000102", "Belgrano 12", document="28999111")
    assert find_services(term) == [maria]
