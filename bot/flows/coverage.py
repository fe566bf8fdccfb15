"""«¿Llegan a mi barrio?»: one question, and the answer that the zones' coverage gives (ISPBOT-ZONE-03, AMB-54)."""

from datetime import timedelta

from bot.dialogue import memory
from bot.flows.base import Answer, Flow
from bot.rules import ZoneCard
from bot.turn import Turn
from integrations.understanding.blanks import fill
from integrations.understanding.titles import pick

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
    names = [(f"{zone.id}:{place}", name) for zone in turn.rules.shop.zones for place, name in enumerate(zone.names)]
    found = pick(turn.text, names)
    keys = {key.partition(":")[0] for key in ((found.key,) if found.key else found.candidates)}
    return turn.rules.shop.zone(int(keys.pop())) if len(keys) == 1 and found.how != "number" else None


FLOW = Flow("coverage", 1, timedelta(hours=1), {"where": where}, asks_data=True)
