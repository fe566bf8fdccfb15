"""What a private message gets: the rules that `engine.py` tries in order. Each says whether it dealt with the turn."""

import re
from datetime import timedelta

from bot.actions.closing import offer_person
from bot.dialogue import handoff, memory, menus, reading, session
from bot.dialogue.handoff import hand_off, waiting_ticket
from bot.dialogue.hours import spoken_hours
from bot.flows.base import Then, collected, find_flow
from bot.rules import FaqCard
from bot.turn import AddToTicket, OptOut, Turn
from integrations.understanding.base import Intent
from integrations.understanding.words import fold

_TO_MENU = frozenset(("menu", "menu principal", "inicio", "volver al menu", "ir al menu", "salir"))
_TO_BACK = frozenset(("volver", "atras", "volver atras", "0"))
_TO_CANCEL = frozenset(("cancelar", "cancela", "cancelalo"))

_ACTIONS = {
    Intent.BALANCE: "balance",
    Intent.INVOICE: "invoice",
    Intent.PAY: "pay",
    Intent.ALREADY_PAID: "already_paid",
    Intent.NO_INTERNET: "report_problem",
    Intent.SLOW_INTERNET: "report_problem",
    Intent.PROBLEM: "report_problem",
    Intent.SALES: "sales",
    Intent.MENU: "menu",
    Intent.BACK: "back",
}
_ASK_PEOPLE = {
    Intent.MOVE: ("move", "support"),
    Intent.CANCEL_SERVICE: ("cancel_service", "support"),
    Intent.PLAN_CHANGE: ("plan_change", "sales"),
    Intent.PROMISE: ("promise", "support"),
    Intent.VISIT: ("visit", "support"),
}
# Where a frequent question that fits may answer instead: nothing better is known for these.
_FAQ_FIRST = reading.COURTESIES | {None, Intent.SALES, Intent.WIFI_PASSWORD, Intent.VISIT, Intent.PLAN_CHANGE}
_NEVER_FAQ = reading.TROUBLE | {Intent.HUMAN, Intent.ALREADY_PAID}
_VERBATIM = 0.9
_QUESTION_WORDS = frozenset(("que", "cuanto", "cuanta", "cuantos", "cuando", "como", "cual", "cuales", "donde", "es"))
_SALESPEOPLE = frozenset(("ventas", "venta", "vendedor", "vendedora", "comercial"))
_ASKS_HOURS = re.compile(
    r"\bhorarios?\b.*\b(?:atencion|atienden|oficina|tienen|abren|trabajan)\b|^horarios?$"
    r"|\b(?:a|hasta) que hora (?:abren|cierran|atienden)\b|\bque dias (?:abren|atienden|trabajan)\b"
    r"|\b(?:abren|atienden|trabajan) (?:hoy|manana|los|el|feriados)\b"
)
_ASKS_PLANS = re.compile(
    r"\b(?:planes|precios?|tarifas?|promo(?:s|cion|ciones)?|ofertas?|descuentos?)\b"
    r"|\bcuanto (?:sale|cuesta|vale|cobran)\b"
)
_LAUGHTER = re.compile(r"(?=[aei ]*j[aei])[aeij ]{2,60}|k{3,}|xd+")
_STICKER_EVERY = timedelta(minutes=10)


def subscription(turn: Turn) -> bool:
    """«BAJA» and «ALTA»: campaigns only (SC-24)."""
    wanted = reading.intent(turn, 0.9)
    if wanted not in (Intent.OPT_OUT, Intent.OPT_IN):
        return False
    out = wanted is Intent.OPT_OUT
    turn.do(OptOut(out))
    turn.say("optout.out" if out else "optout.in")
    return True


def way_out(turn: Turn) -> bool:
    """«menú», «volver», «0» and «cancelar» work everywhere."""
    said = fold(turn.text)
    if said == "0" and _answers_with_numbers(turn):
        return False
    if said in _TO_CANCEL and turn.state.flow:
        turn.state.leave_flow()
        turn.say("collect.cancelled")
        turn.offer("menu")
        return True
    if said in _TO_MENU or said in _TO_BACK:
        in_flow = bool(turn.state.flow)
        turn.state.leave_flow()
        menus.perform(turn, "menu" if said in _TO_MENU or in_flow else "back")
        return True
    return False


def a_person(turn: Turn) -> bool:
    """Whoever asks for a person gets one, whatever was going on (SC-20)."""
    if not reading.wants(turn, Intent.HUMAN, 0.8) or reading.picks_exactly(turn):
        return False
    area = "support" if _SALESPEOPLE.isdisjoint(reading.understood(turn).folded.split()) else "sales"
    hand_off(turn, subject=_subject(turn), area=area, data=collected(turn))
    return True


