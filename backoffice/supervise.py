"""`make up`: panel, bot and tasks in one terminal, started again when one dies, stopped together.

The kept `supervisor` package does the watching, inside this process and with no socket of its own, so there is
nothing stale to clean up after a power cut. What it writes is under `VAR_DIR`: two copies in two folders never meet.
"""

import contextlib
import ctypes
import fcntl
import os
import shlex
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, TextIO

from supervisor import events
from supervisor.medusa import asyncore_25 as asyncore
from supervisor.options import ServerOptions
from supervisor.states import SupervisorStates
from supervisor.supervisord import Supervisor

from backoffice import settings

RUN_DIR = settings.VAR_DIR / "run"
LOG_DIR = settings.VAR_DIR / "log"
LONGEST_PAUSE = 10  # seconds between two attempts to start what keeps dying
PR_SET_PDEATHSIG = 1

NAMES = {"web": "El panel", "bot": "El bot", "worker": "La cola de tareas"}


class CannotStart(SystemExit):
    """Something outside us is in the way; leaves with the reason and what to do, in Spanish."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n" + "\n".join(f"  {line}" for line in lines) + "\n")


def main() -> None:
    """Check, prepare, and watch until Ctrl-C, SIGTERM or the terminal's end."""
    for folder in (RUN_DIR, LOG_DIR):
        folder.mkdir(parents=True, exist_ok=True)
    lock = only_one(RUN_DIR / "up.lock")
    refuse_taken_port(settings.HOST, settings.PORT)
    prepare()
    config = RUN_DIR / "supervisor.conf"
    config.write_text(configuration(), encoding="utf-8")
    welcome = subprocess.Popen([sys.executable, "-m", "backoffice.welcome"])
    try:
        watch(config)
    finally:
        welcome.terminate()
        lock.close()
    say("Listo: quedó todo detenido.")


