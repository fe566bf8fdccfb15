"""Conversations as files that anyone can read: each `*.txt` here is told again and must come out the same.

    # 5492612345678: María González, activo; Fibra 100MB; debe $ 18.500,00
    # hora: 2026-11-24 10:30          when it happens (a Tuesday morning unless said)
    # modo: emergencia                or another setting of `_SETTINGS`
    > hola
    < Hola María 👋
      …the lines that follow of the same message
    ~ 20 min                          time that passes

`make transcripts` writes what the bot answers today; read the diff before you commit it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from bot import snapshot
from bot.chat import Talk
from integrations.understanding.phones import parse_phone
from tests import hands, kept_world
from tests.story import A_TUESDAY, ZONE

pytestmark = pytest.mark.once  # what is said does not depend on the database

FILES = sorted(Path(__file__).parent.glob("*.txt"))

_SETTINGS: dict[str, Callable[[str], object]] = {
    "modo": lambda mode: hands.set_mode(mode=mode),
    "horario": lambda _: hands.keeps_hours(),
    "feriado": lambda _: hands.holiday_today(),
}


@dataclass
class Transcript:
    """`steps` are (">", what is said), ("~", minutes)."""

    head: list[str] = field(default_factory=list)
    steps: list[tuple[str, str]] = field(default_factory=list)

    @property
    def phone(self) -> str:
        return self.head[0].removeprefix("#").partition(":")[0].strip()

    def settings(self) -> dict[str, str]:
        pairs = (line.removeprefix("#").partition(":") for line in self.head[1:])
        return {name.strip(): value.strip() for name, _, value in pairs}


def read(text: str) -> Transcript:
    told = Transcript()
    for line in text.splitlines():
        if line.startswith("#"):
            told.head.append(line)
        elif line[:2] in ("> ", "~ "):
            told.steps.append((line[0], line[2:]))
        elif line.startswith("  ") and told.steps and told.steps[-1][0] == ">":
            told.steps[-1] = (">", f"{told.steps[-1][1]}\n{line[2:]}")
        elif line.startswith("<"):
            told.steps.append(("<", ""))
    told.steps = [step for step in told.steps if step[0] != "<"]
    return told


def tell(told: Transcript) -> str:
    """Say it all again, and write it down with what is answered now."""
    settings = told.settings()
    start = datetime.fromisoformat(settings.pop("hora")).replace(tzinfo=ZONE) if "hora" in settings else A_TUESDAY
    phone = parse_phone(told.phone)
    assert phone is not None, f"«{told.phone}» is no phone"
    lines = list(told.head)
    with time_machine.travel(start, tick=False) as clock:
        snapshot.forget()
        kept_world.load()
        for name, value in settings.items():
            _SETTINGS[name](value)
        talk = Talk(phone)
        for kind, text in told.steps:
            if kind == "~":
                clock.shift(timedelta(minutes=int(re.findall(r"\d+", text)[0])))
                lines.append(f"~ {text}")
                continue
            clock.shift(timedelta(seconds=20))
            heard = [("<", answer) for answer in talk.says(text)]
            lines += [f"{mark} {said}".replace("\n", "\n  ") for mark, said in [(">", text), *heard]]
    return "\n".join(line.rstrip() for line in "\n".join(lines).splitlines()) + "\n"


@pytest.mark.flow
@pytest.mark.django_db
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_conversation_goes_as_it_was_written(file: Path, request: pytest.FixtureRequest) -> None:
    written = file.read_text(encoding="utf-8")
    today = tell(read(written))
    if request.config.getoption("--update-transcripts"):
        file.write_text(today, encoding="utf-8")
    else:
        assert today == written


def test_there_are_conversations_to_tell() -> None:
    assert len(FILES) >= 12