def anger(turn: Turn) -> bool:
    """Offer a person first; the second time, or after steps that did not help, do not ask."""
    serves_itself = reading.intent(turn) in reading.SELF_SERVICE
    if not reading.is_angry(turn) or waiting_ticket(turn) or serves_itself or reading.picks_exactly(turn):
        return False
    flow = find_flow(turn.state.flow)
    if flow is not None and flow.name != "troubleshoot":
        return False
    session.skip_greeting(turn)
    if flow is not None or turn.state.memory.get("angry"):
        hand_off(turn, subject=_subject(turn), data=collected(turn))
        return True
    turn.state.memory["angry"] = True
    offer_person(turn, "human.angry_offer")
    return True


def flow_in_course(turn: Turn) -> bool:
    """The answer to what was asked last."""
    flow = find_flow(turn.state.flow)
    if flow is None:
        return False
    if flow.asks_data and any((line.choice or "say:").partition(":")[0] != "say" for line in turn.lines):
        turn.state.leave_flow()  # a button of an older message
        return False
    answer = flow.steps[turn.state.step](turn)
    if isinstance(answer, Then):
        menus.go_on(turn, answer)
        return True
    if not answer:
        turn.state.leave_flow()
    return answer


def waiting(turn: Turn) -> bool:
    """While the case waits, the menu and self-service work; the rest joins the case (SC-22)."""
    ticket = waiting_ticket(turn)
    if ticket is None or _serves_itself(turn):
        return False
    if reading.wants(turn, Intent.STATUS):
        turn.say("waiting.status", numero=ticket.number, area=turn.rules.text(f"area.{ticket.area}"))
        return True
    turn.do(AddToTicket(ticket.id))
    if memory.once_every(turn.state, "added_at", turn.now, handoff.ACK_EVERY):
        turn.say("waiting.added", numero=ticket.number)
    return True


def choice(turn: Turn) -> bool:
    """An option of those on screen."""
    return menus.choose(turn, reading.picked(turn))


def frequent_question(turn: Turn) -> bool:
    """A question that staff wrote the answer to."""
    read = reading.understood(turn)
    wanted = reading.intent(turn)
    faq = turn.rules.faqs.get(read.faq_key or "")
    if wanted is Intent.WIFI_PASSWORD:
        faq = faq or turn.rules.faq("clave-wifi")
    if faq is None or wanted in _NEVER_FAQ or (wanted not in _FAQ_FIRST and read.faq_score < _VERBATIM):
        return False
    if wanted is Intent.SALES and not _is_question(turn):
        return False  # «quiero contratar» wants it, «¿qué necesito para contratar?» asks about it
    if wanted is Intent.SALES and _asks_plans(turn) and read.faq_score < _VERBATIM:
        return False  # «cuánto sale internet» is not «¿cuánto sale la instalación?»
    _tell_faq(turn, faq)
    return True


def opening_hours(turn: Turn) -> bool:
    """«¿A qué hora abren?»"""
    if not _ASKS_HOURS.search(reading.understood(turn).folded):
        return False
    turn.say_text(spoken_hours(turn.rules))
    return True


def request(turn: Turn) -> bool:
    """What the text asks for, menu or no menu."""
    wanted = reading.intent(turn)
    if wanted is None:
        return False
    if wanted is Intent.INVOICE and "vence" in reading.understood(turn).folded:
        wanted = Intent.BALANCE
    if wanted is Intent.SALES and _asks_plans(turn):
        menus.perform(turn, "plans")
        return True
    if wanted is Intent.SALES and turn.customer is not None:
        wanted = Intent.PLAN_CHANGE  # they have the service already
    if wanted in _ACTIONS:
        menus.perform(turn, _ACTIONS[wanted])
        return True
    if wanted in _ASK_PEOPLE:
        name, area = _ASK_PEOPLE[wanted]
        intro = turn.rules.text(f"request.{name}")
        hand_off(turn, subject=turn.rules.text(f"subject.{name}"), area=area, intro=intro)
        return True
    if wanted is Intent.STATUS:
        turn.say("waiting.none")
        turn.offer("human", "menu")
        return True
    return False


