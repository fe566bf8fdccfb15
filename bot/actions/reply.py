"""The predefined answer of an option (ISPBOT-SUP-05)."""

from bot.actions import action
from bot.dialogue import menus
from bot.turn import Turn


@action(
    "reply",
    label="💬 Respuesta",
    help="Manda la respuesta que escribas. Podés usar {empresa}, {telefono}, {direccion} y {costo_instalacion}.",
)
def reply(turn: Turn) -> None:
    text = turn.option.text if turn.option is not None else ""
    if not text.strip():
        return menus.show_root(turn)
    turn.say_text(turn.rules.filled(text))
    turn.offer("menu", "human")
    return None
