from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from integrations.understanding.dates import (
    find_month,
    month_name,
    parse_date,
    spoken_date,
    spoken_when,
    weekday_name,
)

TODAY = date(2026, 11, 24)  # a Tuesday
MENDOZA = timezone(timedelta(hours=-3))


def test_near_days_have_a_name_and_the_others_a_weekday():
    assert spoken_date(TODAY, TODAY) == "hoy"
    assert spoken_date(date(2026, 11, 25), TODAY) == "mañana"
    assert spoken_date(date(2026, 11, 23), TODAY) == "ayer"
    assert spoken_date(date(2026, 11, 30), TODAY) == "el lunes 30/11"
    assert spoken_date(date(2027, 1, 2), TODAY) == "el sábado 02/01"
    assert spoken_date(date(2027, 12, 1), TODAY) == "el miércoles 01/12/2027"


def test_a_moment_is_said_in_the_company_s_time():
    now = datetime(2026, 11, 24, 10, 0, tzinfo=MENDOZA)
    assert spoken_when(datetime(2026, 11, 24, 17, 0, tzinfo=UTC), now) == "hoy a las 14:00"
    assert spoken_when(datetime(2026, 11, 25, 8, 0, tzinfo=MENDOZA), now) == "mañana a las 08:00"
    assert spoken_when(datetime(2026, 11, 30, 8, 0, tzinfo=MENDOZA), now) == "el lunes 30/11 a las 08:00"
    assert spoken_when(datetime(2026, 11, 25, 2, 30, tzinfo=UTC), now) == "hoy a las 23:30"
    assert spoken_when(datetime(2026, 11, 25, 1, 0, tzinfo=MENDOZA), now) == "mañana a la 01:00"
    with pytest.raises(ValueError, match="time zone"):
        spoken_when(datetime(2026, 11, 25), now)  # noqa: DTZ001


def test_months_and_weekdays_are_spanish_without_the_system_s_help():
    assert month_name(11) == month_name(TODAY) == "noviembre"
    assert weekday_name(date(2026, 11, 25)) == "miércoles"
    for wrong in (0, 13, -1):
        with pytest.raises(IndexError):
            month_name(wrong)


def test_a_month_is_found_among_words():
    assert find_month(["la", "factura", "de", "octubre"]) == 10
    assert find_month(["setiembre"]) == 9
    assert find_month(["la", "factura"]) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hoy", date(2026, 11, 24)),
        ("mañana", date(2026, 11, 25)),
        ("mañana a la mañana", date(2026, 11, 25)),
        ("pasado mañana", date(2026, 11, 26)),
        ("¿me esperás hasta el viernes?", date(2026, 11, 27)),
        ("el martes", date(2026, 12, 1)),
        ("el lunes a la mañana", date(2026, 11, 30)),
        ("el sábado", date(2026, 11, 28)),
        ("5/12", date(2026, 12, 5)),
        ("el 05/12/26", date(2026, 12, 5)),
        ("2026-12-03 10:30", date(2026, 12, 3)),
        ("3 de diciembre", date(2026, 12, 3)),
        ("el 3 de enero", date(2027, 1, 3)),
        ("3 de enero de 2028", date(2028, 1, 3)),
        ("cobro el 10", date(2026, 12, 10)),
        ("el 30", date(2026, 11, 30)),
        ("esta mañana", None),
        ("31/2", None),
        ("31/13", None),
        ("el 31", None),  # November has thirty: ask
        ("hace 3 días", None),
        ("hola", None),
    ],
)
def test_the_day_that_a_person_names(text, expected):
    assert parse_date(text, TODAY) == expected
