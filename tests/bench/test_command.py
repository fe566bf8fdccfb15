"""What `make bench` runs, and when it leaves with an error."""

import argparse
import json

import pytest

from tests.bench import __main__ as command
from tests.bench.figures import Figure, Target
from tests.bench.measures import Plan, interleave
from tests.bench.stage import SQLITE, CannotMeasure

MISSED = Figure("slow", 1, "", "other", ratio=0.9, target=Target(1.0))
GROSS = Figure("hopeless", 1, "", "other", ratio=0.1, target=Target(1.0))


@pytest.fixture
def measures(monkeypatch):
    """No real measure runs: the test says which there are."""
    found: dict = {}
    monkeypatch.setattr(command, "MEASURES", found)
    monkeypatch.setattr(command, "kinds", lambda wanted: list(wanted))
    return found


def run(tmp_path, *arguments: str) -> int:
    return command.main([*arguments, "--output", str(tmp_path / "bench.json")])


def test_a_near_miss_passes_the_quick_run_and_fails_the_strict_and_the_full_one(measures, tmp_path):
    measures["one"] = lambda plan: iter([MISSED])
    assert run(tmp_path) == 0
    assert run(tmp_path, "--strict") == 1
    assert run(tmp_path, "--full") == 1


def test_a_gross_miss_fails_every_run(measures, tmp_path, capsys):
    measures["one"] = lambda plan: iter([GROSS])
    assert run(tmp_path) == 1
    assert "far off: hopeless" in capsys.readouterr().err


def test_a_measure_that_breaks_fails_the_run_and_the_others_are_still_taken(measures, tmp_path, capsys):
    def broken(plan):
        yield Figure("before", 1, "x")
        raise CannotMeasure("the worker ended")

    measures["one"] = broken
    measures["two"] = lambda plan: iter([Figure("after", 2, "x")])
    assert run(tmp_path) == 1
    assert "the worker ended" in capsys.readouterr().err
    lines = (tmp_path / "bench.json").read_text().splitlines()
    assert [json.loads(line)["name"] for line in lines] == ["before", "after"]


def test_only_what_was_asked_for_is_measured_with_the_sizes_asked_for(measures, tmp_path):
    seen: list[Plan] = []
    measures["one"] = lambda plan: iter([])
    measures["two"] = lambda plan: iter(seen.append(plan) or ())
    assert run(tmp_path, "--only", "two", "--full", "--on", SQLITE) == 0
    assert seen == [Plan(kinds=[SQLITE], full=True)]
    assert seen[0].size(10, 1_000) == 1_000


def test_a_measure_that_does_not_exist_is_refused_by_name():
    with pytest.raises(argparse.ArgumentTypeError, match="speed"):
        command._names("turns, speed")


def test_contenders_take_turns_backwards_every_other_round_and_the_first_round_does_not_count():
    order: list[str] = []

    def contender(name: str):
        def work():
            order.append(name)
            return {"turns": 10, "seconds": 5 if len(order) <= 2 else 2, "cpu": 1 if name == "ours" else 0}

        return work

    told = interleave(2, {"ours": contender("ours"), "theirs": contender("theirs")})
    assert order == ["theirs", "ours", "ours", "theirs", "theirs", "ours"]
    assert told.rates == {"ours": [5.0, 5.0], "ours, cpu": [10.0, 10.0], "theirs": [5.0, 5.0]}
