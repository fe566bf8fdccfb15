"""`make up` until the first page answers, the second time: the first one made the tables and the demo company."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import Figure, Target
from tests.bench.measures import Plan
from tests.bench.product import free_port, wait_for
from tests.bench.stage import ROOT, environment

IN_TIME = Target(10, at_most=True)
FIRST_PATIENCE = 180.0


def measure(plan: Plan) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="mostrador-bench-") as folder:
        first = _boot(Path(folder))
        again = [_boot(Path(folder)) for _ in range(plan.size(1, 3))]
    yield Figure("boot of make up, the first time", first, "s")
    yield Figure("boot of make up, the second time", sorted(again)[len(again) // 2], "s", target=IN_TIME)


def _boot(folder: Path) -> float:
    """Seconds until the page to log in is served; everything is stopped again."""
    port = free_port()
    variables = environment(folder, f"sqlite:///{folder / 'demo.sqlite3'}", DEMO="1", PORT=str(port))
    start = time.perf_counter()
    with (folder / "up.log").open("ab") as log:
        process = subprocess.Popen(
            ["make", "up"], cwd=ROOT, env=variables, stdout=log, stderr=log, start_new_session=True
        )
        try:
            wait_for(port, "/panel/login/", FIRST_PATIENCE)
            return time.perf_counter() - start
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=30)
