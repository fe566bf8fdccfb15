"""What a run says of itself, in a table anybody reads."""

import sys
from collections import Counter

from tests.chaos.history import History, Purpose
from tests.chaos.sheet import Sheet
from tests.chaos.turns import turns_of


def table(history: History, sheet: Sheet, deaths: Counter[str], clock: dict[str, float]) -> list[tuple[str, str]]:
    """(what, how many) rows."""
    out = list(history.outgoing())
    takes = sum(1 for one in history.written if one.purpose == Purpose.TAKE)
    owners = Counter(case.agent or case.user or "nadie" for case in history.cases)
    counts = sheet.counts
    bot = deaths.total() - deaths["web"]
    return [
        ("recibidos", str(len(history.written))),
        ("guardados", str(sum(1 for _ in history.incoming()))),
        ("repetidos rechazados", str(history.redelivered)),
        ("demorados o pasados", str(counts["reorder"] + counts["delay"])),
        ("turnos", str(sum(len(turns) for turns in turns_of(history).values()))),
        ("respuestas y avisos", str(len(out))),
        ("de ellas, reenvíos", str(sum(1 for line in out if line.relay_of is not None))),
        ("entregadas", str(sum(len(lines) for lines in history.heard.values()))),
        ("envíos sin respuesta de la red", str(counts["no_answer"])),
        ("quedaron en duda", f"{len(sheet.doubtful)}, {len(sheet.resent)} reenviadas por el personal"),
        ("casos", str(len(history.cases))),
        ("pedidos por tomarlos", f"{takes} por WhatsApp, {len(history.told_in_panel)} desde el panel"),
        ("ganadores", ", ".join(f"{who} {times}" for who, times in sorted(owners.items()))),
        ("muertes del bot", f"{bot} ({_by_kind(deaths)})"),
        ("muertes de la web", str(deaths["web"])),
        ("segundos", ", ".join(f"{what} {seconds:.0f}" for what, seconds in clock.items())),
    ]


def _by_kind(deaths: Counter[str]) -> str:
    return ", ".join(f"{kind} {times}" for kind, times in sorted(deaths.items()) if kind != "web")


def lines(rows: list[tuple[str, str]]) -> str:
    return "\n".join(f"  {what:<34}{value}" for what, value in rows)


def told(broken: dict[str, list[str]], *, most: int = 12) -> str:
    """The broken promises, the first of each kind."""
    parts = []
    for name, sentences in broken.items():
        parts.append(f"  ✗ {name}: {len(sentences)}")
        parts += [f"      {sentence}" for sentence in sentences[:most]]
    return "\n".join(parts)


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
