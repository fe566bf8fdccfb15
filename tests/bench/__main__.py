"""`make bench`: how fast and how heavy, as ratios to what was measured in the same run (reference figures in docs).

Quick by default; `--full` (`make bench FULL=1`) takes the sizes that the targets are about. Prints a table and writes
`bench.json`, one JSON object a line: name, value, unit, against, ratio, target, met.

Leaves with 1 when a measure could not be taken. A missed target fails only with `--full` or `--strict`: those are run
on purpose, on a quiet machine. The quick run is also part of CI, where neighbours take the processor for seconds at
a time, so there it fails only by what no neighbour explains: a ratio more than twice worse than its target.
"""

import argparse
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.bench import boot, exports, flat, gateway, imports, latency, lists, turns
from tests.bench.figures import Figure, json_lines, table
from tests.bench.measures import Measure, Plan
from tests.bench.stage import POSTGRES, SQLITE, CannotMeasure, kinds

MEASURES: dict[str, Measure] = {
    "turns": turns.measure,
    "flat": flat.measure,
    "latency": latency.measure,
    "gateway": gateway.measure,
    "lists": lists.measure,
    "boot": boot.measure,
    "imports": imports.measure,
    "exports": exports.measure,
}


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    if "profile" in options.only:
        from tests.bench import profile

        profile.main()
        return 0
    plan = Plan(kinds=kinds(options.on), full=options.full)
    figures, broken = _take(options.only or list(MEASURES), plan)
    options.output.write_text(json_lines(figures), encoding="utf-8")
    sys.stdout.write("\n" + table(figures))
    return verdict(figures, broken, strict=options.full or options.strict)


def _take(names: Sequence[str], plan: Plan) -> tuple[list[Figure], list[str]]:
    """Every measure, the next one also when one breaks."""
    figures: list[Figure] = []
    broken: list[str] = []
    if POSTGRES not in plan.kinds:
        _say("PostgreSQL is not measured (none answers, or it was not asked for)")
    for name in names:
        start = time.monotonic()
        try:
            for figure in MEASURES[name](plan):
                figures.append(figure)
        except CannotMeasure as error:
            broken.append(f"{name}: {error}")
        _say(f"{name}: {time.monotonic() - start:.0f} s")
    return figures, broken


def verdict(figures: Sequence[Figure], broken: Sequence[str], *, strict: bool) -> int:
    """Say what is wrong, if anything. Returns the exit code."""
    missed = [figure for figure in figures if (figure.is_missed if strict else figure.is_gross)]
    for trouble in broken:
        _say(f"could not be measured: {trouble}")
    for figure in missed:
        _say(f"{'missed' if strict else 'far off'}: {figure.name} ({figure.aim}, got {figure.judged:.3g})")
    return 1 if missed or broken else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench", description="Measures, against the limits of this machine.")
    parser.add_argument("--full", action="store_true", help="the sizes of the targets; takes many minutes")
    parser.add_argument("--strict", action="store_true", help="a missed target fails, as with --full")
    parser.add_argument("--only", type=_names, default=[], help=f"of {', '.join(MEASURES)}; or profile")
    parser.add_argument("--on", nargs="+", choices=[SQLITE, POSTGRES], default=[SQLITE, POSTGRES])
    parser.add_argument("--output", type=Path, default=Path("bench.json"))
    return parser


def _names(text: str) -> list[str]:
    names = [name for name in text.replace(",", " ").split() if name]
    unknown = set(names) - set(MEASURES) - {"profile"}
    if unknown:
        raise argparse.ArgumentTypeError(f"no such measure: {', '.join(sorted(unknown))}")
    return names


def _stop(*_: object) -> None:
    sys.exit(128 + signal.SIGTERM)


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)  # as Ctrl-C: databases and processes of the run end with it
    sys.exit(main())
