"""Ratios, targets, percentiles and what is written of them."""

import json

import pytest

from tests.bench.figures import Figure, Rounds, Target, json_lines, percentile, table

AT_LEAST, AT_MOST = Target(0.8), Target(50, at_most=True)


def test_a_figure_with_a_base_is_judged_by_its_ratio():
    figure = Figure("gateway", 90, "requests/s", "bare view", base=100, target=AT_LEAST)
    assert figure.compared == pytest.approx(0.9)
    assert figure.met is True
    assert figure.aim == "ratio >= 0.8"


def test_a_figure_against_nothing_is_judged_by_its_value():
    figure = Figure("p99", 51, "ms", target=AT_MOST)
    assert figure.met is False
    assert figure.is_missed
    assert figure.aim == "value <= 50"


def test_a_figure_without_a_target_is_neither_met_nor_missed():
    figure = Figure("memory", 70, "MB")
    assert figure.met is None
    assert not figure.is_missed
    assert not figure.is_gross


def test_a_ratio_worse_than_half_of_its_target_is_gross_and_a_little_less_is_not():
    near, far = (Figure("gateway", 1, "", "bare view", ratio=ratio, target=AT_LEAST) for ratio in (0.41, 0.39))
    assert near.is_missed
    assert not near.is_gross
    assert far.is_gross


def test_a_ratio_that_should_be_small_is_gross_past_twice_its_target():
    unmoved = Target(1.25, at_most=True)
    near, far = (Figure("p50", 1, "", "none", ratio=ratio, target=unmoved) for ratio in (2.4, 2.6))
    assert not near.is_gross
    assert far.is_gross


def test_milliseconds_alone_are_never_gross_since_the_machine_may_be_busy():
    assert not Figure("p99", 5_000, "ms", target=AT_MOST).is_gross


def test_a_stretch_is_told_and_fails_nothing():
    figure = Figure("engine", 1, "", "raw driver", ratio=0.01, target=Target(1.0, stretch=True))
    assert figure.met is False
    assert not figure.is_missed
    assert not figure.is_gross
    assert figure.aim == "ratio >= 1 (stretch)"


def test_what_is_measured_against_zero_is_infinitely_more():
    assert Figure("sent", 5, "", "none", base=0).compared == float("inf")


def test_the_ratio_of_rounds_is_the_middle_of_their_own_ratios():
    told = Rounds()
    for ours, theirs in ((100, 100), (10, 5), (90, 100)):  # everything slow in the second round
        told.note("ours", ours)
        told.note("theirs", theirs)
    assert told.ratio("ours", "theirs") == 1.0
    assert told.median("ours") == 90


def test_percentiles_by_nearest_rank():
    values = [float(number) for number in range(1, 201)]
    assert percentile(values, 50) == 100
    assert percentile(values, 99) == 198
    assert percentile([7.0], 99) == 7.0
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


def test_a_line_of_json_a_figure_with_the_seven_keys():
    figures = [
        Figure("turns", 1234.567, "turns/s", "Django ORM", ratio=1.23456, target=Target(1.0)),
        Figure("memory", 68.88, "MB"),
    ]
    first, second = (json.loads(line) for line in json_lines(figures).splitlines())
    assert first == {
        "name": "turns",
        "value": 1235,
        "unit": "turns/s",
        "against": "Django ORM",
        "ratio": 1.23,
        "target": "ratio >= 1",
        "met": True,
    }
    assert second == {
        "name": "memory",
        "value": 68.9,
        "unit": "MB",
        "against": "",
        "ratio": None,
        "target": None,
        "met": None,
    }


def test_the_table_has_a_row_a_figure_and_marks_what_was_met_missed_or_only_wished_for():
    figures = [
        Figure("fast", 2, "x", "y", ratio=2, target=AT_LEAST),
        Figure("slow", 1, "x", "y", ratio=0.5, target=AT_LEAST),
        Figure("far", 1, "x", "y", ratio=0.5, target=Target(1, stretch=True)),
        Figure("plain", 12_345, "x"),
    ]
    head, _, *rows = table(figures).splitlines()
    assert head.split()[:3] == ["what", "value", "unit"]
    assert [row[-1] for row in rows] == ["✓", "✗", "·", "x"]
    assert "12,345" in rows[3]
