"""Argentina's national holidays, against the official lists of past years (HRS-06)."""

from datetime import date

import pytest

from integrations.calendar.argentina import easter, national_holidays


@pytest.mark.parametrize(
    ("year", "day"),
    [(2000, "04-23"), (2008, "03-23"), (2011, "04-24"), (2019, "04-21"), (2026, "04-05"), (2038, "04-25")],
)  # fmt: skip
def test_easter_moves(year, day):
    assert easter(year) == date.fromisoformat(f"{year}-{day}")


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (
            2024,
            "01-01 02-12 02-13 03-24 03-29 04-02 05-01 05-25 06-17 06-20 07-09 08-17 10-12 11-18 12-08 12-25",
        ),
        (
            2026,
            "01-01 02-16 02-17 03-24 04-02 04-03 05-01 05-25 06-15 06-20 07-09 08-17 10-12 11-23 12-08 12-25",
        ),
    ],
)
def test_the_days_of_the_law(year, days):
    found = [day for day, _ in national_holidays(year)]
    assert [f"{day:%m-%d}" for day in found] == days.split()
    assert found == sorted(set(found))


@pytest.mark.parametrize(
    ("year", "told"),
    [
        (2021, date(2021, 6, 21)),  # Thursday 17 → the Monday after
        (2025, date(2025, 6, 16)),  # Tuesday 17 → the Monday before
        (2024, date(2024, 6, 17)),  # Monday: stays
        (2028, date(2028, 6, 17)),  # Saturday: stays, unless a decree says otherwise
    ],
)
def test_a_movable_holiday_goes_to_a_monday(year, told):
    assert told in [day for day, name in national_holidays(year) if "Güemes" in name]


def test_two_holidays_of_one_day_share_it():
    [(_, name)] = [pair for pair in national_holidays(2021) if pair[0] == date(2021, 4, 2)]
    assert "Malvinas y Viernes Santo" in name


@pytest.mark.parametrize("year", [1900, 2017, 2101])
def test_a_year_without_the_law_is_refused(year):
    with pytest.raises(ValueError, match="out of range"):
        national_holidays(year)
