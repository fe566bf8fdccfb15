"""Who kills the processes, and who starts again what died, as `make up` does."""

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.end_to_end.live import Installation, children

VICTIMS = ("dispatcher", "channel", "supervisor", "all")
WEIGHTS = (5, 5, 2, 2)
WEB = "web"
BIRTH = 60.0


@dataclass
class Keeper:
    """Starts bot and web again when they end. A child of the bot is its supervisor's business."""

    product: Installation
    stop: threading.Event = field(default_factory=threading.Event)

    def keep(self) -> None:
        while not self.stop.wait(0.2):
            if self.product.bot.poll() is not None:
                self.product.start_bot()
            if self.product.web.poll() is not None:
                end_group(self.product.web.pid)
                self.product.start_web()


@dataclass
class Killer:
    """Kills at random moments of the crowd's progress: `progress` gives 0 to 1."""

    product: Installation
    random: Random
    progress: Callable[[], float]
    hurry: threading.Event
    deaths: Counter[str] = field(default_factory=Counter)

    def kill(self, *, bot: int, web: int) -> None:
        """Each kind of victim at least once when there are enough; then by their weight."""
        victims = [*VICTIMS[:bot], *self.random.choices(VICTIMS, WEIGHTS, k=max(0, bot - len(VICTIMS))), *[WEB] * web]
        self.random.shuffle(victims)
        moments = sorted(self.random.uniform(0.04, 0.96) for _ in victims)
        for moment, victim in zip(moments, victims, strict=True):
            while self.progress() < moment and not self.hurry.wait(0.05):
                pass
            if self.hurry.is_set():
                return
            self._kill_once_alive(victim)

    def _kill_once_alive(self, victim: str) -> None:
        until = time.monotonic() + BIRTH
        while time.monotonic() < until and not self.hurry.is_set():
            if self._kill(victim):
                self.deaths[victim] += 1
                return
            time.sleep(0.05)
        raise AssertionError(f"there was no {victim} to kill in {BIRTH:.0f} s")

    def _kill(self, victim: str) -> bool:
        """False when it is not there now."""
        process = self.product.web if victim == WEB else self.product.bot
        if process.poll() is not None:
            return False
        if victim in (WEB, "all"):
            return end_group(process.pid)
        if victim == "supervisor":
            return _end(process.pid)
        alive = [pid for pid, told in children(process.pid).items() if told.startswith(victim)]
        return bool(alive) and _end(self.random.choice(alive))


def end_group(pid: int) -> bool:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def _end(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True
