"""Menus on screen: showing one, going back, and doing what was chosen.

Whoever walks the menus stays in the version they were shown, though another is published meanwhile; the main menu,
asked for again, is the newest.
"""

from bot.actions import Needs, find_action
from bot.dialogue.handoff import hand_off
from bot.dialogue.session import MENUS
from bot.flows import identify
from bot.flows.base import Then
from bot.rules import MenuCard, Option
from bot.turn import Turn
from integrations.understanding.local import understand
from integrations.understanding.titles import Pick

_OPTION = "opt"
_DO = "do"


def show(turn: Turn, key: str, heading: str | None = None) -> None:
    """Say a menu's heading (or another one) with its options, and «volver» where there is where to."""
    menu = turn.rules.menu(key)
    turn.state.menu = menu.key
    if turn.rules.version:
        turn.state.memory[MENUS] = turn.rules.version
    text = menu.text if heading is None else heading
    if not menu.options:
        turn.say_text(text or turn.rules.text("menu.empty"))
        return
    turn.say_text(text)
    turn.add_options([(f"{_OPTION}:{menu.key}:{option.key}", option.title) for option in menu.options])
    if menu.key != turn.rules.root:
        turn.offer("back")


def begin_anew(turn: Turn) -> MenuCard:
    """Leave the version that was being walked; returns the main menu of the newest."""
    turn.rules = turn.rules.latest()
    return turn.rules.menu(turn.rules.root)


def show_root(turn: Turn, heading: str | None = None) -> None:
    show(turn, begin_anew(turn).key, heading)


def go_back(turn: Turn) -> None:
    """To the menu that opens the one on screen, or the root."""
    show(turn, turn.rules.menu(turn.state.menu).parent or turn.rules.root)


def choose(turn: Turn, pick: Pick) -> bool:
    """Do what was picked among the options on screen; False when nothing was."""
    if pick.key is not None:
        return do(turn, pick.key)
    if pick.how == "ambiguous":
        titles = {str(key): str(title) for key, title in turn.state.options}
        turn.say("menu.which")
        turn.add_options([(key, titles[key]) for key in pick.candidates])
        return True
    if pick.how == "out_of_range":
        options = [(str(key), str(title)) for key, title in turn.state.options]
        turn.say("menu.out_of_range")
        turn.add_options(options)
        return True
    return False


def do(turn: Turn, key: str) -> bool:
    """Do what an option's key stands for; False when it stands for nothing any more (an old button)."""
    kind, _, rest = key.partition(":")
    if kind == _DO and find_action(rest) is not None:
        perform(turn, rest)
        return True
    menu_key, _, option_key = rest.partition(":")
    menu = turn.rules.menus.get(menu_key) if kind == _OPTION else None
    option = menu.option(option_key) if menu is not None else None
    if option is None:
        return False
    turn.state.menu = menu_key
    perform(turn, option.action, option)
    return True


def perform(turn: Turn, code: str, option: Option | None = None) -> None:
    """Run an action, once it is known who the customer is where the action needs it."""
    turn.state.memory["ladder"] = 0
    spec = find_action(code)
    if spec is None:  # it existed when staff chose it
        return hand_off(turn, subject=option.title if option is not None else turn.rules.text("subject.human"))
    if spec.needs is Needs.CUSTOMER and turn.customer is None:
        place = (turn.state.menu, option.key) if option is not None else ("", "")
        identify.begin(turn, then=code, menu=place[0], option=place[1])
        then = identify.finished(turn)
        return go_on(turn, then) if then is not None else None
    turn.option = option
    spec.run(turn)
    turn.option = None
    return None


def go_on(turn: Turn, then: Then) -> None:
    """Do what was asked before the customer had to say who they are, as it was asked."""
    if then.asked:
        turn.understood = understand(then.asked, default_area=turn.rules.default_area)
    card = turn.rules.menus.get(then.menu)
    perform(turn, then.action, card.option(then.option) if card is not None else None)
