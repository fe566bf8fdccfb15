"""One run: an installation of its own, a crowd, a killer, and the account of everything at the end."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random

from tests.chaos.desk import WORDS_OF_AN_AGENT, Desk
from tests.chaos.history import Heard, History
from tests.chaos.killer import Keeper, Killer
from tests.chaos.people import Phone, ask_for_a_person, ask_the_machine, use_the_menu
from tests.chaos.plan import Plan
from tests.chaos.sheet import Sheet
from tests.chaos.web import Away, Web
from tests.end_to_end.live import Hands, Installation

ALREADY_RUNNING = "is already running"
REST = 150.0
"""Seconds in which something must move, or it never will: a killed process's lease lasts 30, a doubt holds 120."""


class CalledOff(Exception):
    """The run ended before its time: `faults` says why, or somebody asked."""


@dataclass
class Run:
    """What is known of a run while it goes and after it. `call_off` ends it soon, from any thread."""

    plan: Plan
    seed: int
    sheet: Sheet = field(default_factory=Sheet)
    deaths: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    clock: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._hurry = threading.Event()

    def call_off(self) -> None:
        self._hurry.set()

    def tell(self, folder: Path, database: str) -> History:
        """Run it on an empty database and read what came of it. Whatever happens, no process is left.

        Raises: CalledOff.
        """
        dispatchers = "2" if database.startswith("postgres") else "1"
        repeats = "1" if self.plan.refuses_repeats else "0"
        product = Installation(
            folder,
            database,
            hands="tests.chaos.hands",
            BOT_DISPATCHERS=dispatchers,
            SIMULATOR_REFUSES_REPEATS=repeats,
        )
        try:
            with self._timed("arranque"):
                product.start(world="load_crowd", screens=False, seats=self.plan.askers)
            assert product.hands is not None
            keeper = Keeper(product)
            keeping = self._thread("keeper", keeper.keep)
            web = Web(product.url, hurry=self._hurry)
            try:
                with self._timed("escritura"):
                    self._let_loose(product, web)
                with self._timed("reposo"):
                    self._comes_to_rest(product.hands)
                if self._hurry.is_set():
                    raise CalledOff
                history = self._account(product.hands, web)
                history.errors = errors_in(folder / "bot.log")
                return history
            except Away as error:
                raise (CalledOff() if self._hurry.is_set() else error) from error
            finally:
                self._hurry.set()
                keeper.stop.set()
                keeping.join()
                web.close()
        finally:
            product.stop()

    @contextmanager
    def _timed(self, what: str) -> Iterator[None]:
        start = time.monotonic()
        yield
        self.clock[what] = time.monotonic() - start

    def _let_loose(self, product: Installation, web: Web) -> None:
        """Everybody writes at once while the killer works; returns when all have written."""
        hands, panel = product.hands, product.more_hands()
        assert hands is not None
        over = threading.Event()
        try:
            crowd, killing = self._crowd(product, web, panel, over)
            while any(thread.is_alive() for thread in crowd):
                self._settle_doubts(hands)
                time.sleep(0.5)
            over.set()
            killing.join()
        finally:
            panel.stop()

    def _crowd(
        self, product: Installation, web: Web, panel: Hands, over: threading.Event
    ) -> tuple[list[threading.Thread], threading.Thread]:
        """Who writes, and who kills while they do. Each gets its dice from the seed, always in the same order."""
        random, plan = Random(self.seed), self.plan
        killer = Killer(product, Random(random.random()), partial(self._progress, over), self._hurry, self.deaths)
        desk = Desk(web, self.sheet, plan, Random(random.random()), self._hurry, panel)
        crowd = [self._thread("desk", desk.work)]
        for number in range(plan.phones):
            dice = Random(random.random())
            digits = f"5492617{700000 + number}"
            phone = Phone(digits, web, self.sheet, dice, self._hurry, plan.pace, plan.patience)
            crowd.append(self._thread(phone.number, partial(_talk(number, plan), phone, plan)))
        return crowd, self._thread("killer", lambda: killer.kill(bot=plan.bot_kills, web=plan.web_kills))

    def _progress(self, over: threading.Event) -> float:
        """How much of what will be written was: a line a phone and turn, a take of each agent and their words."""
        if over.is_set():
            return 1.0
        lines = self.plan.phones * self.plan.lines + self.plan.askers * (2 + WORDS_OF_AN_AGENT)
        return len(self.sheet.written) / lines

    def _settle_doubts(self, hands: Hands) -> bool:
        """Staff settle what only a person can. True while something was in doubt."""
        found = hands.do("settle_doubts")
        self.sheet.doubtful.update(found["doubtful"])
        self.sheet.resent.update(found["resent"])
        return bool(found["doubtful"])

    def _comes_to_rest(self, hands: Hands) -> None:
        """Wait until nothing is on its way, as long as what is left goes on falling."""
        until, before, quiet = 0.0, -1, 0
        while quiet < 3 and not self._hurry.is_set():
            in_doubt, left = self._settle_doubts(hands), hands.do("left_to_do")
            quiet = 0 if in_doubt or left else quiet + 1
            if left != before:
                until, before = time.monotonic() + REST, left
            if time.monotonic() > until:
                self.faults.append(f"no llegó a descansar: {left} cosas sin hacer desde hace {REST:.0f} s")
                return
            time.sleep(0.3)

    def _account(self, hands: Hands, web: Web) -> History:
        history = History(written=list(self.sheet.written), told_in_panel=dict(self.sheet.told_in_panel))
        for group in web.get("/groups"):
            history.heard[f"g:{group['id']}"] = _heard(web, group["members"][0]["phone"], group["id"])
        for chat in sorted({one.chat for one in history.written if one.chat.startswith("p:")}):
            history.heard[chat] = _heard(web, chat.removeprefix("p:"), "bot")
        history.read_tables(hands.do("tables"))
        return history

    def _thread(self, name: str, work: Callable[[], None]) -> threading.Thread:
        """A thread whose failure calls the run off and is told. What fails because it was called off is not."""

        def guarded() -> None:
            try:
                work()
            except Exception as error:  # noqa: BLE001 (told at the end, whatever it was)
                if not self._hurry.is_set():
                    self.faults.append(f"{name}: {type(error).__name__}: {error}")
                self._hurry.set()

        return _thread(name, guarded)


def errors_in(log: Path) -> list[str]:
    """What went wrong by the log. That a number is still held by a process that is just ending is as it should be."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return [line for line in lines if " ERROR " in line and ALREADY_RUNNING not in line]


def _thread(name: str, work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, name=name, daemon=True)
    thread.start()
    return thread


def _talk(number: int, plan: Plan) -> Callable[[Phone, Plan], None]:
    """Half want a person; of the others one in four reads the menu before choosing."""
    if number < plan.askers:
        return ask_for_a_person
    return use_the_menu if number % 4 == 0 else ask_the_machine


def _heard(web: Web, phone: str, chat: str) -> list[Heard]:
    """All that the bot ever said in a chat, page by page."""
    found: list[Heard] = []
    cursor, lines = web.heard(phone, chat, "0")
    while lines:
        found += [Heard(line["id"], line["text"]) for line in lines if line["from"] == "bot"]
        cursor, lines = web.heard(phone, chat, cursor)
    return found
