"""«¿Cómo te atendimos?»: one question after a case, never insisted on (SC-30)."""

import re
from datetime import timedelta

from bot.flows.base import Answer, Flow
from bot.turn import RateTicket, Turn
from integrations.understanding.choices import choice_number
from integrations.understanding.words import fold

_STARS = re.compile(r"(?:(?:le|te|les) (?:pongo|doy) )?(?:un |una )?([1-5]) ?(?:estrellas?|puntos?|de 5)?")


def begin(turn: Turn, *, ticket_id: int, number: int, agent: str) -> None:
    """Ask for a mark from 1 to 5."""
    FLOW.enter(turn, "mark", ticket_id=ticket_id)
    turn.say("rating.ask", agente=agent or turn.rules.text("rating.someone"), numero=number)


def mark(turn: Turn) -> Answer:
    """Keep the mark. Anything else is about something else, and the question is forgotten."""
    rating = read_mark(turn.text)
    ticket_id = int(turn.state.data["ticket_id"])
    turn.state.leave_flow()
    if rating is None:
        return False
    turn.do(RateTicket(ticket_id, rating))
    if rating >= 4:
        turn.say("rating.thanks")
    elif rating == 3:
        turn.say("rating.fair")
    else:
        turn.say("rating.sorry")
        turn.offer("human", "menu")
        turn.state.memory["asking"] = {"yes": "human", "no": "fine"}
    return True


def read_mark(text: str) -> int | None:
    """A mark from 1 to 5, in digits, words or stars."""
    number = choice_number(text)
    if number is None:
        stars = text.count("⭐") + text.count("🌟")
        found = _STARS.fullmatch(fold(text))
        number = int(found.group(1)) if found else stars or None
    return number if number is not None and 1 <= number <= 5 else None


FLOW = Flow("rating", 1, timedelta(hours=24), {"mark": mark})
