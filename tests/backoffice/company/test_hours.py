"""Opening hours and holidays, as staff type them."""

from datetime import date, time

import pytest

from backoffice.common.dates import parse_date
from backoffice.common.errors import DomainError
from backoffice.common.models import ConfigRevision
from backoffice.company.models import Holiday, OpeningHours
from backoffice.company.services import (
    add_holiday,
    parse_slot,
    parse_slots,
    parse_time,
    set_hours,
    show_slot,
)


@pytest.mark.parametrize("typed", ["8:0", "8:00", "08.00", "ocho", "", "08:00:00", "٠٨:٠٠"])
def test_a_time_is_two_digits_and_two_digits(typed):
    with pytest.raises(DomainError, match="escribila como HH:MM"):
        parse_time(typed)


@pytest.mark.parametrize("typed", ["24:00", "25:10", "12:60", "99:99"])
def test_a_time_that_does_not_exist_is_refused(typed):
    with pytest.raises(DomainError, match="no existe"):
        parse_time(typed)


@pytest.mark.parametrize("typed", ["08:00-12:00", " 08:00 - 12:00 ", "08:00–12:00", "08:00 a 12:00"])
def test_a_slot_is_read_in_its_usual_forms(typed):
    assert parse_slot(typed) == (time(8), time(12))


def test_a_slot_may_last_until_midnight():
    slot = parse_slot("20:00-24:00")
    assert slot == (time(20), time.max)
    assert show_slot(slot) == "20:00-24:00"
    assert show_slot(parse_slot("08:00-18:30")) == "08:00-18:30"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("12:00-08:00", "posterior"),
        ("08:00-08:00", "posterior"),
        ("8:0-12:00", "«8:0»"),
        ("mañana", "no es un horario"),
    ],
)
def test_a_wrong_slot_says_what_is_wrong(typed, reason):
    with pytest.raises(DomainError, match=reason):
        parse_slot(typed)


def test_overlapping_slots_name_the_day():
    with pytest.raises(DomainError, match=r"Martes: .*08:00-12:00.*11:00-14:00.*superponen") as refused:
        parse_slots(["11:00-14:00", "08:00-12:00"], day=1)
    assert refused.value.field == "1"
    assert parse_slots(["14:00-18:00", "", "08:00-14:00"]) == [(time(8), time(14)), (time(14), time(18))]


def week() -> dict[int, list[str]]:
    shown: dict[int, list[str]] = {}
    for row in OpeningHours.objects.all():
        shown.setdefault(row.weekday, []).append(show_slot((row.opens, row.closes)))
    return shown


@pytest.mark.django_db
def test_hours_are_set_day_by_day():
    set_hours(hours={day: ["08:00-12:00", "14:00-18:00"] for day in range(5)} | {5: ["09:00-13:00"]})
    set_hours(hours={0: ["08:00-12:00"], 5: []})
    assert week() == {0: ["08:00-12:00"], **{day: ["08:00-12:00", "14:00-18:00"] for day in range(1, 5)}}


@pytest.mark.django_db
def test_what_stays_keeps_its_row_and_what_goes_leaves_history():
    set_hours(hours={0: ["08:00-12:00", "14:00-18:00"]})
    morning = OpeningHours.objects.get(opens=time(8)).pk
    revision = ConfigRevision.current()
    set_hours(hours={0: ["08:00-12:00", "15:00-18:00"]})
    assert OpeningHours.objects.get(opens=time(8)).pk == morning
    assert sorted(OpeningHours.history.values_list("history_type", flat=True)) == ["+", "+", "+", "-"]
    assert ConfigRevision.current() > revision


@pytest.mark.django_db
def test_a_mistake_in_one_day_changes_none():
    set_hours(hours={0: ["08:00-12:00"]})
    with pytest.raises(DomainError):
        set_hours(hours={0: ["09:00-12:00"], 1: ["12:00-08:00"]})
    assert week() == {0: ["08:00-12:00"]}


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("2024-13-01", "no hay un mes 13"),
        ("2026-02-30", "febrero de 2026 no tiene un día 30"),
        ("2026-2-3", "AAAA-MM-DD"),
        ("navidad", "AAAA-MM-DD"),
        ("0026-12-25", "el año"),
        ("25/13/2026", "no hay un mes 13"),
    ],
)
def test_a_date_that_is_none_says_why(typed, reason):
    with pytest.raises(DomainError, match=reason) as refused:
        parse_date(typed)
    assert refused.value.field == "date"


def test_dates_are_read_both_ways():
    assert parse_date(" 2026-12-25 ") == parse_date("25/12/2026") == date(2026, 12, 25)


@pytest.mark.django_db
def test_a_holiday_is_added_once():
    add_holiday(day="2026-12-25", name="Navidad")
    with pytest.raises(DomainError, match="25/12/2026 ya está cargado"):
        add_holiday(day=date(2026, 12, 25), name="Otra vez")
    with pytest.raises(DomainError, match="motivo"):
        add_holiday(day="2026-12-26", name=" ")
    assert Holiday.objects.get().name == "Navidad"
