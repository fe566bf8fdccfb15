"""Who is writing from an unknown phone (SC-02): a DNI or client number, plus one more datum.

The second datum is asked whether or not the first one exists, and a wrong pair sounds the same as an unknown one, so
nobody can learn here who is a customer. The owner of a phone on file only has to say which account is meant. Failures
count for an hour, whatever else is talked about in between.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from bot.dialogue import memory
from bot.dialogue.handoff import hand_off
from bot.flows.base import Answer, Flow, Then
from bot.turn import CustomerCard, LinkCustomer, State, Turn
from integrations.understanding.documents import is_valid_cuit, parse_cuit, parse_dni
from integrations.understanding.phones import find_phone, phone_key
from integrations.understanding.words import fold

FAILURES = 3
COUNTED = timedelta(hours=1)

_UNPROVED = "unproved"
_TERMS_MAX = 12
_CODE = re.compile(r"[A-Za-z]{0,6}[-/]?[0-9][A-Za-z0-9/-]{0,18}")
_NAMED_CODE = re.compile(
    r"(?:cliente|abonado|socio|usuario)\s*(?:n[°º.ro]*|numero|número|nro)?\s*(?:es|:)?\s*"
    r"([A-Za-z]{0,6}[-/]?[0-9][A-Za-z0-9/-]{0,18})",
    re.IGNORECASE,
)
_PREFIXES = ("20", "23", "24", "27")


def lookup_terms(state: State, text: str) -> tuple[str, ...]:
    """The documents and client numbers that the shell must look up before the turn runs.

    Outside the flow only what is plainly a DNI or a «cliente N.º …» counts; inside it anything that may be one.
    """
    terms = list(_kept(state)) + list(_documents(text))
    terms += _codes(text) if state.flow == FLOW.name else _NAMED_CODE.findall(text)
    every = [spelling for term in terms for spelling in (term, term.upper())]
    return tuple(dict.fromkeys(every))[:_TERMS_MAX]


def begin(turn: Turn, *, then: str, menu: str = "", option: str = "") -> None:
    """Ask who they are, unless they already said it; `then` is the action to go on with."""
    if len(_failures(turn)) >= FAILURES:
        _give_up(turn)
        return
    FLOW.enter(turn, "who", then=then, menu=menu, option=option, asked=turn.text[:400], claims=[], how="")
    if not _claim(turn, named_only=True):
        turn.say("identify.ask")
        return
    if not _prove(turn):
        _ask_proof(turn)


def who(turn: Turn) -> Answer:
    """The first datum. The second may come in the same message."""
    if not _claim(turn):
        return _failed(turn, "identify.ask_again")
    if _prove(turn):
        return _then(turn)
    _ask_proof(turn)
    return True


def proof(turn: Turn) -> Answer:
    """The second datum. Whatever does not match counts as a failure, and the talk goes back to the first one."""
    if _prove(turn):
        return _then(turn)
    if not any(char.isdigit() for char in turn.text):
        return _failed(turn, f"identify.proof_{turn.state.data['how']}")
    turn.state.step = "who"
    turn.state.data["claims"] = []
    return _failed(turn, "identify.wrong")


def finished(turn: Turn) -> Then | None:
    """What to go on with when the customer identified themselves in the same message that asked for it."""
    if turn.state.flow == FLOW.name and turn.state.step == "done":
        return _then(turn)
    return None


def _then(turn: Turn) -> Then:
    data = turn.state.data
    turn.state.leave_flow()
    return Then(str(data["then"]), str(data["menu"]), str(data["option"]), str(data["asked"]))


def _failed(turn: Turn, sentence: str) -> Answer:
    failures = [*_failures(turn), turn.now.isoformat()]
    turn.state.memory[_UNPROVED] = failures
    if len(failures) >= FAILURES:
        _give_up(turn)
    else:
        turn.say(sentence)
    return True


def _failures(turn: Turn) -> list[str]:
    return memory.recent(turn.state, _UNPROVED, turn.now, COUNTED)


def _give_up(turn: Turn) -> None:
    hand_off(turn, subject=turn.rules.text("subject.identify"), intro=turn.rules.text("identify.gave_up"))


def _claim(turn: Turn, *, named_only: bool = False) -> bool:
    """Keep the DNI or client number that they say is theirs."""
    data = turn.state.data
    documents = list(_documents(turn.text))
    codes = _NAMED_CODE.findall(turn.text) if named_only else _codes(turn.text)
    if not documents and not codes:
        return False
    data["how"] = "document" if documents else "code"
    data["claims"] = (documents or codes)[:_TERMS_MAX]
    return True


def _ask_proof(turn: Turn) -> None:
    turn.state.step = "proof"
    turn.say(f"identify.proof_{turn.state.data['how']}")


def _prove(turn: Turn) -> bool:
    """Whether one customer alone is meant and proved; then they are the turn's customer."""
    claimed = [one for one in turn.candidates if _is_claimed(one, _kept(turn.state))]
    mine = phone_key(turn.contact.phone) if turn.contact is not None else None
    own = [one for one in claimed if mine and mine in one.phone_keys]
    proved = own or [one for one in claimed if _is_proved(turn, one)]
    if len({one.id for one in proved}) != 1:
        return False
    turn.customer = replace(proved[0], verified=True)
    turn.do(LinkCustomer(turn.customer.id, verified=True))
    turn.say("identify.done", nombre=turn.customer.first_name)
    turn.state.memory.pop(_UNPROVED, None)
    turn.state.step = "done"
    return True


