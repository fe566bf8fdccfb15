"""How long to wait: pure numbers, with the chance that the caller gives."""

from random import Random

import pytest

from backoffice.channels.governor import PRUDENT, Policy
from bot.pacing import BURST_MAX, BURST_MIN, PATIENT, Pace, burst_wait, retried_for, retry_wait


@pytest.mark.parametrize("text", ["1", "¿hola?", "hola", ""])
def test_choices_and_staff_are_answered_at_once(text):
    assert burst_wait(text, is_choice=True, is_staff=False) == 0.0
    assert burst_wait(text, is_choice=False, is_staff=True) == 0.0


def test_a_short_line_without_an_end_waits_longest():
    waits = [
        burst_wait(text, is_choice=False, is_staff=False)
        for text in (
            "hola",
            "hola quería hacer una consulta",
            "¿a qué hora abren?",
            "hola quería saber por qué no tengo internet desde ayer",
        )
    ]
    assert waits == sorted(waits, reverse=True)
    assert all(BURST_MIN <= wait <= BURST_MAX for wait in waits)


def test_notices_keep_their_distance_and_rest_after_each_batch():
    pace = Pace(Policy(2, 8, batch=3, batch_pause=60), Random(1))
    assert pace.may_send_notice(1000)
    gaps = []
    for now in (1000.0, 1010.0, 1020.0, 1080.0):
        pace.sent_notice(now)
        gaps.append(pace.next_notice - now)
        assert not pace.may_send_notice(now + 1.9)
    assert all(2 <= gap <= 8 for gap in (gaps[0], gaps[1], gaps[3]))
    assert gaps[2] == 60


def test_a_long_silence_begins_another_batch():
    pace = Pace(Policy(2, 8, batch=2, batch_pause=60), Random(1))
    pace.sent_notice(1000)
    pace.sent_notice(1100)
    assert pace.next_notice - 1100 <= 8


def test_who_goes_on_after_a_restart_keeps_the_pause():
    first = Pace(Policy(2, 8, batch=2, batch_pause=60), Random(1))
    first.sent_notice(1000)
    first.sent_notice(1005)
    second = Pace(first.policy, Random(2), next_notice=first.next_notice, in_batch=first.in_batch)
    assert not second.may_send_notice(1064)
    assert second.may_send_notice(1065)


def test_a_pause_of_another_policy_or_of_a_clock_ahead_holds_nobody():
    assert Pace(Policy(2, 8, batch=2, batch_pause=60), Random(1), next_notice=9000).may_send_notice(1000)


def test_the_cautious_rhythm_is_that_of_the_reference():
    assert (PRUDENT.gap_min, PRUDENT.gap_max, PRUDENT.human_pause) == (20, 60, True)
    assert 15 <= PRUDENT.batch <= 25
    assert 5 * 60 <= PRUDENT.batch_pause <= 12 * 60


def test_a_notice_waits_for_a_pause_in_the_talk():
    pace = Pace(Policy(0, 0, batch=10_000, batch_pause=0), Random(1))
    pace.sent_line(1000.0)
    assert not pace.may_send_notice(1000.0)
    pace.sent_line(1000.2)
    assert not pace.may_send_notice(1000.4)
    assert pace.may_send_notice(1000.45)
    pace.sent_notice(1000.45)
    assert pace.may_send_notice(1000.45)


def test_between_people_who_never_pause_a_notice_leaves_all_the_same():
    pace, left = Pace(Policy(0, 0, batch=10_000, batch_pause=0), Random(1)), []
    for tenths in range(10_000, 10_000 + 31 * 10):
        now = tenths / 10
        pace.sent_line(now)
        if pace.may_send_notice(now):
            left.append(now)
            pace.sent_notice(now)
    assert left == [1000 + PATIENT, 1000 + 2 * PATIENT]


def test_who_comes_back_after_a_pause_talks_anew():
    pace = Pace(Policy(0, 0, batch=10_000, batch_pause=0), Random(1))
    pace.sent_line(1000)
    pace.sent_line(1000 + 2 * PATIENT)
    assert not pace.may_send_notice(1000 + 2 * PATIENT)


def test_a_clock_set_back_after_a_line_holds_no_notice():
    pace = Pace(Policy(0, 0, batch=10_000, batch_pause=0), Random(1))
    pace.sent_line(9000)
    assert pace.may_send_notice(1000)


def test_typing_grows_with_the_text_and_has_a_limit():
    pace = Pace(PRUDENT, Random(1))
    assert 1.2 <= pace.typing_time("") <= 3.5
    assert 7.2 <= pace.typing_time("x" * 10_000) <= 9.5
    assert Pace(Policy(2, 8, 50, 60), Random(1)).typing_time("Hola") == 0


def test_the_waits_between_tries_double_up_to_a_minute():
    assert [retry_wait(attempts) for attempts in range(9)] == [1, 1, 2, 4, 8, 16, 32, 60, 60]
    assert (retried_for(0), retried_for(3), retried_for(10)) == (0, 7, 303)
