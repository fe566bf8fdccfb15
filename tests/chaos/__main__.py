"""`python -m tests.chaos [--full] [--seed N] [--database sqlite|postgres …]`: what `make chaos` runs.

Ends with 1 when one line was lost, doubled, out of order or left waiting; then it keeps logs and database.
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.chaos import report
from tests.chaos.checks import broken
from tests.chaos.plan import FULL, QUICK, Plan
from tests.chaos.report import say
from tests.chaos.run import CalledOff, Run
from tests.end_to_end import databases

SERVER = "postgresql://postgres@127.0.0.1:5432/postgres"


def main() -> int:
    options = _options()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # processes end with us
    seed = options.seed if options.seed is not None else int(time.time())
    say(f"Semilla {seed} (para repetir los mismos dados: make chaos SEED={seed})")
    plans = FULL if options.full else QUICK
    trials = [Trial(plan, seed, kind, server) for kind, server in _databases(options.database) for plan in plans]
    with ThreadPoolExecutor(options.together) as pool:
        try:
            good = all(list(pool.map(Trial.passes, trials)))
        except KeyboardInterrupt:
            say("Interrumpido: detengo lo que está andando.")
            pool.shutdown(wait=False, cancel_futures=True)
            for trial in trials:
                trial.run.call_off()
            return 130
    say("Nada perdido, nada repetido, nada fuera de orden, nada trabado." if good else "HAY PROMESAS ROTAS.")
    return 0 if good else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--full", action="store_true", help="200 teléfonos y 20 mensajes cada uno")
    parser.add_argument("--seed", type=int, help="los mismos dados que otra vez")
    parser.add_argument("--together", type=int, default=2, help="cuántos ensayos a la vez")
    parser.add_argument("--database", choices=["sqlite", "postgres"], help="sólo en esa; si no, en las que haya")
    return parser.parse_args()


def _databases(only: str | None) -> list[tuple[str, str | None]]:
    """What to run on: (name, PostgreSQL server or None for a file)."""
    url = os.environ.get("DATABASE_URL", "")
    server = url if url.startswith("postgres") else SERVER
    found: list[tuple[str, str | None]] = [("SQLite", None)] if only != "postgres" else []
    if only != "sqlite":
        if databases.answers(server):
            found.append(("PostgreSQL", server))
        elif only == "postgres" or url.startswith("postgres"):
            raise SystemExit(f"No contesta ningún PostgreSQL en {server}")
    return found


class Trial:
    """One plan on one database: made, run, told, and cleaned away when every promise was kept."""

    def __init__(self, plan: Plan, seed: int, kind: str, server: str | None) -> None:
        self._title = f"{kind}, {plan.name}: {plan.phones} teléfonos × {plan.lines} mensajes"
        self._server = server
        self.run = Run(plan, seed)

    def passes(self) -> bool:
        folder = Path(tempfile.mkdtemp(prefix="mostrador-chaos-"))
        database = databases.create(self._server) if self._server else databases.sqlite_in(folder)
        told = [f"\n{self._title}"]
        problems = self._problems(folder, database, told)
        if any(problems.values()):
            told += [report.told(problems), f"  Los registros están en {folder} y la base en {database}"]
        else:
            self._clean_up(folder, database)
        say("\n".join(told))
        return not problems

    def _problems(self, folder: Path, database: str, told: list[str]) -> dict[str, list[str]]:
        """The broken promises by check; one with no sentences when somebody called it off."""
        try:
            history = self.run.tell(folder, database)
        except CalledOff:
            return {"el ensayo no terminó": self.run.faults}
        except Exception as error:  # noqa: BLE001 (the other runs go on; this one is told as broken)
            return {"el ensayo no terminó": [*self.run.faults, f"{type(error).__name__}: {error}"]}
        told.append(report.lines(report.table(history, self.run.sheet, self.run.deaths, self.run.clock)))
        return broken(history) | ({"el ensayo": self.run.faults} if self.run.faults else {})

    def _clean_up(self, folder: Path, database: str) -> None:
        shutil.rmtree(folder)
        if self._server:
            databases.drop(database)


if __name__ == "__main__":
    sys.exit(main())