def _is_claimed(customer: CustomerCard, claims: Iterable[str]) -> bool:
    folded = {fold(claim) for claim in claims}
    return bool(customer.document and customer.document in folded) or fold(customer.code) in folded


def _is_proved(turn: Turn, customer: CustomerCard) -> bool:
    """Whether the text has a datum of this customer other than the one that was claimed."""
    text, how = turn.text, turn.state.data["how"]
    claims = {fold(claim) for claim in _kept(turn.state)}  # the same datum twice proves nothing
    if how != "code" and fold(customer.code) in {fold(code) for code in _codes(text)} - claims:
        return True
    if how != "document" and customer.document and customer.document in {*_documents(text)} - claims:
        return True
    phone = find_phone(text, turn.rules.default_area)
    if phone is not None and phone.key in customer.phone_keys:
        return True
    return any(_is_address(text, service.address) for service in customer.services)


def _is_address(text: str, address: str) -> bool:
    """Street and number, in any order and with more around; the number must be there."""
    said = set(fold(text).split())
    words = fold(address).split()
    numbers = [word for word in words if word.isdigit()]
    names = [word for word in words if not word.isdigit() and len(word) > 3]
    return bool(numbers and names) and numbers[0] in said and any(name in said for name in names)


def _kept(state: State) -> list[str]:
    return [str(claim) for claim in state.data.get("claims", ())] if state.flow == FLOW.name else []


def _documents(text: str) -> tuple[str, ...]:
    """The documents written in a text: DNI, CUIT, and the CUITs that a DNI may be filed under."""
    cuit, dni = parse_cuit(text), parse_dni(text)
    found = [one for one in (cuit, dni) if one]
    return tuple(dict.fromkeys([*found, *(_cuits_of(dni) if dni else ())]))


def _cuits_of(dni: str) -> list[str]:
    bodies = [prefix + dni.zfill(8) for prefix in _PREFIXES]
    return [f"{body}{check}" for body in bodies for check in range(10) if is_valid_cuit(f"{body}{check}")]


def _codes(text: str) -> list[str]:
    words = re.split(r"[\s,;]+", text[:400])
    return [word for word in (one.strip(".:#()") for one in words) if _CODE.fullmatch(word)]


FLOW = Flow("identify", 1, timedelta(minutes=30), {"who": who, "proof": proof}, asks_data=True)
