"""Every seal is somewhere, and what nobody can explain is told (WIS-SEAL)."""

import pytest
from django.db import IntegrityError, transaction

from backoffice.common.errors import DomainError
from backoffice.network import services
from backoffice.network.models import Seal
from backoffice.network.scanning import SealCode, read_code, runs
from backoffice.network.selectors.seals import report
from tests.backoffice.network import plant

pytestmark = pytest.mark.django_db


def received(first: str = "FS001001", last: str = "FS001010") -> None:
    services.receive_seals(first=first, last=last, note="Rollo azul")


def seal(code: str) -> Seal:
    return Seal.objects.get(code=code)


def test_a_code_is_letters_and_a_number():
    assert read_code("fs-001001") == SealCode("FS", 1001, 6)
    assert read_code("1250") == SealCode("", 1250, 4)
    for wrong in ("", "FS", "12A", "9" * 12):
        with pytest.raises(DomainError, match="Un precinto es un número"):
            read_code(wrong)


def test_consecutive_numbers_are_told_together():
    assert runs([7, 1, 2, 3, 9, 10]) == [(1, 3), (7, 7), (9, 10)]
    assert runs([]) == []


def test_a_roll_becomes_its_numbers_with_their_history():
    received()
    assert [one.code for one in Seal.objects.all()][::9] == ["FS001001", "FS001010"]
    assert Seal.history.count() == 10


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        ("FS001005", "FS001020", "FS001005 ya está cargado"),
        ("FS2", "AB9", "las mismas letras"),
        ("FS9", "FS2", "mayor que el primero"),
        ("FS1000000", "FS1005000", "Son más de 5000"),
        ("hola", "", "Un precinto es un número"),
    ],
)
def test_a_roll_that_cannot_be_is_refused(first, last, why):
    received()
    with pytest.raises(DomainError, match=why):
        received(first, last)
    assert Seal.objects.count() == 10


def test_from_the_office_to_a_house_and_each_step_is_kept():
    received()
    plant.box()
    juan, maria = plant.technician(), plant.service()
    services.connect(port=plant.port(2), service=maria)
    assert services.hand_seals(first="FS001001", last="FS001005", technician=juan, by=juan) == 5
    used = services.use_seal(code="fs1001", service=maria, by=juan)
    assert (used.state, used.technician, used.port, used.box.name) == ("used", juan, plant.port(2), "NAP-GC-001")
    assert used.place == "María González · NAP-GC-001 · puerto 2"
    states = list(used.history.order_by("history_id").values_list("state", "history_user__username"))
    assert states == [("stored", None), ("handed", "juan"), ("used", "juan")]


def test_what_is_used_or_void_does_not_move_until_it_is_corrected():
    received()
    box = plant.box()
    services.use_seal(code="FS001003", box=box)
    assert services.void_seals(first="FS001004", last="", reason="Se rompió") == 1
    juan = plant.technician()
    with pytest.raises(DomainError, match="FS001003 ya se usó en NAP-GC-001"):
        services.hand_seals(first="FS001001", last="FS001005", technician=juan)
    with pytest.raises(DomainError, match=r"FS001004 está anulado \(Se rompió\)"):
        services.use_seal(code="FS001004", box=box)
    assert set(Seal.objects.values_list("state", flat=True)) == {"stored", "used", "void"}
    with pytest.raises(DomainError, match="por qué"):
        services.restore_seal(seal=seal("FS001003"), reason=" ")
    back = services.restore_seal(seal=seal("FS001003"), reason="Era el 1004", by=juan)
    assert (back.state, back.box, back.history.first().history_change_reason) == ("stored", None, "Era el 1004")


def test_numbers_that_are_not_there_and_places_that_are_none():
    received()
    with pytest.raises(DomainError, match="FS001011 no está cargado"):
        services.hand_seals(first="FS001009", last="FS001012", technician=plant.technician())
    with pytest.raises(DomainError, match="no está cargado"):
        services.use_seal(code="ZZ9", box=plant.box())
    with pytest.raises(DomainError, match="dónde se usó"):
        services.use_seal(code="FS001001")
    with pytest.raises(DomainError, match="el motivo"):
        services.void_seals(first="FS001001", last="", reason="")


def test_a_box_or_a_port_with_a_seal_does_not_disappear():
    received()
    box = plant.box()
    services.use_seal(code="FS001001", port=plant.port(4))
    with pytest.raises(DomainError, match="se usaron precintos"):
        services.delete_box(box=box)
    box.capacity = 2
    with pytest.raises(DomainError, match="tiene un precinto"):
        services.save_box(box=box)


def test_the_database_refuses_a_seal_that_is_nowhere():
    received()
    for values in ({"state": "used"}, {"state": "handed"}, {"state": "void"}, {"technician": plant.technician()}):
        row = seal("FS001001")
        for name, value in values.items():
            setattr(row, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_the_report_accounts_for_every_number_and_tells_the_gaps(django_assert_max_num_queries):
    received()
    received("FS001021", "FS001025")
    juan, box = plant.technician(), plant.box()
    services.hand_seals(first="FS001002", last="FS001008", technician=juan)
    for code in ("FS001002", "FS001003", "FS001006"):
        services.use_seal(code=code, box=box)
    services.void_seals(first="FS001004", last="", reason="Se rompió")
    with django_assert_max_num_queries(7):
        told = report()
    assert [roll.counts for roll in told.rolls] == [
        {"stored": 3, "handed": 3, "used": 3, "void": 1},
        {"stored": 5, "handed": 0, "used": 0, "void": 0},
    ]
    assert all(sum(roll.counts.values()) == roll.total for roll in told.rolls)
    [holder] = told.holders
    assert (holder.who, holder.used, holder.count) == (juan, 3, 3)
    assert holder.holds == ["FS001005", "FS001007 a FS001008"]
    assert holder.skipped == ["FS001005"]
    assert told.left_behind == ["FS001001"]
    assert told.never_came == ["FS001011 a FS001020"]
    assert told.has_gaps


def test_without_gaps_it_says_so():
    received()
    assert not report().has_gaps
