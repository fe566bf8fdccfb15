"""When notices may leave a number: pure, so sixty days take a moment (reference/whatsapp.md 4)."""

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.channels.governor import FAR, PRUDENT, Caps, Policy, SoFar, finish, hold, stop_of
from bot.pacing import Pace

ZONE = ZoneInfo("America/Argentina/Buenos_Aires")
FREE = Policy(2, 8, 50, 60)
MORNING = datetime(2026, 12, 1, 10, tzinfo=ZONE)
WARM = SoFar(MORNING, day=30)
LONGEST = timedelta(seconds=PRUDENT.batch_pause)


def test_the_manual_rhythm_holds_nothing():
    assert hold(FREE, SoFar(MORNING, today=9999, this_hour=9999), MORNING.replace(hour=3), stranger=True) is None


@pytest.mark.parametrize(("day", "cap"), [(1, 0), (2, 0), (3, 20), (5, 20), (6, 50), (10, 50), (11, 100), (15, 200)])
def test_a_new_number_warms_up_in_steps(day, cap):
    assert PRUDENT.caps.a_day(day) == cap
    held = hold(PRUDENT, SoFar(MORNING, day=day, today=cap), MORNING)
    assert held
    assert held.until == datetime(2026, 12, 2, 9, tzinfo=ZONE)
    if cap:
        assert hold(PRUDENT, SoFar(MORNING, day=day, today=cap - 1), MORNING) is None


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (MORNING.replace(hour=8, minute=59), MORNING.replace(hour=9)),
        (MORNING.replace(hour=20), datetime(2026, 12, 2, 9, tzinfo=ZONE)),
        (MORNING.replace(hour=19, minute=59), None),
        (MORNING.replace(hour=9), None),
    ],
)
def test_notices_leave_from_nine_to_eight_in_the_evening(now, until):
    held = hold(PRUDENT, SoFar(now, day=30), now)
    assert (held.until if held else None) == until


def test_sixty_an_hour_and_the_next_hour_begins_at_nothing():
    full = SoFar(MORNING, day=30, today=60, this_hour=60)
    held = hold(PRUDENT, full, MORNING.replace(minute=30))
    assert held
    assert held.until == MORNING.replace(hour=11)
    assert hold(PRUDENT, full, held.until) is None


def test_strangers_are_five_a_day_and_none_in_the_first_week():
    young = hold(PRUDENT, SoFar(MORNING, day=6), MORNING, stranger=True)
    assert young
    assert young.until == datetime(2026, 12, 3, 9, tzinfo=ZONE)  # the eighth day
    assert hold(PRUDENT, SoFar(young.until, day=8), young.until, stranger=True) is None
    assert hold(PRUDENT, SoFar(MORNING, day=8, strangers=5), MORNING, stranger=True)
    assert hold(PRUDENT, SoFar(MORNING, day=8, strangers=5), MORNING) is None


def test_a_stop_says_why_and_ends_by_itself_and_the_switch_waits_for_a_person():
    stopped = SoFar(MORNING, day=30, stopped_until=MORNING + timedelta(hours=1), stopped_why="463")
    held = hold(PRUDENT, stopped, MORNING)
    assert held
    assert (held.until, held.why) == (MORNING + timedelta(hours=1), "463")
    assert hold(PRUDENT, stopped, MORNING + timedelta(hours=1)) is None
    off = hold(FREE, SoFar(MORNING, switched_off=True), MORNING)
    assert off
    assert off.until is None
    assert finish(FREE, SoFar(MORNING, switched_off=True), 1, MORNING) is None


def test_stops_double_up_to_a_day():
    assert [stop_of(n).total_seconds() / 3600 for n in range(7)] == [1, 2, 4, 8, 16, 24, 24]


def test_a_clock_set_back_gives_no_second_day():
    assert WARM.plus(7).by(MORNING - timedelta(days=1)).today == 7


