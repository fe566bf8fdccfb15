"""Keeps the bot's processes alive: the dispatchers and one child per channel (design 3, «Processes»).

Each is a process of its own because a fault in a WhatsApp library ends the process it is in. What dies is
started again, later each time it dies young; a restart asked in the panel restarts them all.
"""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, connection

from backoffice.channels.models import Channel
from backoffice.common.models import Activity
from backoffice.operations.models import BotControl
from bot.heart import Heart
from bot.watchdog import Watchdog

log = logging.getLogger(__name__)

BACK_OFF = (0.5, 1, 2, 5, 15, 60)
GROWN_UP = 30.0
GRACE = 8.0


@dataclass(slots=True)
class Child:
    """A process and its story. `role` is what `python -m bot` is told to be."""

    role: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    not_before: float = 0.0

    def start(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-m", "bot", "--parent", str(os.getpid()), *self.role])
        self.started = time.monotonic()

    def died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def bury(self) -> None:
        """Note the death and when it may live again."""
        young = time.monotonic() - self.started < GROWN_UP
        self.deaths = self.deaths + 1 if young else 1
        self.not_before = time.monotonic() + BACK_OFF[min(self.deaths, len(BACK_OFF)) - 1]
        self.process = None


class Supervisor:
    def __init__(self) -> None:
        self._children: dict[tuple[str, ...], Child] = {}
        self._restart_asked = BotControl.load().restart_asked_at
        self._heart = Heart("bot")
        self._watchdog = Watchdog()

    def run(self, stop: threading.Event) -> None:
        Activity.note(Activity.Kind.CONNECTION, "El bot arrancó")
        while not stop.is_set():
            try:
                self._follow()
                self._watchdog.look()
            except DatabaseError:
                log.exception("the database did not answer; children go on")
                connection.close()
            self._keep_alive()
            self._heart.beat(note=f"{len(self._children)} procesos")
            stop.wait(0.5)
        self._stop_all(list(self._children.values()))
        self._heart.tell_counters()

    def _follow(self) -> None:
        """Bring the children to what the panel says: one per enabled channel, and a restart when asked."""
        wanted = [("dispatcher", str(number)) for number in range(1, settings.BOT_DISPATCHERS + 1)]
        rows = Channel.objects.filter(enabled=True).exclude(kind=Channel.Kind.PREVIEW).order_by("pk")
        wanted += [("channel", str(pk)) for pk in rows.values_list("pk", flat=True)]
        gone = [child for role, child in self._children.items() if role not in wanted]
        self._stop_all(gone)
        for child in gone:
            del self._children[child.role]
        for role in wanted:
            self._children.setdefault(role, Child(role))
        asked = BotControl.objects.filter(pk=1).values_list("restart_asked_at", flat=True).first()
        if asked != self._restart_asked:
            self._stop_all(list(self._children.values()))
            self._restart_asked = asked
            Activity.note(Activity.Kind.CONNECTION, "Reinicio del bot pedido desde el panel")

    def _keep_alive(self) -> None:
        for child in self._children.values():
            if child.died():
                assert child.process is not None
                log.warning("%s ended with %s", " ".join(child.role), child.process.returncode)
                child.bury()
            if child.process is None and time.monotonic() >= child.not_before:
                child.start()

    def _stop_all(self, children: list[Child]) -> None:
        """Ask kindly, wait, and then insist."""
        running = [child for child in children if child.process is not None and child.process.poll() is None]
        for child in running:
            assert child.process is not None
            child.process.send_signal(signal.SIGTERM)
        until = time.monotonic() + GRACE
        for child in running:
            assert child.process is not None
            try:
                child.process.wait(timeout=max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
        for child in children:
            child.process, child.deaths, child.not_before = None, 0, 0.0
