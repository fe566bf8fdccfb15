"""The whole product as real processes, on a database and a folder of its own, for stories told from outside.

Web and bot are started as `make up` starts them; phones speak over real HTTP. What a story does without a phone is
run by `python -m tests.hands` beside them. Everything ends with the test session, whatever happens.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from tests.story import Network, Story

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 40.0


class Installation:
    """Web, bot and hands over one database that has its tables (`databases.py`). `stop` is safe to call twice.

    `hands` is the module that does what a story does without a phone; `changed` are variables of the environment.
    """

    def __init__(self, folder: Path, database: str, *, hands: str = "tests.hands", **changed: str) -> None:
        self.port = _free_port()
        self.folder = folder
        self.environment = _environment(folder, database, self.port) | changed
        self._processes: list[subprocess.Popen[str]] = []
        self._hands_module = hands
        self.hands: Hands | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *, world: str = "load_world", screens: bool = True, **values: Any) -> None:
        """Everything up, with the company that the hands' function `world` loads; without `screens` only for phones."""
        if screens:
            self._run(sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0")
        self.hands = self.more_hands()
        self.hands.do(world, **values)
        self.start_web()
        self.wait_for_web()
        self.start_bot()

    def start_bot(self) -> None:
        self.bot = self._start("bot", sys.executable, "-m", "bot")

    def start_web(self) -> None:
        self.web = self._start("web", *web_command(self.port))

    def more_hands(self) -> Hands:
        """Another pair, for what is done at the same time; whoever asks for it stops it."""
        return Hands(self.environment, self._hands_module)

    def stop(self) -> None:
        for process in reversed(self._processes):
            _end(process)
        self._processes.clear()
        if self.hands is not None:
            self.hands.stop()

    def logs(self) -> str:
        """The last lines of each process, for whoever reads a failed test."""
        files = sorted(self.folder.glob("*.log"))
        return "\n".join(f"--- {file.name}\n{file.read_text(errors='replace')[-3000:]}" for file in files)

    def wait_for_web(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                if httpx.get(f"{self.url}/health/live", timeout=2).status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise AssertionError("the web did not start\n" + self.logs())

    def _run(self, *command: str) -> None:
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr

    def _start(self, name: str, *command: str) -> subprocess.Popen[str]:
        log = (self.folder / f"{name}.log").open("a")
        process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, text=True, start_new_session=True
        )
        self._processes.append(process)
        return process


class Hands:
    """`python -m tests.hands` (or another module with its functions) beside the installation."""

    def __init__(self, environment: Mapping[str, str], module: str = "tests.hands") -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def do(self, name: str, /, **values: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": name, "with": values}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"the hands ended while doing {name}"
        answer = json.loads(line)
        assert "error" not in answer, f"{name}: {answer.get('error')}"
        return answer["gives"]

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()


class StoryOfProcesses(Story):
    """Told to a running installation."""

    def __init__(self, installation: Installation) -> None:
        super().__init__()
        assert installation.hands is not None
        self.installation = installation
        self._hands = installation.hands
        self.network = Network(httpx.Client(base_url=installation.url, timeout=30))

    def do(self, name: str, /, **values: Any) -> Any:
        return self._hands.do(name, **values)

    def goes_on(self, patience: float = PATIENCE) -> None:
        """Wait until nothing is on its way, twice in a row: a send may just be turning into a tick."""
        until = time.monotonic() + patience
        quiet = 0
        while time.monotonic() < until:
            quiet = quiet + 1 if self.do("is_idle") else 0
            if quiet >= 2:
                return
            time.sleep(0.05)
        raise AssertionError("the story does not come to rest\n" + self.installation.logs())

    def notices_leave(self, patience: float = 6 * PATIENCE) -> None:
        until = time.monotonic() + patience
        while self.do("unsent_notices"):
            assert time.monotonic() < until, "notices do not leave\n" + self.installation.logs()
            time.sleep(0.05)


def children(pid: int) -> dict[int, str]:
    """The processes that the bot's supervisor keeps, by id, with what each was told to be («dispatcher 1»)."""
    found: dict[int, str] = {}
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return found
    for child in listed:
        try:
            words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
            continue
        found[int(child)] = " ".join(word.decode() for word in words[-3:-1])
    return found


def web_command(port: int) -> tuple[str, ...]:
    return (
        str(Path(sys.executable).parent / "granian"),
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--blocking-threads",
        "4",
        "--no-ws",
        "backoffice.wsgi:application",
    )


def _environment(folder: Path, database: str, port: int) -> dict[str, str]:
    kept = {
        key: value
        for key, value in os.environ.items()
        if key in ("PATH", "HOME", "PYTHONPATH", "LANG", "LC_ALL") or key.startswith("COVERAGE_")
    }
    return kept | {
        "DJANGO_SETTINGS_MODULE": "backoffice.settings",
        "VAR_DIR": str(folder),
        "DATABASE_URL": database,
        "PORT": str(port),
        "DEMO": "0",
        "SIMULATOR": "1",
        "BURST_PERCENT": "15",
        "SECRET_KEY": "only-for-tests-" + "0" * 50,
        "PYTHONUNBUFFERED": "1",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _end(process: subprocess.Popen[str]) -> None:
    """Ask the process, then insist with its whole group: no test leaves an orphan."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=12)
        except subprocess.TimeoutExpired:
            process.kill()
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()
