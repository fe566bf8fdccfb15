"""The small answers to «¿te sirvió?», «¿se solucionó?» and «¿querés…?»."""

from bot.actions import action
from bot.turn import Turn


@action("glad", listed=False)
def glad(turn: Turn) -> None:
    turn.say("talk.glad")


@action("fixed", listed=False)
def fixed(turn: Turn) -> None:
    turn.say("talk.glad")


@action("fine", listed=False)
def fine(turn: Turn) -> None:
    turn.say("talk.fine")


@action("not_helped", listed=False)
def not_helped(turn: Turn) -> None:
    offer_person(turn)


@action("still_same", listed=False)
def still_same(turn: Turn) -> None:
    offer_person(turn)


def offer_person(turn: Turn, sentence: str = "human.offer") -> None:
    """Offer a person; a plain «sí» takes it."""
    turn.say(sentence)
    turn.offer("human", "menu")
    turn.state.memory["asking"] = {"yes": "human", "no": "fine"}
