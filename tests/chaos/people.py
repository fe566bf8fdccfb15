"""The phones of a run: some ask the machine, some want a person and then talk with whoever attends them."""

import threading
import time
from dataclasses import dataclass, field
from random import Random

from tests.chaos.history import Purpose, Written
from tests.chaos.plan import Plan
from tests.chaos.sheet import Sheet
from tests.chaos.web import Web

GREETING = "Te atiende"
QUESTIONS = (
    "menú",
    "volver al menú",
    "¿Cuánto demora la instalación? (consulta {n})",
    "¿Qué significan las luces del módem? (consulta {n})",
    "¿Es fibra óptica? (consulta {n})",
    "¿A qué hora abren? (consulta {n})",
)
OPTIONS = 4  # of the main menu
BURST, REPEATED, STUMBLES, SILENCE = 0.3, 0.12, 0.1, 0.04


class Unanswered(Exception):
    """Somebody got tired of waiting."""


@dataclass
class Phone:
    """One phone and its own dice: the same seed writes the same lines, whatever the threads do.

    Whoever holds it types one line at a time, so its lines have one order. `pace` is how many seconds they let pass
    between two looks (a crowd that looks all the time would measure itself), `patience` after how many they give up.
    """

    number: str
    web: Web
    sheet: Sheet
    random: Random
    hurry: threading.Event
    pace: float = 1.0
    patience: float = 300.0
    _count: int = 0
    _cursor: str = "0"
    _hand: threading.Lock = field(default_factory=threading.Lock)

    @property
    def chat(self) -> str:
        return f"p:{self.number}"

    def writes(
        self,
        text: str,
        purpose: Purpose,
        *,
        group: str | None = None,
        quoting: str | None = None,
        case: int | None = None,
    ) -> None:
        """Write a line, at times twice, late or overtaken, until the network has it."""
        with self._hand:
            self._count += 1
            wire_id = f"c{self.number[-6:]}.{self._count}"
            body = {"from": self.number, "chat": group or "bot", "text": text, "id": wire_id, "quoted_id": quoting}
            self._stumble()
            self.web.post("/messages", body)
            chat = f"g:{group}" if group else self.chat
            self.sheet.write(Written(wire_id, chat, self.number, text, purpose, case))
            if self.random.random() < REPEATED:
                self.web.post("/messages", body)
                self.sheet.count("said_again")

    def hears(self, beginning: str) -> None:
        """Wait for something new of the bot that begins so. Raises: Unanswered when it does not come."""
        until = time.monotonic() + self.patience
        while time.monotonic() < until and not self.hurry.is_set():
            self._cursor, lines = self.web.heard(self.number, "bot", self._cursor)
            if any(line["from"] == "bot" and line["text"].startswith(beginning) for line in lines):
                return
            self.rests(self.random.uniform(0.5, 1) * self.pace)
        raise Unanswered(f"esperó {self.patience:.0f} s una respuesta")

    def rests(self, seconds: float) -> None:
        self.hurry.wait(seconds)

    def _stumble(self) -> None:
        """What the network does with the next line, or with the next answer."""
        if self.random.random() < STUMBLES:
            kind = self.random.choice(["duplicate", "reorder", "delay"])
            self.web.post("/faults", {"kind": kind, "phone": self.number, "seconds": 1})
            self.sheet.count(kind)
        if self.random.random() < SILENCE:
            kind = self.random.choice(["send_timeout", "send_lost"])
            self.web.post("/faults", {"kind": kind, "phone": self.number, "seconds": self.random.uniform(0, 1)})
            self.sheet.count("no_answer")


def ask_the_machine(phone: Phone, plan: Plan) -> None:
    """Questions at random moments of the run, some in bursts."""
    moments = sorted(phone.random.uniform(0, plan.seconds) for _ in range(plan.lines))
    start = time.monotonic()
    for number, moment in enumerate(moments, start=1):
        if phone.random.random() > BURST:
            phone.rests(max(0.0, start + moment - time.monotonic()))
        phone.writes(phone.random.choice(QUESTIONS).format(n=number), Purpose.QUESTION)


def use_the_menu(phone: Phone, plan: Plan) -> None:
    """Ask for the menu, read it, choose: each line waits for the answer to the one before. Raises: Unanswered."""
    for number in range(plan.lines):
        phone.rests(phone.random.uniform(0, 1.5 * plan.seconds / plan.lines))
        phone.writes(str(phone.random.randint(1, OPTIONS)) if number % 2 else "menú", Purpose.QUESTION)
        phone.hears("")


def ask_for_a_person(phone: Phone, plan: Plan) -> None:
    """Wait in the queue, then talk to whoever greets. Raises: Unanswered."""
    phone.rests(phone.random.uniform(0, plan.seconds * 0.3))
    phone.writes(f"quiero hablar con una persona, soy el {phone.number[-4:]}", Purpose.OPENING)
    phone.hears(GREETING)
    for number in range(2, plan.lines + 1):
        if phone.random.random() > BURST:
            phone.rests(phone.random.uniform(0, 1.2 * plan.seconds / plan.lines))
        phone.writes(f"le cuento, parte {number} de {phone.number[-4:]}", Purpose.TO_AGENT)
