"""Passing the chat to people: at once in hours, at the reopening otherwise, never twice (ISPBOT-HRS, AMB-26)."""

from datetime import datetime, timedelta

from bot.dialogue import memory, reading, session
from bot.flows.base import Pairs
from bot.turn import AddToTicket, OpenTicket, TicketCard, Turn
from integrations.understanding.base import Sentiment
from integrations.understanding.blanks import fill
from integrations.understanding.dates import spoken_when

SUBJECT_MAX = 120
ACK_EVERY = timedelta(minutes=10)


def waiting_ticket(turn: Turn) -> TicketCard | None:
    """The case of this chat that still waits for somebody."""
    ticket = turn.ticket
    return ticket if ticket is not None and ticket.state == "pendiente" else None


def hand_off(
    turn: Turn, *, subject: str, area: str = "support", data: Pairs = (), intro: str = "", team: str = ""
) -> None:
    """Open a case for people and tell the customer when they attend; a case that waits takes it in instead.

    `intro` is a sentence that goes before, `data` what was collected, `team` who attends when it is not the area.
    """
    if any(isinstance(effect, OpenTicket) for effect in turn.effects):
        return None
    turn.state.leave_flow()
    turn.state.memory["ladder"] = 0
    ticket = waiting_ticket(turn)
    if ticket is not None:
        turn.do(AddToTicket(ticket.id))
        memory.mark(turn.state, "added_at", turn.now)
        return turn.say("waiting.already", numero=ticket.number)
    if intro:
        turn.say_text(intro)
    announce_at = _tell_when(turn, team or turn.rules.text(f"area.{area}"))
    turn.do(_open(turn, subject, area, data, announce_at))
    memory.mark(turn.state, "added_at", turn.now)
    turn.state.options = []
    return None


def _open(turn: Turn, subject: str, area: str, data: Pairs, announce_at: datetime | None) -> OpenTicket:
    mood = reading.mood(turn)
    return OpenTicket(
        area=area,
        subject=subject[:SUBJECT_MAX],
        message=str(turn.state.memory.get("story") or subject),
        sentiment=mood,
        urgent=Sentiment(mood).is_urgent,
        data=data,
        announce_at=announce_at,
    )


def _tell_when(turn: Turn, team: str) -> datetime | None:
    """Say when somebody attends; returns the reopening when nobody does now."""
    schedule = turn.rules.schedule
    if schedule.is_open(turn.now):
        _tell_open(turn, team)
        return None
    opening = schedule.next_opening(turn.now)
    until = opening or turn.now + timedelta(days=1)
    told = memory.when(turn.state, "closed_until")
    if reading.is_angry(turn):
        session.skip_greeting(turn)
        turn.say("human.sorry")
    if told is not None and told == until:
        turn.say("human.noted")
    else:
        turn.say_text(closed_notice(turn, opening))
        memory.mark(turn.state, "closed_until", until)
    return opening


def _tell_open(turn: Turn, team: str) -> None:
    name = f", {turn.customer.first_name}" if turn.customer is not None else ""
    key = "human.open"
    if reading.is_angry(turn):
        key = "human.urgent"
        session.skip_greeting(turn)
    turn.say(key, nombre=name, area=team)


def closed_notice(turn: Turn, opening: datetime | None) -> str:
    """What is told to whoever wants a person while nobody attends: the holiday's own words, or the closed message."""
    rules = turn.rules
    reopens = spoken_when(opening, turn.now) if opening is not None else rules.text("human.no_date")
    values = {"empresa": rules.company, "apertura": reopens}
    holiday = rules.schedule.holiday(turn.now)
    if holiday is None:
        return fill(rules.closed_message.strip() or rules.texts["human.closed"], values)
    text = holiday.message.strip() or rules.holiday_message.strip() or rules.texts["human.holiday"]
    return fill(text, {**values, "feriado": holiday.name})
