"""The product as `make up` runs it, on a stage: web under granian, the bot with its children, the queue of tasks."""

import http.client
import json
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.bench.stage import CannotMeasure, Stage

GRANIAN = ("-m", "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "8", "--no-ws")
PATIENCE = 40.0
WRITERS = 4


class Product:
    """Running processes by their part, and the phones' side of the stand-in network."""

    def __init__(self, one: Stage) -> None:
        self.port = free_port()
        variables = {"PORT": str(self.port)}
        self.parts = {
            "web": start_web(one, self.port),
            "bot": one.start(sys.executable, "-m", "bot", **variables),
            "worker": one.start(sys.executable, "manage.py", "qcluster", **variables),
        }
        wait_for(self.port, "/health/live")

    def write(self, lines: Sequence[tuple[str, str]], rate: float | None = None) -> None:
        """These (phone, text) in this order, `rate` a second, or as fast as four clients can. Waits until all are."""
        start = time.perf_counter()
        with ThreadPoolExecutor(WRITERS) as clients:
            list(clients.map(lambda place: self._write(lines, place, start, rate), range(WRITERS)))

    def _write(self, lines: Sequence[tuple[str, str]], place: int, start: float, rate: float | None) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        for number in range(place, len(lines), WRITERS):
            phone, text = lines[number]
            if rate:
                time.sleep(max(0.0, start + number / rate - time.perf_counter()))
            body = json.dumps({"from": phone, "chat": "bot", "text": text})
            connection.request("POST", "/simulator/api/messages", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            if answer.status != 201:
                raise CannotMeasure(f"the network answered {answer.status}: {answer.read()[:200]!r}")
            answer.read()
        connection.close()

    def memory(self) -> Iterator[tuple[str, float]]:
        """Each process by what it is, and its proportional share of memory in MB."""
        for part, process in self.parts.items():
            for pid in _family(process.pid):
                yield f"{part}: {_role(pid)}", _pss(pid)


def serve(one: Stage, application: str, **variables: str) -> int:
    """A WSGI application on the stage, under the server of `make up`. Returns its port when it answers."""
    port = free_port()
    start_web(one, port, application, **variables)
    wait_for(port, "/health/live")
    return port


def start_web(one: Stage, port: int, application: str = "backoffice.wsgi:application", **variables: str) -> Any:
    where = ("--host", "127.0.0.1", "--port", str(port), "--workers-kill-timeout", "5")
    return one.start(sys.executable, *GRANIAN, *where, application, **(variables | {"PORT": str(port)}))


def wait_for(port: int, path: str, patience: float = PATIENCE) -> None:
    """Until the server answers anything but an error of its own. Raises: CannotMeasure."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        try:
            if status_of(port, path) < 500:
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise CannotMeasure(f"nothing answers at {path}")


def status_of(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", path)
    status = connection.getresponse().status
    connection.close()
    return status


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _family(pid: int) -> list[int]:
    """A process and all that it started, in the order of birth."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return []
    return [pid, *(one for child in children for one in _family(int(child)))]


def _role(pid: int) -> str:
    """What it was told to be, without the interpreter and the flags: «bot dispatcher 1»."""
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    told = [word for word in words[1:] if word and not word.startswith("-") and not word.isdigit()]
    return " ".join(Path(word).name for word in told[:2]) or "helper"


def _pss(pid: int) -> float:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return next(float(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")) / 1024
