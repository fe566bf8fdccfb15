"""Counting in memory: nothing is lost between threads, and each time falls in its slot."""

import threading
from collections.abc import Iterator

import pytest

from backoffice.common import metrics
from backoffice.common.metrics import BOUNDS, SLOWEST, Tally


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    metrics.drain()
    yield
    metrics.drain()


def test_what_was_counted_is_handed_over_once():
    metrics.count("sent")
    metrics.count("sent", 3)
    metrics.count("received", 2)
    metrics.count("failed", 0)
    assert metrics.drain() == [Tally("received", 0, 2), Tally("sent", 0, 4)]
    assert metrics.drain() == []


@pytest.mark.parametrize(
    ("seconds", "slot"), [(0, BOUNDS[0]), (0.005, 5), (0.0061, 10), (1.0, 1_000), (90, 120_000), (500, SLOWEST)]
)
def test_a_time_falls_in_the_slot_of_its_upper_bound(seconds, slot):
    metrics.observe("turn", seconds)
    [tally] = metrics.drain()
    assert (tally.bound, tally.count, tally.total) == (slot, 1, round(seconds * 1000))


def test_a_batch_counts_each_of_its_turns_and_a_clock_that_went_back_counts_as_nothing():
    metrics.observe("turn", 0.04, 16)
    metrics.observe("turn", 0.04, 0)
    metrics.observe("queue", -3)
    assert metrics.drain() == [Tally("queue", 5, 1, 0), Tally("turn", 50, 16, 640)]


def test_what_could_not_be_stored_comes_again_with_the_next():
    metrics.count("sent", 5)
    metrics.put_back(metrics.drain())
    metrics.count("sent")
    assert metrics.drain() == [Tally("sent", 0, 6)]


def test_threads_that_count_at_once_lose_nothing():
    def work() -> None:
        for _ in range(2_000):
            metrics.count("turns")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert metrics.drain() == [Tally("turns", 0, 8_000)]
