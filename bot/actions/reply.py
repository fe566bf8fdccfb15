"""The predefined answer of an option (ISPBOT-SUP-05)."""

from bot.actions import action
from bot.dialogue import menus
from bot.turn import Turn
from integrations.understanding.blanks import fill


@action("reply", label="💬 Respuesta", help="Manda la respuesta que escribas. Podés usar {empresa}.")
def reply(turn: Turn) -> None:
    text = turn.option.text if turn.option is not None else ""
    if not text.strip():
        return menus.show_root(turn)
    turn.say_text(fill(text, {"empresa": turn.rules.company}))
    turn.offer("menu", "human")
    return None
