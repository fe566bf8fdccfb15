"""The promises of the flow, each read from a run's history. A check gives one sentence a broken promise.

Pure: `test_checks.py` feeds them doctored histories, so that each is known to see what it is for.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise

from tests.chaos.history import History, Line, Purpose
from tests.chaos.turns import turns_of

Check = Callable[[History], Iterator[str]]
OUT = ("sent", "delivered", "read")
CHATTY = 1  # replies and agents' lines keep their order; notices may be overtaken
REFUSAL = "Ya lo tomó"


def stored_once(history: History) -> Iterator[str]:
    """What the network accepted is one event and one line; nothing else is there."""
    events = Counter(event.wire_id for event in history.events if event.wire_id)
    lines: dict[str, list[Line]] = defaultdict(list)
    for line in history.incoming():
        lines[line.wire_id].append(line)
    for one in history.written:
        if events[one.id] != 1:
            yield f"{one.id} de {one.sender}: {events[one.id]} eventos guardados en lugar de 1"
        found = lines.pop(one.id, [])
        if len(found) != 1:
            yield f"{one.id} de {one.sender}: {len(found)} mensajes guardados en lugar de 1"
        elif (found[0].chat, found[0].text) != (one.chat, one.text):
            yield f"{one.id} de {one.sender}: se guardó otra cosa, «{found[0].text}» en {found[0].chat}"
    for unknown in lines:
        yield f"{unknown}: guardado, pero nadie lo escribió"


def handled(history: History) -> Iterator[str]:
    """Every event was run and none given up; only timers may wait, for their time."""
    for event in history.events:
        waits = event.state == "PENDING" and event.is_later and not event.wire_id
        if event.state != "DONE" and not waits:
            yield f"evento {event.id} ({event.kind} {event.wire_id}): quedó {event.state}"


def in_order(history: History) -> Iterator[str]:
    """Turns follow the order of acceptance; inside a burst, the provider's time and then the id."""
    accepted = {event.wire_id: (event.at, event.id) for event in history.events if event.wire_id}
    for chat, turns in turns_of(history).items():
        before = 0
        for turn in turns:
            places = [accepted[line.wire_id] for line in turn.lines if line.wire_id in accepted]
            if places and min(id_ for _, id_ in places) < before:
                yield f"{chat}: un turno se adelantó al anterior ({turn.lines[0].wire_id})"
            if not (places == sorted(places) if turn.is_one else _may_be_turns(places)):
                yield f"{chat}: mensajes leídos en otro orden ({', '.join(line.wire_id for line in turn.lines)})"
            before = max([before, *(id_ for _, id_ in places)])


def _may_be_turns(places: list[tuple[str, int]]) -> bool:
    """Lines of which nobody knows where one turn ended: each after the one before, by acceptance or by their time."""
    return all(first[1] < second[1] or first < second for first, second in pairwise(places))


def answered_once(history: History) -> Iterator[str]:
    """Each turn with the machine has one answer; asking for a person has one."""
    questions = history.chats_of(Purpose.QUESTION)
    openings = history.chats_of(Purpose.OPENING)
    spoken = Counter(line.chat for line in history.outgoing() if line.author == "bot")
    for chat, turns in turns_of(history).items():
        if chat in questions:
            for turn in turns:
                if turn.answers != 1:
                    yield f"{chat}: {turn.answers} respuestas al turno de {turn.lines[0].wire_id} en lugar de 1"
        elif chat in openings and spoken[chat] != 1:
            yield f"{chat}: {spoken[chat]} respuestas del bot al pedir una persona en lugar de 1"


