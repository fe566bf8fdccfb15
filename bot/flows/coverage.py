"""«¿Llegan a mi barrio?»: one question, and the answer that the zones' coverage gives (ISPBOT-ZONE-03, AMB-54)."""

from datetime import timedelta

from bot.dialogue import memory
from bot.flows.base import Answer, Flow
from bot.rules import ZoneCard
from bot.turn import Turn
from integrations.understanding.blanks import fill
from integrations.understanding.similar import content_words, hits
from integrations.understanding.words import tokens

_ANSWERS = {"yes": "coverage.yes", "check": "coverage.check"}
_TRIES = 2


def zone_of(turn: Turn) -> int | None:
    """Where the person lives: their contract says it, or they told it in this dialogue. None while it is not known."""
    told = memory.number(turn.state, "zone") or None
    return turn.customer.zone_id if turn.customer is not None and turn.customer.zone_id else told


def begin(turn: Turn) -> None:
    """Ask for the zone, or leave it to people where no zone is loaded."""
    if not turn.rules.shop.zones:
        turn.say("coverage.unknown")
        return turn.offer("sales", "menu")
    FLOW.enter(turn, "where", tries=0)
    return turn.say("coverage.ask")


def where(turn: Turn) -> Answer:
    """Read the zone. One that is not known is asked once more, and then it is for a person to say."""
    zone = find_zone(turn)
    tries = int(turn.state.data.get("tries") or 0) + 1
    if zone is None and not turn.text.strip():
        return False
    if zone is None and tries < _TRIES:
        turn.state.data["tries"] = tries
        turn.say("coverage.again")
        return True
    turn.state.leave_flow()
    if zone is None:
        turn.say("coverage.unknown")
        turn.offer("sales", "menu")
        return True
    turn.state.memory["zone"] = zone.id
    _tell(turn, zone)
    return True


def _tell(turn: Turn, zone: ZoneCard) -> None:
    if zone.coverage == "no":
        turn.say_text(fill(turn.rules.shop.no_coverage, {"zona": zone.name, "empresa": turn.rules.company}))
        turn.offer("menu")
        return
    turn.say(_ANSWERS[zone.coverage], zona=zone.name)
    turn.offer("plans", "sales", "menu")


def find_zone(turn: Turn) -> ZoneCard | None:
    """The zone that the text names, by any of its names; None when it names none, or it is not clear which."""
    said = content_words(tokens(turn.text))
    named: dict[int, int] = {}
    for zone in turn.rules.shop.zones:
        for name in zone.names:
            words = content_words(tokens(name)) or tuple(tokens(name))
            if words and hits(words, said) == len(words):
                named[zone.id] = max(named.get(zone.id, 0), len(words))
    fullest = [key for key, length in named.items() if length == max(named.values())]
    return turn.rules.shop.zone(fullest[0]) if len(fullest) == 1 else None


FLOW = Flow("coverage", 1, timedelta(hours=1), {"where": where}, asks_data=True)
