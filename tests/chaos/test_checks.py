"""The checks of `make chaos` see what they are for: a true history passes, and each doctored one is reported."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.chaos.checks import broken
from tests.chaos.history import Case, Event, Heard, History, Line, Purpose, Written
from tests.chaos.turns import turns_of

MARIA, LUCIA = "p:5492612345678", "p:5492617778899"
QUEUE, SEAT = "g:soporte", "g:juan-1"
JUAN = "5492615550101"


def told() -> History:
    """María asks twice in one burst and once more; Lucía wants a person: Juan wins her case and they talk."""
    history = History()
    _writes(history, 1, MARIA, "menú", Purpose.QUESTION)
    _writes(history, 2, MARIA, "¿Es fibra?", Purpose.QUESTION)
    _answers(history, 3, MARIA, "Sí, es fibra")
    _writes(history, 4, MARIA, "¿A qué hora abren?", Purpose.QUESTION)
    _answers(history, 5, MARIA, "Siempre")
    _writes(history, 6, LUCIA, "quiero una persona", Purpose.OPENING)
    _answers(history, 7, LUCIA, "Ya le avisé al equipo")
    _answers(history, 8, QUEUE, "🚨 Nuevo Ticket")
    _writes(history, 9, QUEUE, "va", Purpose.TAKE, sender=JUAN, case=1)
    _answers(history, 10, QUEUE, "✅ Juan ha tomado el caso")
    _writes(history, 11, QUEUE, "lo tomo", Purpose.TAKE, sender="5492615550102", case=1)
    _answers(history, 12, QUEUE, "Ya lo tomó Juan.")
    _writes(history, 13, SEAT, "Te atiende Juan", Purpose.TO_CUSTOMER, sender=JUAN)
    _answers(history, 14, LUCIA, "Te atiende Juan", relay_of=13, author="agent")
    _writes(history, 15, LUCIA, "le cuento", Purpose.TO_AGENT)
    _writes(history, 16, LUCIA, "una cosa más", Purpose.TO_AGENT)
    _answers(history, 17, SEAT, "le cuento", relay_of=15, author="contact")
    _answers(history, 18, SEAT, "una cosa más", relay_of=16, author="contact")
    history.cases = [Case(1, LUCIA, "en_progreso", SEAT, "Juan Pérez", None, taken=1, refused=1)]
    history.told_in_panel = {1: "Ya lo tomó Juan."}
    return history


def _writes(
    history: History,
    id_: int,
    chat: str,
    text: str,
    purpose: Purpose,
    *,
    sender: str | None = None,
    case: int | None = None,
) -> None:
    wire, sender = f"c{id_}", sender or chat.removeprefix("p:")
    history.written.append(Written(wire, chat, sender, text, purpose, case))
    history.events.append(Event(id_, wire, "message", "DONE", f"2026-11-24T10:00:{id_:02d}", is_later=False))
    history.lines.append(Line(id_, chat, True, "contact", text, wire, "received", 0, None))


def _answers(
    history: History, id_: int, chat: str, text: str, *, relay_of: int | None = None, author: str = "bot"
) -> None:
    history.lines.append(Line(id_, chat, False, author, text, f"w{id_}", "read", int(relay_of is not None), relay_of))
    history.heard.setdefault(chat, []).append(Heard(f"w{id_}", text))


def _change(rows: list, id_: int, **values: object) -> None:
    place = next(index for index, row in enumerate(rows) if row.id == id_)
    rows[place] = replace(rows[place], **values)


def _drop(rows: list, id_: object) -> None:
    rows[:] = [row for row in rows if row.id != id_]


def _swap(rows: list, first: int, second: int) -> None:
    """Two lines as if the second had been applied first: what was said is the same, only the order changes."""
    ids = {first: second, second: first}
    rows[:] = sorted((replace(row, id=ids.get(row.id, row.id)) for row in rows), key=lambda row: row.id)


def test_a_true_history_breaks_no_promise():
    history = told()
    assert broken(history) == {}
    assert [len(turn.lines) for turn in turns_of(history)[MARIA]] == [2, 1]
    assert [len(turn.lines) for turn in turns_of(history)[LUCIA]] == [1, 2]


DOCTORED: dict[str, tuple[str, Callable[[History], object]]] = {
    "a line that was never stored": ("guardados una vez", lambda h: _drop(h.lines, 4)),
    "an event that was never stored": ("guardados una vez", lambda h: _drop(h.events, 4)),
    "a line stored twice": ("guardados una vez", lambda h: h.lines.append(replace(h.lines[3], id=30))),
    "an event stored twice": ("guardados una vez", lambda h: h.events.append(replace(h.events[2], id=30))),
    "a line stored as another": ("guardados una vez", lambda h: _change(h.lines, 4, text="¿Es cara?")),
    "a line of somebody else": ("guardados una vez", lambda h: _change(h.lines, 4, chat=LUCIA)),
    "a line nobody wrote": ("guardados una vez", lambda h: h.lines.append(replace(h.lines[3], id=30, wire_id="zz"))),
    "an event left pending": ("atendidos", lambda h: _change(h.events, 4, state="PENDING")),
    "a message that waits for its time": (
        "atendidos",
        lambda h: _change(h.events, 4, state="PENDING", is_later=True),
    ),
    "a dead letter": ("atendidos", lambda h: _change(h.events, 4, state="DEAD")),
    "a timer that never ran": (
        "atendidos",
        lambda h: h.events.append(Event(30, "", "escalate", "PENDING", "", is_later=False)),
    ),
    "a turn before an earlier one": ("en su orden", lambda h: (_change(h.events, 4, id=0), h.events.sort(key=_id))),
    "a burst read backwards": ("en su orden", lambda h: _change(h.events, 1, at="2026-11-24T10:00:59")),
    "lines of two agents changed": ("en su orden", lambda h: _swap(h.events, 9, 11)),
    "a turn without an answer": ("respondidos una vez", lambda h: (_drop(h.lines, 5), _drop(h.heard[MARIA], "w5"))),
    "a turn answered twice": ("respondidos una vez", lambda h: _answers(h, 30, MARIA, "Siempre")),
    "a turn answered twice in the middle": ("respondidos una vez", lambda h: _change(h.lines, 4, id=30)),
    "a person promised twice": ("respondidos una vez", lambda h: _answers(h, 30, LUCIA, "Ya le avisé al equipo")),
    "a line never relayed": ("reenviados una vez", lambda h: (_drop(h.lines, 18), _drop(h.heard[SEAT], "w18"))),
    "a line relayed twice": ("reenviados una vez", lambda h: _answers(h, 30, SEAT, "le cuento", relay_of=15)),
    "a line relayed to another": ("reenviados una vez", lambda h: _change(h.lines, 14, chat=MARIA)),
    "relays changed of place": ("reenviados una vez", lambda h: _swap(h.lines, 17, 18)),
    "a message that never left": ("entregados una vez", lambda h: _change(h.lines, 5, status="queued")),
    "a message left half sent": ("entregados una vez", lambda h: _change(h.lines, 5, status="sending")),
    "a doubt that nobody settled": ("entregados una vez", lambda h: _change(h.lines, 5, status="uncertain")),
    "a message that never arrived": ("entregados una vez", lambda h: _drop(h.heard[MARIA], "w5")),
    "a message that arrived twice": (
        "entregados una vez",
        lambda h: h.heard[MARIA].append(Heard("w99", "Siempre")),
    ),
    "the same message seen twice": ("entregados una vez", lambda h: h.heard[MARIA].append(h.heard[MARIA][-1])),
    "a message in another chat": ("entregados una vez", lambda h: h.heard[LUCIA].append(h.heard[MARIA].pop())),
    "another text than ours": ("entregados una vez", lambda h: _change(h.heard[MARIA], "w5", text="Nunca")),
    "answers that arrived changed": ("entregados una vez", lambda h: h.heard[MARIA].reverse()),
    "a case with two owners": ("un ganador por caso", lambda h: _case(h, user="Olga")),
    "a case taken twice": ("un ganador por caso", lambda h: _case(h, taken=2)),
    "a case nobody has": ("un ganador por caso", lambda h: _case(h, state="pendiente", agent=None, taken=0)),
    "two cases of one person": ("un ganador por caso", lambda h: h.cases.append(replace(h.cases[0], number=2))),
    "a loser who was not told": (
        "un ganador por caso",
        lambda h: (_drop(h.lines, 12), _drop(h.heard[QUEUE], "w12")),
    ),
    "a refusal that was not kept": ("un ganador por caso", lambda h: _case(h, refused=0)),
    "a panel that was told it won": ("un ganador por caso", lambda h: h.told_in_panel.update({1: ""})),
    "a lane that is held": ("nada trabado", lambda h: h.stuck.append("1:p:2612345678")),
    "a lane that the watchdog freed": (
        "sin errores en el registro",
        lambda h: h.errors.append("ERROR 1 lanes had lost their turn and got it back"),
    ),
}


def _id(row: Event) -> int:
    return row.id


def _case(history: History, **values: object) -> None:
    history.cases[0] = replace(history.cases[0], **values)


@pytest.mark.parametrize("what", DOCTORED)
def test_a_doctored_history_is_reported(what: str):
    name, doctor = DOCTORED[what]
    history = told()
    doctor(history)
    assert broken(history).get(name), f"nobody saw {what}"


def test_a_burst_that_arrived_overtaken_is_read_by_the_time_of_who_wrote_it():
    history = told()
    _change(history.events, 1, id=3)  # accepted after the second line, written before it
    assert broken(history) == {}


def test_a_case_attended_in_the_panel_relays_nothing():
    history = told()
    for id_ in (17, 18):
        _drop(history.lines, id_)
    history.heard.pop(SEAT)
    _case(history, group=None, agent=None, user="Olga", refused=2)
    history.lines.append(replace(history.lines[11], id=30, wire_id="w30", text="Ya lo tomó Olga."))
    history.heard[QUEUE].append(Heard("w30", "Ya lo tomó Olga."))
    history.told_in_panel = {1: ""}
    found = broken(history)
    assert found == {"reenviados una vez": found.get("reenviados una vez")}
    assert all("c13" in sentence for sentence in found["reenviados una vez"])  # Juan's line is of no case now
