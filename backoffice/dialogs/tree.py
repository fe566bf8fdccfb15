"""The menus as one immutable value: what the draft's rows say today, and what a published version froze.

Pure. A menu is named by its key, an option by its row's id as text, which stays the same from version to version so
that an old button still finds its option.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from backoffice.common.seeds import digest

SUBMENU = "submenu"


@dataclass(frozen=True, slots=True)
class TreeDatum:
    """A datum to ask for. `choices` are apart by commas, as staff type them."""

    label: str
    question: str
    kind: str = "text"
    choices: str = ""
    required: bool = True

    @property
    def listed(self) -> tuple[str, ...]:
        return tuple(choice.strip() for choice in self.choices.split(",") if choice.strip())


@dataclass(frozen=True, slots=True)
class TreeOption:
    """A line of a menu. `target` is the key of the menu it opens, empty when it opens none."""

    key: str
    title: str
    action: str
    target: str = ""
    text: str = ""
    area: str = "support"
    active: bool = True
    fields: tuple[TreeDatum, ...] = ()

    @property
    def opens(self) -> str:
        """The key of the menu that choosing it shows."""
        return self.target if self.action == SUBMENU else ""


@dataclass(frozen=True, slots=True)
class TreeMenu:
    key: str
    title: str
    text: str
    options: tuple[TreeOption, ...] = ()

    @property
    def visible(self) -> tuple[TreeOption, ...]:
        return tuple(option for option in self.options if option.active)


@dataclass(frozen=True, slots=True)
class MenuTree:
    """Every menu, those that nothing opens too. `root` is the key of the first one shown, empty when there is none."""

    root: str
    menus: tuple[TreeMenu, ...]

    def menu(self, key: str) -> TreeMenu | None:
        return next((menu for menu in self.menus if menu.key == key), None)

    def options(self) -> Iterator[tuple[TreeMenu, TreeOption]]:
        return ((menu, option) for menu in self.menus for option in menu.options)

    def option(self, key: str) -> tuple[TreeMenu, TreeOption] | None:
        """An option with the menu where it stands."""
        return next(((menu, option) for menu, option in self.options() if option.key == key), None)

    def reached(self) -> list[TreeMenu]:
        """The menus that a customer can get to, the root first, each once."""
        found: dict[str, TreeMenu] = {}
        pending = [self.root]
        while pending:
            menu = self.menu(pending.pop(0))
            if menu is not None and menu.key not in found:
                found[menu.key] = menu
                pending.extend(option.opens for option in menu.visible if option.opens)
        return list(found.values())

    def with_option(self, menu_key: str, option: TreeOption) -> Self:
        """The tree with an option changed: in its place if it stands in that menu already, else at the menu's end."""
        menus = []
        for menu in self.menus:
            there = any(one.key == option.key for one in menu.options)
            if menu.key == menu_key:
                kept = tuple(option if one.key == option.key else one for one in menu.options)
                menu = replace(menu, options=kept if there else (*kept, option))
            elif there:
                menu = replace(menu, options=tuple(one for one in menu.options if one.key != option.key))
            menus.append(menu)
        return replace(self, menus=tuple(menus))

    @property
    def stamp(self) -> str:
        """The same for equal trees: how somebody's screen is known to be up to date."""
        return digest(self.to_json())

    def to_json(self) -> dict[str, Any]:
        plain: dict[str, Any] = asdict(self)
        for menu in plain["menus"]:
            menu["options"] = [{**option, "fields": list(option["fields"])} for option in menu["options"]]
        plain["menus"] = list(plain["menus"])
        return plain

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Self:
        return cls(plain["root"], tuple(_menu(menu) for menu in plain["menus"]))


def option_stamp(menu_key: str, option: TreeOption) -> str:
    """The same while nobody changed this option or took it to another menu; its place among the others is free."""
    return digest([menu_key, asdict(option)])


def _menu(plain: dict[str, Any]) -> TreeMenu:
    options = tuple(_option(option) for option in plain["options"])
    return TreeMenu(plain["key"], plain["title"], plain["text"], options)


def _option(plain: dict[str, Any]) -> TreeOption:
    return TreeOption(**{**plain, "fields": tuple(TreeDatum(**datum) for datum in plain["fields"])})
