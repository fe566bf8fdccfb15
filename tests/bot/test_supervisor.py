"""What the supervisor keeps alive, without starting anything: processes here are told when they end."""

import signal
import subprocess
import threading
import time

import pytest
from django.db import DatabaseError, OperationalError, connection

from backoffice.channels.models import Channel
from backoffice.common.models import Activity
from backoffice.conversations.lanes import Bell
from backoffice.operations.models import BotControl, Heartbeat
from backoffice.operations.services import ask_restart
from bot import __main__ as entry
from bot import heart as heart_module
from bot import supervisor as module
from bot.heart import Heart
from bot.supervisor import BACK_OFF, Supervisor
from bot.wake import Waker
from tests.backoffice import desk


class Process:
    """A child that lives until it is told otherwise; `deaf` ones do not mind SIGTERM."""

    started: list["Process"] = []

    def __init__(self, command: list[str]) -> None:
        self.role = tuple(command[5:])
        self.returncode: int | None = None
        self.deaf = False
        self.signals: list[int] = []
        Process.started.append(self)

    def poll(self) -> int | None:
        return self.returncode

    def send_signal(self, number: int) -> None:
        self.signals.append(number)
        if not self.deaf:
            self.returncode = 0

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            raise subprocess.TimeoutExpired("bot", timeout or 0)
        return self.returncode

    def kill(self) -> None:
        self.signals.append(signal.SIGKILL)
        self.returncode = -9


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    clock = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: clock[0])
    return clock


@pytest.fixture
def channel(db: None) -> Channel:
    Channel.objects.create(name="Prueba", kind="preview")
    Channel.objects.create(name="Apagado", kind="simulator", enabled=False)
    return desk.open_for_business()


@pytest.fixture
def supervisor(channel, clock, monkeypatch, settings) -> Supervisor:
    Process.started = []
    settings.BOT_DISPATCHERS = 2
    monkeypatch.setattr(module.subprocess, "Popen", Process)
    supervisor = Supervisor()
    rounds(supervisor)
    return supervisor


def rounds(supervisor: Supervisor) -> None:
    supervisor._follow()
    supervisor._keep_alive()


def alive() -> set[tuple[str, ...]]:
    return {process.role for process in Process.started if process.returncode is None}


def everybody(channel: Channel) -> set[tuple[str, ...]]:
    return {("dispatcher", "1"), ("dispatcher", "2"), ("channel", str(channel.pk))}


def test_dispatchers_and_one_child_per_enabled_number(supervisor, channel):
    assert alive() == everybody(channel)
    rounds(supervisor)
    assert len(Process.started) == 3


def test_a_number_that_is_switched_off_is_stopped_and_switched_on_started(supervisor, channel):
    for enabled in (False, True):
        Channel.objects.filter(pk=channel.pk).update(enabled=enabled)
        rounds(supervisor)
        assert (("channel", str(channel.pk)) in alive()) is enabled


def test_what_dies_young_waits_longer_each_time(supervisor, channel, clock):
    for wait in BACK_OFF:
        victim = Process.started[-1]
        victim.returncode = 1
        rounds(supervisor)
        assert victim.role not in alive()
        clock[0] += wait - 0.1
        rounds(supervisor)
        assert victim.role not in alive()
        clock[0] += 0.2
        rounds(supervisor)
        assert alive() == everybody(channel)


def test_who_lived_long_comes_back_soon(supervisor, channel, clock):
    for _ in range(4):
        clock[0] += 100
        Process.started[-1].returncode = 1
        rounds(supervisor)
        clock[0] += BACK_OFF[0] + 0.1
        rounds(supervisor)
    assert alive() == everybody(channel)


def test_a_restart_asked_in_the_panel_restarts_all_once(supervisor, channel):
    ask_restart(by=None)
    for _ in range(3):
        rounds(supervisor)
    assert len(Process.started) == 6
    assert alive() == everybody(channel)
    assert Activity.objects.filter(text__contains="Reinicio").exists()


def test_a_restart_is_not_forgotten_when_the_database_hiccups(supervisor, channel, monkeypatch):
    ask_restart(by=None)

    def away(*_: object) -> None:
        raise OperationalError("database is locked")

    with monkeypatch.context() as patched:
        patched.setattr(module.Activity, "note", away)
        with pytest.raises(OperationalError):
            supervisor._follow()
    supervisor._keep_alive()
    rounds(supervisor)
    assert len(Process.started) >= 6


def test_who_does_not_leave_is_made_to(supervisor, clock):
    deaf = Process.started[0]
    deaf.deaf = True
    supervisor._stop_all(list(supervisor._children.values()))
    assert deaf.signals == [signal.SIGTERM, signal.SIGKILL]
    assert alive() == set()


