"""`python -m tests.chaos [--full] [--seed N] [--database sqlite|postgres …]`: what `make chaos` runs.

Ends with 1 when one line was lost, doubled, out of order or left waiting; then it keeps logs and database.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos import report
from tests.chaos.checks import broken
from tests.chaos.plan import FULL, QUICK, Plan
from tests.chaos.report import say
from tests.chaos.run import Run
from tests.end_to_end import databases

SERVER = "postgresql://postgres@127.0.0.1:5432/postgres"


def main() -> int:
    options = _options()
    seed = options.seed if options.seed is not None else int(time.time())
    say(f"Semilla {seed} (para repetir los mismos dados: make chaos SEED={seed})")
    good = True
    for kind, server in _databases(options.database):
        for plan in FULL if options.full else QUICK:
            good = _run(plan, seed, kind, server) and good
    say("Nada perdido, nada repetido, nada fuera de orden, nada trabado." if good else "HAY PROMESAS ROTAS.")
    return 0 if good else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--full", action="store_true", help="200 teléfonos y 20 mensajes cada uno")
    parser.add_argument("--seed", type=int, help="los mismos dados que otra vez")
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


def _run(plan: Plan, seed: int, kind: str, server: str | None) -> bool:
    """One plan on one database; True when every promise was kept."""
    say(f"\n{kind}, {plan.name}: {plan.phones} teléfonos × {plan.lines} mensajes")
    folder = Path(tempfile.mkdtemp(prefix="mostrador-chaos-"))
    database = databases.create(server) if server else databases.sqlite_in(folder)
    run = Run(plan, seed, folder)
    kept = True
    try:
        history = run.tell(database)
        say(report.lines(report.table(history, run.sheet, run.deaths, run.resent, run.seconds)))
        problems = broken(history) | ({"el ensayo": run.faults} if run.faults else {})
        if problems:
            say(report.told(problems))
        kept = bool(problems)
    finally:
        if kept:
            say(f"  Los registros están en {folder} y la base en {database}")
        else:
            shutil.rmtree(folder)
            if server:
                databases.drop(database)
    return not kept


if __name__ == "__main__":
    sys.exit(main())