def small_talk(turn: Turn) -> bool:
    """Hello, thanks, goodbye, and a yes or no to what the bot offered."""
    wanted = reading.intent(turn, 0.5)
    asked = turn.state.memory.get("asked") or {}
    if wanted in (Intent.YES, Intent.NO) and (code := asked.get("yes" if wanted is Intent.YES else "no")):
        menus.perform(turn, str(code))
    elif wanted is Intent.GREETING and len(turn.text.split()) <= 8:
        _say_hello(turn)
    elif wanted in (Intent.THANKS, Intent.FIXED):
        turn.say("talk.thanks" if wanted is Intent.THANKS else "talk.glad")
    elif wanted is Intent.BYE:
        turn.say("talk.bye")
    elif wanted in (Intent.YES, Intent.NO):
        turn.say("talk.ok" if wanted is Intent.YES else "talk.fine")
    elif wanted is Intent.STILL_SAME:
        offer_person(turn)
    else:
        return False
    turn.state.memory["ladder"] = 0
    return True


def files_and_places(turn: Turn) -> bool:
    """What comes without words (laughter is none) and nobody asked for."""
    if not reading.is_wordless(turn) and not _LAUGHTER.fullmatch(reading.understood(turn).folded):
        return False
    if reading.files(turn):
        _offer_reader(turn)
    elif reading.has_audio(turn):
        turn.say("media.audio")
    elif any(line.location for line in turn.lines):
        turn.say("media.location")
        turn.offer("menu", "human")
    elif memory.once_every(turn.state, "sticker_at", turn.now, _STICKER_EVERY):
        turn.say("talk.sticker")
    return True


def lost(turn: Turn) -> bool:
    """Not understood: other words, then the options, then a person."""
    if reading.files(turn):
        _offer_reader(turn)
        return True
    rung = memory.number(turn.state, "ladder")
    turn.state.memory["ladder"] = rung + 1
    if turn.state.memory.get("late"):
        menus.show_root(turn, turn.rules.text("lost.late"))
    elif rung == 0 and reading.understood(turn).number is not None:
        menus.show_root(turn)  # a number, and no list on screen any more
    elif rung == 0:
        turn.say("lost.rephrase")
    elif rung == 1:
        menus.show_root(turn, turn.rules.text("lost.options"))
    else:
        hand_off(turn, subject=turn.rules.text("subject.lost"), intro=turn.rules.text("lost.person"))
    return True


def _subject(turn: Turn) -> str:
    """What the case is about: the flow in course, else that they want a person."""
    data = turn.state.data
    if turn.state.flow == "troubleshoot":
        return turn.rules.text("problem.subject_slow" if data.get("kind") == "slow" else "problem.subject_no_internet")
    return str(data.get("subject") or turn.rules.text("subject.human"))


def _asks_plans(turn: Turn) -> bool:
    """Whether it is about plans, prices or promotions, and there is something to tell."""
    return bool(turn.rules.shop.plans) and _ASKS_PLANS.search(reading.understood(turn).folded) is not None


def _is_question(turn: Turn) -> bool:
    return "?" in turn.text or not _QUESTION_WORDS.isdisjoint(reading.understood(turn).folded.split())


def _serves_itself(turn: Turn) -> bool:
    """Whether the message is for the bot, and not more about the case that waits."""
    if reading.picks_exactly(turn) or reading.intent(turn, reading.SURE) in reading.SELF_SERVICE:
        return True
    return bool(turn.state.memory.get("asked")) and reading.intent(turn) in (Intent.YES, Intent.NO)


def _answers_with_numbers(turn: Turn) -> bool:
    """Whether «0» may be the answer to what a flow asked."""
    fields = turn.state.data.get("fields") or []
    place = len(turn.state.data.get("answers") or [])
    return place < len(fields) and fields[place][2] == "number"


def _tell_faq(turn: Turn, faq: FaqCard) -> None:
    turn.state.memory["ladder"] = 0
    turn.say_text(turn.rules.filled(faq.answer))
    if faq.area == "sales":
        if turn.customer is None:
            turn.offer("sales", "menu")
        return
    turn.say("faq.helped")
    turn.offer("glad", "not_helped")
    turn.state.memory["asking"] = {"yes": "glad", "no": "not_helped"}


def _say_hello(turn: Turn) -> None:
    """«Hola María 👋 ¿En qué te ayudo?» and the root menu; without the name when it was said already."""
    first = session.is_first(turn)
    session.skip_greeting(turn)
    hello = session.hello(turn) if first else turn.rules.text("greeting.again")
    menus.show_root(turn, f"{hello} {menus.begin_anew(turn).text}".strip())


def _offer_reader(turn: Turn) -> None:
    turn.say("media.file")
    turn.offer("show_file", "fine")
    turn.state.memory["asking"] = {"yes": "show_file", "no": "fine"}