def test_the_end_of_a_queue_without_caps_is_its_average_pace():
    assert finish(FREE, SoFar(MORNING), 1, MORNING) == MORNING
    end = finish(FREE, SoFar(MORNING), 1001, MORNING)
    assert end
    assert abs((end - MORNING).total_seconds() - 1000 * FREE.pace) < 1


def test_a_rhythm_without_pauses_ends_at_once_and_one_a_day_for_ever_has_no_end():
    assert finish(Policy(0, 0, 1, 0), SoFar(MORNING), 10**6, MORNING) == MORNING
    slow = Policy(2, 8, 50, 60, caps=Caps(steps=((1, 1),)))
    assert finish(slow, SoFar(MORNING), FAR.days + 10, MORNING) is None


def test_the_whole_city_takes_the_days_that_the_caps_say():
    """0, 0, 3 × 20, 5 × 50, 4 × 100 are 710 in fourteen days; the other 4,290 are 21 days of 200 and one of 90."""
    end = finish(PRUDENT, SoFar(MORNING), 5000, MORNING)
    assert end
    assert end.date() == date(2026, 12, 1) + timedelta(days=14 + 21)


@settings(max_examples=60, deadline=None)
@given(
    queued=st.integers(1, 900),
    more=st.integers(0, 300),
    day=st.integers(1, 40),
    hour=st.integers(0, 23),
    stopped=st.integers(0, 30),
)
def test_a_longer_queue_never_ends_sooner_and_ends_when_notices_may_leave(queued, more, day, hour, stopped):
    now = MORNING.replace(hour=hour)
    facts = SoFar(now, day=day, stopped_until=now + timedelta(hours=stopped), stopped_why="429")
    first, second = finish(PRUDENT, facts, queued, now), finish(PRUDENT, facts, queued + more, now)
    assert first
    assert second
    assert now + timedelta(hours=stopped) <= first <= second
    assert 9 <= first.hour < 20


def test_sixty_days_of_a_fresh_number_with_five_thousand_customers():
    """Every notice is asked for, at the real rhythm; two complaints stop it for one hour and for two."""
    pace, facts, now = Pace(PRUDENT, Random(41)), SoFar(MORNING), MORNING
    complaints = {700: timedelta(hours=1), 1500: timedelta(hours=2)}
    left: list[datetime] = []
    while len(left) < 5000:
        if held := hold(PRUDENT, facts, now):
            assert held.until
            now = held.until
            continue
        if not pace.may_send_notice(now.timestamp()):
            now = datetime.fromtimestamp(pace.next_notice + 0.001, ZONE)
            continue
        if (span := complaints.pop(len(left), None)) is not None:
            facts = SoFar(now, facts.by(now).day, *_counts(facts, now), stopped_until=now + span, stopped_why="429")
            stopped_at, resumed = now, now + span
            assert (hold(PRUDENT, facts, stopped_at) or pytest.fail("not stopped")).until == resumed
            continue
        pace.sent_notice(now.timestamp())
        facts = facts.by(now).plus()
        left.append(now)
    by_day = Counter((moment.date() - MORNING.date()).days + 1 for moment in left)
    assert max(by_day) <= 60
    assert min(by_day) == 3
    for day, count in by_day.items():
        assert count <= (PRUDENT.caps.a_day(day) or 0)
    assert [by_day[day] for day in (3, 5, 6, 10, 11, 14)] == [20, 20, 50, 50, 100, 100]
    assert all(9 <= moment.hour < 20 for moment in left)
    assert max(Counter(f"{moment:%m-%d %H}" for moment in left).values()) <= 60
    gaps = [later - before for before, later in pairwise(left)]
    assert min(gaps) >= timedelta(seconds=20)
    assert LONGEST in [timedelta(seconds=round(gap.total_seconds())) for gap in gaps]
    assert not complaints


def _counts(facts: SoFar, now: datetime) -> tuple[int, int, int]:
    current = facts.by(now)
    return current.today, current.this_hour, current.strangers
