"""What publishing would change for customers, in words. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from backoffice.dialogs.tree import MenuTree, TreeMenu, TreeOption

_SAID = {
    "title": "el texto",
    "action": "lo que hace",
    "target": "el menú que abre",
    "text": "la respuesta",
    "area": "el área",
    "fields": "los datos que pide",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """`kind` is «+» (new), «~» (changed) or «-» (gone)."""

    kind: str
    text: str


def differences(old: MenuTree, new: MenuTree) -> list[Difference]:
    """From `old` to `new`, menus first and then options, in the order of the screen."""
    return [*_menus(old, new), *_options(old, new)]


def _menus(old: MenuTree, new: MenuTree) -> Iterator[Difference]:
    before = {menu.key: menu for menu in old.menus}
    for menu in new.menus:
        was = before.pop(menu.key, None)
        if was is None:
            yield Difference("+", f"Menú «{menu.title}»")
            continue
        if was.title != menu.title:
            yield Difference("~", f"Menú «{was.title}»: ahora se llama «{menu.title}»")
        if was.text != menu.text:
            yield Difference("~", f"Menú «{menu.title}»: cambia el encabezado")
        if _shared_order(was, menu) != _shared_order(menu, was):
            yield Difference("~", f"Menú «{menu.title}»: cambia el orden")
    yield from (Difference("-", f"Menú «{menu.title}»") for menu in before.values())
    if old.root != new.root and (root := new.menu(new.root)) is not None:
        yield Difference("~", f"El menú principal pasa a ser «{root.title}»")


def _shared_order(menu: TreeMenu, other: TreeMenu) -> list[str]:
    both = {option.key for option in menu.options} & {option.key for option in other.options}
    return [option.key for option in menu.options if option.key in both]


def _options(old: MenuTree, new: MenuTree) -> Iterator[Difference]:
    before = {option.key: (menu, option) for menu, option in old.options()}
    for menu, option in new.options():
        was = before.pop(option.key, None)
        if was is None:
            yield Difference("+", f"«{option.title}» en «{menu.title}»{'' if option.active else ' (oculta)'}")
        else:
            yield from _option(was[0], was[1], menu, option)
    yield from (Difference("-", f"«{option.title}» de «{menu.title}»") for menu, option in before.values())


def _option(was_in: TreeMenu, was: TreeOption, menu: TreeMenu, option: TreeOption) -> Iterator[Difference]:
    if was_in.key != menu.key:
        yield Difference("~", f"«{option.title}» pasa de «{was_in.title}» a «{menu.title}»")
    if was.active != option.active:
        yield Difference("~", f"«{option.title}» {'vuelve a verse' if option.active else 'queda oculta'}")
    changed = [said for name, said in _SAID.items() if getattr(was, name) != getattr(option, name)]
    if was.title != option.title:
        changed[0] = f"el texto (era «{was.title}»)"
    if changed:
        yield Difference("~", f"«{option.title}»: cambia {_listed(changed)}")


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} y {words[-1]}"
