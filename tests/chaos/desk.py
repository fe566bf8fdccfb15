"""Two agents and a panel race for every case, and whoever wins it writes to the customer."""

import re
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from random import Random

from tests import cast
from tests.chaos.history import Purpose
from tests.chaos.people import GREETING, Phone
from tests.chaos.plan import Plan
from tests.chaos.sheet import Sheet
from tests.chaos.web import Web
from tests.end_to_end.live import Hands

WORDS_OF_AN_AGENT = 3
FROM_THE_PANEL = 0.4
_NOTICE = re.compile(r"Nuevo Ticket.*_Ticket #(\d+)", re.DOTALL)


class Desk:
    """Juan and Ana at their phones, and Olga at the panel; each case is announced in «Soporte»."""

    def __init__(
        self, web: Web, sheet: Sheet, plan: Plan, random: Random, hurry: threading.Event, panel: Hands
    ) -> None:
        self._web, self._sheet, self._plan, self._random, self._panel = web, sheet, plan, random, panel
        self._hurry = hurry
        self._panel_lock = threading.Lock()
        self._asked: list[Future[None]] = []
        self._juan = self._phone(cast.JUAN)
        self._ana = self._phone(cast.ANA)
        self._queue = next(group["id"] for group in web.get("/groups") if group["name"] == "Soporte")

    def work(self) -> None:
        """Until every case was raced for and every winner spoke, or the run is called off."""
        greeted = threading.Semaphore(0)
        with ThreadPoolExecutor(8, thread_name_prefix="desk") as pool:
            over = threading.Event()
            seats = [pool.submit(self._attend, phone, greeted, over) for phone in (self._juan, self._ana)]
            self._watch(pool, greeted)
            for _ in range(self._plan.askers):
                while not greeted.acquire(timeout=0.5) and not self._hurry.is_set():
                    pass
            over.set()
            for work in [*seats, *self._asked]:
                work.result()

    def _watch(self, pool: ThreadPoolExecutor, greeted: threading.Semaphore) -> None:
        """Read the queue and set a race off for each notice."""
        cursor: str | None = "0"
        seen: set[int] = set()
        while len(seen) < self._plan.askers and not self._hurry.is_set():
            cursor, lines = self._web.heard(self._juan.number, self._queue, cursor)
            for line in lines:
                found = _NOTICE.search(line["text"]) if line["from"] == "bot" else None
                if found and (number := int(found[1])) not in seen:
                    seen.add(number)
                    self._race(pool, number, line["id"], greeted)
            self._hurry.wait(0.3)

    def _race(self, pool: ThreadPoolExecutor, case: int, notice: str, greeted: threading.Semaphore) -> None:
        for phone in (self._juan, self._ana):
            quoted = self._random.random() < 0.7
            text = f"lo tomo, va el {case}" if quoted else f"tomo {case}"
            self._asked.append(pool.submit(self._takes, phone, text, notice if quoted else None, case))
        if self._random.random() < FROM_THE_PANEL:
            wait = self._random.uniform(0, 1.0)
            self._asked.append(pool.submit(self._takes_in_panel, case, wait, greeted))

    def _takes(self, phone: Phone, text: str, quoting: str | None, case: int) -> None:
        phone.writes(text, Purpose.TAKE, group=self._queue, quoting=quoting, case=case)

    def _takes_in_panel(self, case: int, wait: float, greeted: threading.Semaphore) -> None:
        self._hurry.wait(wait)
        with self._panel_lock:
            told = self._panel.do("take_in_panel", number=case)
            self._sheet.panel(case, told)
            if told:
                return
            for number in range(1, WORDS_OF_AN_AGENT + 1):
                self._panel.do("reply_from_panel", number=case, text=f"{GREETING} Olga desde el panel, parte {number}")
        greeted.release()

    def _attend(self, phone: Phone, greeted: threading.Semaphore, over: threading.Event) -> None:
        """Greet in every personal group where a case appears."""
        spoken: set[str] = set()
        while not over.is_set() and not self._hurry.is_set():
            for chat in self._web.get("/chats", phone=phone.number):
                if chat["chat"] in spoken or not chat["name"].startswith("Chat soporte") or not chat["last"]:
                    continue
                spoken.add(chat["chat"])
                for number in range(1, WORDS_OF_AN_AGENT + 1):
                    text = f"{GREETING} {phone.number[-2:]} en {chat['name']}, parte {number}"
                    phone.writes(text, Purpose.TO_CUSTOMER, group=chat["chat"])
                greeted.release()
            self._hurry.wait(1.0)

    def _phone(self, person: cast.Person) -> Phone:
        return Phone(person.phone, self._web, self._sheet, Random(self._random.random()), self._hurry)
