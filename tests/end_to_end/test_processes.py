"""The bot's processes die and come back: nothing is lost, nothing is answered twice, nobody is left running."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import cast
from tests.end_to_end.databases import fresh_database
from tests.end_to_end.live import ROOT, Installation, StoryOfProcesses, children
from tests.story import Phone

pytestmark = [pytest.mark.e2e, pytest.mark.flow]

PEOPLE = [cast.Person(f"Vecino {number}", f"549261777100{number}") for number in range(5)]


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("processes")
    with fresh_database(folder) as url:
        made = Installation(folder, url)
        try:
            made.start(screens=False)
            yield made
        finally:
            made.stop()


@pytest.fixture
def running(product: Installation) -> Installation:
    """The company as it was at first, with its bot, whatever the test before did to it."""
    if product.bot.poll() is not None:
        product.start_bot()
    story = StoryOfProcesses(product)
    story.do("begin_again")
    story.goes_on()
    story.do("empty_phones")
    return product


def eventually(holds: Callable[[], object], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.1)


def role(pid: int, word: str) -> int | None:
    return next((child for child, told in children(pid).items() if told.startswith(word)), None)


@pytest.mark.once  # on PostgreSQL, `make chaos` kills them by the dozen
@pytest.mark.parametrize("victim", ["dispatcher", "channel"])
def test_killed_in_the_middle_of_a_burst_everybody_is_answered_once(running: Installation, victim: str) -> None:
    story = StoryOfProcesses(running)
    phones = [Phone(story, person) for person in PEOPLE]
    supervisor = running.bot.pid
    for round_ in range(3):
        for phone in phones:
            phone.writes(f"quiero hablar con una persona, es la vez {round_}" if round_ == 0 else "menú")
        eventually(lambda: role(supervisor, victim))
        killed = role(supervisor, victim)
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        eventually(lambda gone=killed: role(supervisor, victim) not in (None, gone))
        story.goes_on(patience=90)
    assert story.do("count_received") == 3 * len(phones)
    assert story.do("count_tickets") == len(phones)
    for phone in phones:
        heard = phone.hears_all()
        assert sum("Ya le avisé al equipo" in text for text in heard) == 1
        assert sum("Reportar problema de internet" in text for text in heard) == 2
    posts = [line["text"] for line in story.juan.messages(story.support) if "Nuevo Ticket" in line["text"]]
    assert len(posts) == len(phones)


def test_a_term_signal_stops_all_and_leaves_nobody(running: Installation) -> None:
    supervisor = running.bot
    eventually(lambda: len(children(supervisor.pid)) == 2)
    left = list(children(supervisor.pid))
    supervisor.terminate()
    assert supervisor.wait(timeout=15) == 0
    assert not [pid for pid in left if Path(f"/proc/{pid}").exists()]


def test_without_their_supervisor_the_children_leave(running: Installation) -> None:
    supervisor = running.bot
    eventually(lambda: len(children(supervisor.pid)) == 2)
    left = list(children(supervisor.pid))
    supervisor.kill()
    supervisor.wait()
    eventually(lambda: not [pid for pid in left if is_running(pid)])


def is_running(pid: int) -> bool:
    """A zombie is no longer running; it only waits to be noticed."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_restart_asked_in_the_panel_renews_the_processes(running: Installation) -> None:
    story = StoryOfProcesses(running)
    supervisor = running.bot.pid
    eventually(lambda: len(children(supervisor)) == 2)
    before = set(children(supervisor))
    story.do("ask_restart")
    eventually(lambda: len(children(supervisor)) == 2 and not before & set(children(supervisor)))
    assert story.maria.asks("hola")


def test_a_second_process_for_the_same_number_refuses(running: Installation) -> None:
    assert StoryOfProcesses(running).maria.asks("hola")  # the first holds the number: it has answered
    channel = children(running.bot.pid)[role(running.bot.pid, "channel") or 0].split()[-1]
    second = subprocess.run(
        [sys.executable, "-m", "bot", "channel", channel],
        cwd=ROOT,
        env=running.environment,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert second.returncode == 75
    assert "already running" in second.stderr