def only_one(path: Path) -> TextIO:
    """Hold this folder's lock; the system frees it however the process ends."""
    lock = path.open("a", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CannotStart(
            "Mostrador ya está andando en esta carpeta, en otra terminal.",
            "Detenelo allá con Ctrl-C, o usá otra copia de la carpeta con otro puerto: make up PORT=8001",
        ) from None
    return lock


def refuse_taken_port(host: str, port: int) -> None:
    """Leave with a clear message when another program listens where the panel should."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise CannotStart(
                f"El puerto {port} necesita permisos de administrador.", "Elegí uno mayor a 1023: make up PORT=8001"
            ) from None
        except OSError as error:
            raise CannotStart(
                f"El puerto {port} de {host} no está libre ({error.strerror}).",
                f"Cerrá el programa que lo usa o elegí otro: make up PORT={port + 1 if port < 65535 else 8001}",
            ) from None


def prepare() -> None:
    """Bring tables, first rows, static files and the bot's actions up to date, in processes of their own.

    They say themselves what is wrong; we leave with their status.
    """
    failed = (
        subprocess.run([sys.executable, "manage.py", "prepare"], cwd=settings.BASE_DIR, check=False).returncode
        or subprocess.run([sys.executable, "-m", "bot", "actions"], cwd=settings.BASE_DIR, check=False).returncode
    )
    if failed:
        raise SystemExit(failed)


def configuration() -> str:
    """The programs, in the words of supervisor's own file; one group, so that they stop side by side."""
    granian = ["-m", "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "8", "--no-ws"]
    granian += ["--host", settings.HOST, "--port", str(settings.PORT), "--workers-kill-timeout", "5"]
    sections = [
        "[supervisord]\nnodaemon = true\nsilent = true\n"
        f"logfile = {_literal(LOG_DIR / 'supervisor.log')}\nlogfile_maxbytes = 5MB\nlogfile_backups = 2\n"
        f"pidfile = {_literal(RUN_DIR / 'supervisor.pid')}\n",
        "[group:mostrador]\nprograms = web,bot,worker\n",
        _program("web", *granian, "backoffice.wsgi:application"),
        _program("bot", "-m", "bot"),
        _program("worker", "manage.py", "qcluster"),
    ]
    return "\n".join(sections)


def _program(name: str, *arguments: str) -> str:
    return (
        f"[program:{name}]\n"
        f"command = {_literal(shlex.join([sys.executable, *arguments]))}\n"
        f"directory = {_literal(settings.BASE_DIR)}\n"
        "autorestart = true\nstartsecs = 3\nstartretries = 1000000\n"
        "stopsignal = TERM\nstopwaitsecs = 15\nkillasgroup = true\n"  # the bot needs up to 10 s to finish its turns
        f"redirect_stderr = true\nstdout_logfile = {_literal(log_of(name))}\n"
        "stdout_logfile_maxbytes = 10MB\nstdout_logfile_backups = 3\n"
    )


def _literal(value: str | Path) -> str:
    return str(value).replace("%", "%%")  # supervisor expands %(name)s


def log_of(name: str) -> Path:
    return LOG_DIR / f"{name}.log"


def watch(config: Path) -> None:
    """Run supervisor in this process until it is told to stop."""
    hangup_ignored = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN  # started with nohup: outlives the terminal
    if not hangup_ignored:
        die_with_parent()
    os.environ["PYTHONUNBUFFERED"] = "1"
    options = _Options(keep_on_hangup=hangup_ignored)
    options.realize(["-c", str(config)])
    options.first, options.test = True, False
    with contextlib.suppress(asyncore.ExitNow):
        _Watcher(options).main()
    options.close_logger()


class _Options(ServerOptions):  # type: ignore[misc]
    def __init__(self, *, keep_on_hangup: bool) -> None:
        super().__init__()
        self.keep_on_hangup = keep_on_hangup

    def setsignals(self) -> None:
        super().setsignals()
        if self.keep_on_hangup:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)

    def get_signal(self) -> int | None:
        """A closed terminal means stop; supervisor would take it as "start all again"."""
        received: int | None = super().get_signal()
        return signal.SIGTERM if received == signal.SIGHUP else received

    def setpgrp(self) -> None:
        """In the child, before it runs: its own group, and no life after ours, however we end."""
        super().setpgrp()
        die_with_parent()


class _Watcher(Supervisor):  # type: ignore[misc]
    """Supervisor that tells the terminal the little that matters; the rest is in var/log."""

    def runforever(self) -> None:
        self.terminals = [number for number in (0, 1, 2) if os.isatty(number)]
        events.subscribe(events.ProcessStateEvent, self.on_change)
        events.subscribe(events.SupervisorStoppingEvent, self.on_stopping)
        super().runforever()

    def tick(self, now: float | None = None) -> None:
        """At least once a second. When `make` leads the terminal's session nobody passes us its hang-up: look."""
        super().tick(now)
        closed = self.terminals and not any(map(os.isatty, self.terminals))
        if closed and not self.options.keep_on_hangup and self.options.mood == SupervisorStates.RUNNING:
            self.options.mood = SupervisorStates.SHUTDOWN

    def on_stopping(self, _event: Any) -> None:
        say("\nDeteniendo… el bot termina lo que está contestando (hasta 15 segundos).")

    def on_change(self, event: Any) -> None:
        process = event.process
        died = isinstance(event, events.ProcessStateExitedEvent | events.ProcessStateBackoffEvent)
        if died or isinstance(event, events.ProcessStateStoppedEvent):
            _end_group(process.pid)
        if isinstance(event, events.ProcessStateBackoffEvent):
            process.backoff = min(process.backoff, LONGEST_PAUSE)
            process.delay = min(process.delay, process.laststart + LONGEST_PAUSE)
        if died and self.options.mood == SupervisorStates.RUNNING:
            _tell_death(process.config.name, attempts=process.backoff)


def _end_group(pid: int) -> None:
    """End what a dead process left behind (a web worker would keep the port)."""
    if pid > 0:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)


def _tell_death(name: str, *, attempts: int) -> None:
    """Say it once when it dies, and with its last words at the third attempt; then keep quiet."""
    if attempts <= 1:
        say(f"⚠ {NAMES[name]} se detuvo y lo vuelvo a arrancar. El detalle: {log_of(name)}")
    elif attempts == 3:
        say(f"⚠ {NAMES[name]} no logra arrancar; sigo probando. Lo último que dijo:\n{last_words(log_of(name))}")


def last_words(log: Path, *, lines: int = 12) -> str:
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 8000))
            tail = file.read().decode("utf-8", "replace")
    except OSError:
        return ""
    return "\n".join(f"    {line}" for line in tail.splitlines()[-lines:])


def die_with_parent() -> None:
    """Ask Linux for a SIGTERM when our parent ends in any way, even by SIGKILL. Elsewhere nothing happens."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def say(text: str) -> None:
    """Write to the terminal, which may be gone already."""
    with contextlib.suppress(OSError):
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