def test_a_database_that_is_away_ends_no_child(supervisor, channel, monkeypatch):
    stop, failing = threading.Event(), [DatabaseError("gone")]
    monkeypatch.setattr(module.connection, "close", lambda: None)

    def follow() -> None:
        if failing:
            raise failing.pop()
        stop.set()

    monkeypatch.setattr(supervisor, "_follow", follow)
    monkeypatch.setattr(stop, "wait", lambda seconds: None)
    supervisor.run(stop)
    assert len(Process.started) == 3
    assert alive() == set()
    assert Heartbeat.objects.get(name="bot").note == "3 procesos"


# --- signs of life, waking up, the roles ----------------------------------------------------


def test_a_heart_beats_every_five_seconds_at_most_and_misses_one_without_harm(db, monkeypatch):
    heart = Heart("despachador 1")
    heart.beat("uno")
    heart.beat("dos")
    assert Heartbeat.objects.get().note == "uno"
    monkeypatch.setattr(heart_module.connection, "close", lambda: None)

    def away(**_: object) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(Heartbeat.objects, "update_or_create", away)
    Heart("otro").beat()
    assert Heartbeat.objects.count() == 1


def test_a_heart_beats_until_it_is_told_to_stop(db, monkeypatch):
    stop = threading.Event()
    waits = iter([False, True])
    monkeypatch.setattr(stop, "wait", lambda seconds: next(waits))
    Heart("canal 1").keep_beating(stop)
    assert Heartbeat.objects.filter(name="canal 1").exists()


def test_waiting_ends_by_itself(db):
    waker = Waker(Bell.OUTBOX)
    for _ in range(2):
        waker.wait(0.03)
    waker.close()
    waker.close()


@pytest.mark.parametrize(
    ("words", "called"),
    [(["dispatcher", "2"], "_dispatcher"), (["channel", "7"], "_channel"), (["actions"], "_actions")],
)
def test_each_role_starts_its_own(monkeypatch, words, called):
    seen: list[object] = []
    monkeypatch.setattr(entry, "_stopper", lambda parent: threading.Event())
    monkeypatch.setattr(entry, called, lambda *args: seen.append(args[1:]) or 0)
    assert entry.main(words) == 0
    assert len(seen) == 1


def test_with_no_role_everything_is_supervised(db, monkeypatch):
    ran: list[threading.Event] = []
    monkeypatch.setattr(entry, "_stopper", lambda parent: threading.Event())
    monkeypatch.setattr(Supervisor, "run", lambda self, stop: ran.append(stop))
    assert entry.main([]) == 0
    assert ran


def test_a_number_that_is_taken_ends_with_the_code_that_says_try_later(monkeypatch):
    from bot import channel

    def taken(channel_id: int, stop: threading.Event) -> None:
        raise channel.AlreadyRunning("taken")

    monkeypatch.setattr(channel, "run", taken)
    assert entry._channel(threading.Event(), 7) == 75
    monkeypatch.setattr(channel, "run", lambda channel_id, stop: None)
    assert entry._channel(threading.Event(), 7) == 0


def test_without_its_parent_a_child_stops(monkeypatch):
    stop = threading.Event()
    monkeypatch.setattr(entry.os, "getppid", lambda: 1)
    entry._watch_parent(4242, stop)
    assert stop.is_set()


def test_a_signal_stops(monkeypatch):
    handlers: dict[int, object] = {}
    monkeypatch.setattr(entry.signal, "signal", lambda number, handler: handlers.update({number: handler}))
    stop = entry._stopper(0)
    assert set(handlers) == {signal.SIGTERM, signal.SIGINT}
    handlers[signal.SIGTERM](signal.SIGTERM, None)
    assert stop.is_set()


def test_a_control_row_is_made_when_there_is_none(db, clock):
    Supervisor()
    assert BotControl.objects.filter(pk=1).exists()


def test_only_who_listens_for_it_is_woken(db):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite watches the file, and every write wakes everybody")
    woken = Waker(Bell.LANES)
    woken.wait(0.01)  # listens from here on
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute(f"NOTIFY {Bell.OUTBOX}")
        start = time.monotonic()
        woken.wait(0.2)
        assert time.monotonic() - start >= 0.2
        with other.cursor() as cursor:
            cursor.execute(f"NOTIFY {Bell.LANES}")
        start = time.monotonic()
        woken.wait(30)
        assert time.monotonic() - start < 30
    finally:
        other.close()
        woken.close()
