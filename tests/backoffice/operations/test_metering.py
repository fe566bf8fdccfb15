"""Counters become minutes: added to, never replaced; forgotten after a month, except the sums since ever."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from backoffice.common.metrics import BOUNDS, SLOWEST, Tally
from backoffice.operations import hours, metering
from backoffice.operations.metering import KEPT, minute_of, prune, quantile, spans, store, together
from backoffice.operations.models import HourCount, Metric

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 3, 12, 0, 30, tzinfo=UTC)


def rows(minute: int) -> list[tuple[str, int, int, int]]:
    return list(
        Metric.objects.filter(minute=minute).order_by("name", "bound").values_list("name", "bound", "count", "total")
    )


def test_two_processes_add_to_the_same_minute_in_two_statements_each(django_assert_num_queries):
    with django_assert_num_queries(2):
        store([Tally("sent", 0, 3), Tally("turn", 50, 2, 90)], at=NOON)
    store([Tally("sent", 0, 4)], at=NOON + timedelta(seconds=20))
    store([Tally("sent", 0, 1)], at=NOON + timedelta(seconds=40))
    assert rows(minute_of(NOON)) == [("sent", 0, 7, 0), ("turn", 50, 2, 90)]
    assert rows(minute_of(NOON) + 1) == [("sent", 0, 1, 0)]
    assert rows(Metric.SINCE_EVER) == [("sent", 0, 8, 0), ("turn", 50, 2, 90)]
    assert list(HourCount.objects.values_list("name", "hour", "count")) == [("sent", hours.hour_of(NOON), 8)]


def test_an_hour_that_cannot_be_kept_keeps_no_minute_either(monkeypatch):
    monkeypatch.setattr(metering, "_ADD_HOURS", "INSERT INTO nowhere VALUES {rows}")
    with pytest.raises(DatabaseError), transaction.atomic():
        store([Tally("sent", 0, 3)], at=NOON)
    assert not Metric.objects.exists()


def test_today_is_beside_the_mean_of_the_same_weekday():
    midnight = NOON.replace(hour=0, minute=0, second=0)
    for week, wrote in ((1, 4), (2, 8), (9, 100)):
        store([Tally("received", 0, wrote)], at=NOON - timedelta(weeks=week))
    store([Tally("received", 0, 5), Tally("sent", 0, 2)], at=NOON)
    store([Tally("received", 0, 50)], at=NOON - timedelta(days=1))
    today, usual = hours.day_and_usual("received", midnight=midnight, now=NOON, weeks=7)
    assert (today, usual) == ([0] * 12 + [5], [0] * 12 + [6] + [0] * 11)
    assert hours.counted(["received", "sent"], since=midnight) == {"received": 5, "sent": 2}


def test_nothing_counted_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        store([], at=NOON)


def test_a_month_later_the_minutes_are_forgotten_and_the_sums_stay():
    store([Tally("sent", 0, 3)], at=NOON)
    store([Tally("sent", 0, 2)], at=NOON + timedelta(days=1))
    assert prune(now=NOON + KEPT + timedelta(hours=1)) == 1
    assert rows(minute_of(NOON)) == []
    assert rows(minute_of(NOON + timedelta(days=1))) == [("sent", 0, 2, 0)]
    assert rows(Metric.SINCE_EVER) == [("sent", 0, 5, 0)]


@pytest.mark.parametrize(
    ("slots", "share", "time"),
    [
        ({}, 0.5, None),
        ({10: 4}, 0.5, 7.5),  # halfway from 5 to 10
        ({10: 50, 100: 50}, 0.5, 10),
        ({10: 90, 100: 10}, 0.95, 87.5),  # halfway from 75 to 100
        ({SLOWEST: 3}, 0.99, BOUNDS[-1]),
        ({5: 1}, 1.0, 5),
    ],
)
def test_a_quantile_is_read_off_the_slots(slots, share, time):
    assert quantile(slots, share) == time


def test_a_day_in_stretches_each_with_its_own(django_assert_num_queries):
    store([Tally("sent", 0, 3), Tally("turn", 10, 2, 12)], at=NOON)
    store([Tally("sent", 0, 4)], at=NOON - timedelta(minutes=20))
    store([Tally("sent", 0, 9)], at=NOON - timedelta(minutes=95))  # before the first of three stretches
    store([Tally("sent", 0, 9)], at=NOON + timedelta(hours=1))  # the clock of another server
    with django_assert_num_queries(1):
        found = spans(NOON, count=3, minutes=30)
    assert [span.count("sent") for span in found] == [0, 4, 3]
    assert [span.quantile("turn", 0.5) for span in found] == [None, None, 7.5]
    whole = together(found)
    assert (whole.count("sent"), whole.count("failed"), whole.quantile("turn", 0.5)) == (7, 0, 7.5)
