"""Where a turn's time goes: `make bench ONLY=profile`, or `python -m tests.bench.profile` with a DATABASE_URL.

Runs the dialogue under cProfile in a new SQLite database (or the one given) and prints the functions by their own and
by their cumulative time, and every statement by how often a turn makes it.
"""

import cProfile
import io
import pstats
import sys
import tempfile
from pathlib import Path

ROUNDS, LISTED = 4, 45


def main() -> None:
    """Prepare a database for this alone, and profile."""
    from tests.bench.stage import environment

    with tempfile.TemporaryDirectory(prefix="mostrador-bench-") as folder:
        environment(Path(folder), f"sqlite:///{folder}/bench.sqlite3", into_this_process=True)
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        from tests.bench import engine

        engine.load()
        sys.stdout.write(report())


def report() -> str:
    """The text for people, of the loaded database of this process."""
    from tests.bench import engine

    out = io.StringIO()
    plain = [engine.run() for _ in range(ROUNDS)]
    fastest = max(one["turns"] / one["seconds"] for one in plain)
    out.write(f"unprofiled: {fastest:.0f} turns/s, {1e6 / fastest:.0f} µs a turn\n\n")
    profile = cProfile.Profile()
    profile.enable()
    turns = sum(engine.run()["turns"] for _ in range(ROUNDS))
    profile.disable()
    stats = pstats.Stats(profile, stream=out).strip_dirs()
    out.write(f"under cProfile, {turns:.0f} turns (times grow about twofold)\n")
    for order in ("tottime", "cumulative"):
        stats.sort_stats(order).print_stats(LISTED)
    counts = engine.statements()
    turns = counts.pop("turns")
    out.write(
        f"{sum(counts.values()):.0f} statements in {turns:.0f} turns: {sum(counts.values()) / turns:.2f} a turn\n"
    )
    for sql, count in counts.items():
        out.write(f"{count:6.0f} ×  {sql[:230]}\n")
    return out.getvalue()


if __name__ == "__main__":
    main()
