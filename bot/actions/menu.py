"""The main menu, and moving between menus."""

from bot.actions import action
from bot.dialogue import menus
from bot.turn import Turn


@action("menu", label="Volver al menú principal", help="Muestra el menú principal.")
def menu(turn: Turn) -> None:
    menus.show_root(turn)


@action("submenu", label="📋 Sub-menú", help="Abre otro menú con más opciones.")
def submenu(turn: Turn) -> None:
    menus.show(turn, turn.option.target if turn.option is not None else turn.rules.root)


@action("back", listed=False)
def back(turn: Turn) -> None:
    menus.go_back(turn)
