"""Passing the chat to a person, by choice or because the bot cannot do it."""

from bot.actions import action
from bot.dialogue.handoff import hand_off
from bot.flows.base import collected
from bot.turn import Turn


@action("human", label="📞 Hablar con una persona", help="Pasa el chat a una persona y abre un ticket.")
def human(turn: Turn) -> None:
    title = turn.option.title if turn.option is not None else turn.rules.text("subject.human")
    area = turn.option.area if turn.option is not None else "support"
    hand_off(turn, subject=title, area=area, data=collected(turn))


@action("create_ticket", label="🎫 Crear Ticket", help="Deriva directamente a una persona del área elegida.")
def create_ticket(turn: Turn) -> None:
    """ISPBOT-SUP-06. The option's own text, where there is one, goes before."""
    option = turn.option
    if option is None:
        return human(turn)
    return hand_off(turn, subject=option.title, area=option.area, intro=option.text.strip())


@action("show_file", listed=False)
def show_file(turn: Turn) -> None:
    """A person looks at what the bot cannot read."""
    hand_off(turn, subject=turn.rules.text("subject.media"))