def relayed_once(history: History) -> Iterator[str]:
    """Between customer and agent each line crosses once, to the other side, as it was written, in its order."""
    by_customer = {case.chat: case for case in history.cases}
    by_group = {case.group: case for case in history.cases if case.group}
    crossed: dict[int, list[Line]] = defaultdict(list)
    for line in history.outgoing():
        if line.relay_of is not None:
            crossed[line.relay_of].append(line)
    stored = {line.wire_id: line for line in history.incoming()}
    for one in history.written:
        line = stored.get(one.id)
        if line is None or one.purpose not in (Purpose.TO_AGENT, Purpose.TO_CUSTOMER):
            continue
        case = by_customer.get(one.chat) if one.purpose == Purpose.TO_AGENT else by_group.get(one.chat)
        target = (case.group if one.purpose == Purpose.TO_AGENT else case.chat) if case else None
        wanted = [(target, one.text)] if target else []
        found = [(relay.chat, relay.text) for relay in crossed[line.id]]
        if found != wanted:
            yield f"{one.id} de {one.chat}: reenviado {len(found)} veces ({found}) en lugar de {wanted}"
    last: dict[tuple[str, str], int] = defaultdict(int)
    chats = {line.id: line.chat for line in history.incoming()}
    for line in history.outgoing():
        if line.relay_of is not None:
            way = (chats.get(line.relay_of, ""), line.chat)
            if line.relay_of < last[way]:
                yield f"{line.chat}: el reenvío {line.id} pasó a otro escrito después"
            last[way] = line.relay_of


def delivered_once(history: History) -> Iterator[str]:
    """What we say left, phones show once, as it was written and in its order; and nothing that we do not know."""
    by_wire = {line.wire_id: line for line in history.outgoing() if line.wire_id}
    heard = Counter(one.id for lines in history.heard.values() for one in lines)
    for line in history.outgoing():
        if line.status not in OUT:
            yield f"mensaje {line.id} a {line.chat}: quedó {line.status}"
        elif heard[line.wire_id] != 1:
            yield f"mensaje {line.id} a {line.chat}: llegó {heard[line.wire_id]} veces"
    for chat, lines in history.heard.items():
        last = 0
        for one in lines:
            line = by_wire.get(one.id)
            if line is None:
                yield f"{chat}: recibió «{one.text[:40]}» ({one.id}), que no figura como enviado"
                continue
            if line.chat != chat or not one.text.startswith(line.text):  # a menu's options come after
                yield f"{chat}: recibió otra cosa que el mensaje {line.id}"
            if line.priority <= CHATTY:
                if line.id < last:
                    yield f"{chat}: el mensaje {line.id} llegó después de uno posterior"
                last = max(last, line.id)


def one_winner(history: History) -> Iterator[str]:
    """Each who asked has one case, with one owner; who came late was told so."""
    takes = Counter(one.case for one in history.written if one.purpose == Purpose.TAKE)
    whose = Counter(case.chat for case in history.cases)
    for chat in history.chats_of(Purpose.OPENING):
        if whose[chat] != 1:
            yield f"{chat}: {whose[chat]} casos en lugar de 1"
    for case in history.cases:
        owners = [owner for owner in (case.agent, case.user) if owner]
        if case.state != "en_progreso" or case.taken != 1 or len(owners) != 1:
            yield f"caso {case.number}: {case.state}, tomado {case.taken} veces, de {owners}"
        late = takes[case.number] - (1 if case.agent else 0)
        if case.refused != late:
            yield f"caso {case.number}: {case.refused} negativas en lugar de {late}"
        told = history.told_in_panel.get(case.number)
        if told is not None and (told == "") != bool(case.user):
            yield f"caso {case.number}: el panel dijo «{told}» y lo tiene {owners}"
    refused = sum(case.refused for case in history.cases)
    said = sum(line.text.count(REFUSAL) for line in history.outgoing() if line.chat.startswith("g:"))
    if said != refused:
        yield f"negativas: {refused} registradas, {said} dichas en el grupo"


def nothing_stuck(history: History) -> Iterator[str]:
    """No lane is held, due, or ready for nothing."""
    for key in history.stuck:
        yield f"carril {key}: quedó trabado"


def no_error(history: History) -> Iterator[str]:
    """Being killed is no error of the code, so nothing else may be in the log: a lane that a watchdog had to free is
    one that would have waited for it."""
    yield from history.errors


CHECKS: dict[str, Check] = {
    "guardados una vez": stored_once,
    "atendidos": handled,
    "en su orden": in_order,
    "respondidos una vez": answered_once,
    "reenviados una vez": relayed_once,
    "entregados una vez": delivered_once,
    "un ganador por caso": one_winner,
    "nada trabado": nothing_stuck,
    "sin errores en el registro": no_error,
}


def broken(history: History) -> dict[str, list[str]]:
    """The sentences of every check that found something."""
    found = {name: list(check(history)) for name, check in CHECKS.items()}
    return {name: sentences for name, sentences in found.items() if sentences}
