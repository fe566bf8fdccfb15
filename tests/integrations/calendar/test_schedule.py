"""When people attend: slots, holidays, and deadlines that count only the hours of attention."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from integrations.calendar.base import HolidayCard, Schedule

ZONE = ZoneInfo("America/Argentina/Buenos_Aires")
WEEK = {day: ((time(8), time(12)), (time(14), time(18))) for day in range(5)} | {5: ((time(9), time(13)),)}
CHRISTMAS = HolidayCard(date(2026, 12, 25), "Navidad", "¡Feliz Navidad!")
FIBRASUR = Schedule(ZONE, WEEK, {CHRISTMAS.date: CHRISTMAS})
ALWAYS = Schedule(ZONE, {}, always_open=True)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("when", "is_open"),
    [
        ("2026-11-24 07:59:59", False),  # a Tuesday
        ("2026-11-24 08:00", True),
        ("2026-11-24 11:59:59", True),
        ("2026-11-24 12:00", False),
        ("2026-11-24 13:00", False),
        ("2026-11-24 14:00", True),
        ("2026-11-24 18:00", False),
        ("2026-11-28 12:59", True),  # Saturday
        ("2026-11-29 10:00", False),  # Sunday
        ("2026-12-25 10:00", False),  # Christmas, a Friday
    ],
)
def test_open_is_from_the_opening_and_until_before_the_closing(when, is_open):
    assert FIBRASUR.is_open(at(when)) is is_open


def test_the_hour_is_the_companys_whatever_the_clock_that_asks():
    assert FIBRASUR.is_open(datetime(2026, 11, 24, 11, 30, tzinfo=UTC))
    assert not FIBRASUR.is_open(datetime(2026, 11, 24, 21, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("when", "opens"),
    [
        ("2026-11-24 07:00", "2026-11-24 08:00"),
        ("2026-11-24 10:00", "2026-11-24 10:00"),  # it is open: now
        ("2026-11-24 12:30", "2026-11-24 14:00"),
        ("2026-11-24 18:00", "2026-11-25 08:00"),
        ("2026-11-28 13:00", "2026-11-30 08:00"),  # over Sunday
        ("2026-12-24 20:00", "2026-12-26 09:00"),  # over Christmas, to Saturday
    ],
)
def test_the_next_opening(when, opens):
    assert FIBRASUR.next_opening(at(when)) == at(opens)


def test_who_never_attends_has_no_next_opening():
    assert Schedule(ZONE, {}).next_opening(at("2026-11-24 10:00")) is None


def test_a_year_of_holidays_has_no_next_opening():
    days = [date(2026, 11, 24) + timedelta(days=ahead) for ahead in range(400)]
    closed = Schedule(ZONE, WEEK, {day: HolidayCard(day, "Vacaciones") for day in days})
    assert closed.next_opening(at("2026-11-24 10:00")) is None


@pytest.mark.parametrize(
    ("start", "minutes", "ends"),
    [
        ("2026-11-24 10:00", 30, "2026-11-24 10:30"),
        ("2026-11-24 11:45", 30, "2026-11-24 14:15"),  # over lunch
        ("2026-11-24 17:50", 30, "2026-11-25 08:20"),  # over the night
        ("2026-11-24 20:00", 15, "2026-11-25 08:15"),
        ("2026-11-28 12:55", 30, "2026-11-30 08:25"),  # over Sunday
        ("2026-11-24 08:00", 8 * 60 + 1, "2026-11-25 08:01"),
        ("2026-11-24 11:00", 60, "2026-11-24 12:00"),  # to the very closing
        ("2026-12-24 17:00", 120, "2026-12-26 10:00"),  # over Christmas
    ],
)
def test_minutes_of_attention(start, minutes, ends):
    assert FIBRASUR.after(at(start), minutes) == at(ends)


def test_where_nobody_ever_attends_minutes_are_plain():
    assert Schedule(ZONE, {}).after(at("2026-11-24 23:00"), 90) == at("2026-11-25 00:30")


def test_around_the_clock_minutes_pass_midnight():
    assert ALWAYS.is_open(at("2026-11-24 23:59:59"))
    assert ALWAYS.next_opening(at("2026-11-24 03:00")) == at("2026-11-24 03:00")
    assert ALWAYS.after(at("2026-11-24 23:50"), 30) == at("2026-11-25 00:20")
    assert ALWAYS.after(at("2026-11-24 10:00"), 3 * 24 * 60) == at("2026-11-27 10:00")


def test_holidays_close_also_who_attends_around_the_clock():
    closed = Schedule(ZONE, {}, {CHRISTMAS.date: CHRISTMAS}, always_open=True)
    assert not closed.is_open(at("2026-12-25 10:00"))
    assert closed.holiday(at("2026-12-25 10:00")) == CHRISTMAS
    assert closed.holiday(at("2026-12-26 10:00")) is None
    assert closed.next_opening(at("2026-12-25 10:00")) == at("2026-12-26 00:00")
    assert closed.after(at("2026-12-24 23:30"), 60) == at("2026-12-26 00:30")


def test_a_slot_of_no_length_is_no_attention():
    odd = Schedule(ZONE, {1: ((time(9), time(9)), (time(10), time(11)))})
    assert not odd.is_open(at("2026-11-24 09:00"))
    assert odd.next_opening(at("2026-11-23 09:00")) == at("2026-11-24 10:00")
    assert odd.after(at("2026-11-23 09:00"), 30) == at("2026-11-24 10:30")


@pytest.mark.parametrize(
    ("when", "closes"),
    [
        ("2026-11-24 08:00", "2026-11-24 12:00"),
        ("2026-11-24 17:59", "2026-11-24 18:00"),
        ("2026-11-24 13:00", None),
    ],
)
def test_when_attention_stops(when, closes):
    assert FIBRASUR.next_closing(at(when)) == (at(closes) if closes else None)


def test_slots_that_touch_are_one_attention_also_across_midnight():
    touching = Schedule(ZONE, {1: ((time(8), time(12)), (time(12), time.max)), 2: ((time(0), time(2)),)})
    assert touching.next_closing(at("2026-11-24 09:00")) == at("2026-11-25 02:00")


def test_around_the_clock_it_stops_at_the_next_holiday_or_never():
    assert ALWAYS.next_closing(at("2026-11-24 10:00")) is None
    closed = Schedule(ZONE, {}, {CHRISTMAS.date: CHRISTMAS}, always_open=True)
    assert closed.next_closing(at("2026-12-20 10:00")) == at("2026-12-25 00:00")
