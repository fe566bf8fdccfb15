"""What `make up` runs, with its real processes: they come back when killed, and none is left at the end."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backoffice.welcome import panel_answers
from tests import template
from tests.architecture.tree import ROOT

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(sys.platform != "linux", reason="looks for the processes in /proc"),
]
PATIENCE = 300  # a disk that has nothing, on a machine that is busy with other tests
KEPT = ("PATH", "PYTHONPATH", "HOME", "COVERAGE_")  # with the last, what the processes run counts as covered


def _hears_the_terminal() -> None:
    """Whoever runs the tests with nohup hands down a SIGHUP that is ignored."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


class House:
    """A running `make up` in its own folder and port. Its processes are known by their VAR_DIR."""

    def __init__(self, var: Path, port: int, **variables: str) -> None:
        self.var, self.port = var, port
        environment = {name: value for name, value in os.environ.items() if name.startswith(KEPT)}
        self.said = var / "said.txt"
        with self.said.open("w", encoding="utf-8") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "backoffice.supervise"],
                cwd=ROOT,
                env=environment | {"VAR_DIR": str(var), "PORT": str(port), "DEMO": "0"} | variables,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_hears_the_terminal,
            )

    @property
    def text(self) -> str:
        return self.said.read_text(encoding="utf-8")

    def processes(self, words: str = "") -> set[int]:
        """The ids of this house's processes, those whose command has these words."""
        mark = f"VAR_DIR={self.var}".encode()
        return {
            pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if _is_ours(pid, mark, words.encode())
        }

    def answers(self) -> bool:
        return panel_answers("127.0.0.1", self.port)

    def wait(self, condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, self.text + self.logs()
            time.sleep(0.1)

    def logs(self) -> str:
        return "".join(f"\n--- {log.name}\n{log.read_text()[-2000:]}" for log in (self.var / "log").glob("*.log"))

    def end(self) -> None:
        """Whatever happened in the test, nothing outlives it."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=30)
        finally:
            for pid in self.processes():
                os.kill(pid, signal.SIGKILL)


def _is_ours(pid: int, mark: bytes, words: bytes) -> bool:
    try:
        if mark not in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"):
            return False
        running = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
        return running and words in Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")
    except OSError:
        return False


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """With its tables made, which takes the longest."""
    template.copy_to(tmp_path / "mostrador.sqlite3")
    yield from _started(tmp_path)


@pytest.fixture
def new_house(tmp_path: Path) -> Iterator[House]:
    """On a disk that has nothing."""
    yield from _started(tmp_path)


def _started(var: Path) -> Iterator[House]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    running = House(var, port)
    yield running
    running.end()


def test_what_dies_comes_back_and_nothing_is_left_at_the_end(new_house):
    house = new_house
    house.wait(lambda: "Mostrador está andando" in house.text)
    assert f"http://127.0.0.1:{house.port}" in house.text
    before = house.processes()

    for words in ("granian", "-m bot", "qcluster"):
        for pid in house.processes(words):
            os.kill(pid, signal.SIGKILL)
    for words in ("granian", "-m bot", "qcluster"):
        house.wait(lambda words=words: house.processes(words) - before)
    house.wait(house.answers)
    assert "El panel se detuvo y lo vuelvo a arrancar" in house.text

    house.process.send_signal(signal.SIGTERM)
    house.process.wait(timeout=PATIENCE)
    assert house.processes() == set()
    assert "quedó todo detenido" in house.text
    assert house.process.returncode == 0


def test_not_even_a_killed_supervisor_leaves_an_orphan(house):
    house.wait(lambda: "Mostrador está andando" in house.text)
    house.process.kill()
    house.wait(lambda: not house.processes())


def test_a_closed_terminal_stops_everything(house):
    house.wait(lambda: "Mostrador está andando" in house.text)
    house.process.send_signal(signal.SIGHUP)
    house.process.wait(timeout=PATIENCE)
    assert house.processes() == set()


def test_a_database_that_is_away_is_named_before_anything_starts(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    house = House(tmp_path, port, DATABASE_URL="postgresql://nadie:secreta@127.0.0.1:1/mostrador")
    assert house.process.wait(timeout=PATIENCE) != 0
    assert "No me pude conectar a la base de datos 127.0.0.1:1/mostrador" in house.text
    assert "secreta" not in house.text
    assert "Traceback" not in house.text
