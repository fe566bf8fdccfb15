"""What is wrong with a tree of menus, each thing with its place (SC-40). Pure.

Errors keep a tree from being published; warnings are only confirmed. Only what a customer can reach is looked at: what
is hidden, or in a menu that nothing opens, harms nobody.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from backoffice.dialogs.tree import SUBMENU, MenuTree, TreeDatum, TreeMenu, TreeOption
from integrations.whatsapp.base import Menu, Option, menu_text

# WhatsApp's own: a list of the official API has ten rows of 24 letters under 1,024; a text has 4,096 on any number.
ROW_TITLE, ROWS, LIST_BODY, TEXT = 24, 10, 1024, 4096


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend in the menu `menu` (its key) or in its option `option` (its key), if it is the option's."""

    code: str
    message: str
    menu: str = ""
    option: str = ""
    is_error: bool = True


def problems(tree: MenuTree, *, actions: Collection[str]) -> list[Problem]:
    """Everything wrong with the tree, errors first, in the order of the menus. `actions` are the codes that exist."""
    if tree.menu(tree.root) is None:
        return [Problem("no_root", "Falta el menú principal: es lo primero que ve el cliente.")]
    found = [problem for menu in tree.reached() for problem in _of_menu(tree, menu, actions)]
    found += _loops(tree)
    found += _unopened(tree)
    return sorted(found, key=lambda problem: not problem.is_error)


def errors(found: Collection[Problem]) -> list[Problem]:
    return [problem for problem in found if problem.is_error]


def warnings(found: Collection[Problem]) -> list[Problem]:
    return [problem for problem in found if not problem.is_error]


def _of_menu(tree: MenuTree, menu: TreeMenu, actions: Collection[str]) -> Iterator[Problem]:
    if not menu.visible:
        yield Problem(
            "empty", f"«{menu.title}» no tiene opciones visibles: quien llega no puede elegir nada.", menu.key
        )
        return
    if not _gets_somewhere(tree, menu):
        yield Problem(
            "dead_end", f"En «{menu.title}» solo se pasa de menú en menú: ninguna opción resuelve nada.", menu.key
        )
    yield from _too_long(menu, is_root=menu.key == tree.root)
    yield from _repeated(menu)
    for option in menu.visible:
        for code, message, is_error in _of_option(tree, option, actions):
            yield Problem(code, message, menu.key, option.key, is_error)


def _gets_somewhere(tree: MenuTree, menu: TreeMenu) -> bool:
    """Whether something other than opening menus can be chosen in it, or further on."""
    below = MenuTree(menu.key, tree.menus).reached()
    return any(option.action != SUBMENU for one in below for option in one.visible)


def _too_long(menu: TreeMenu, *, is_root: bool) -> Iterator[Problem]:
    options = tuple(Option(option.key, option.title) for option in menu.visible)
    if len(menu_text(Menu(menu.text, options))) > TEXT:
        yield Problem("too_long", f"«{menu.title}» pasa de {TEXT} letras: WhatsApp no lo manda.", menu.key)
    elif len(menu.text) > LIST_BODY:
        message = (
            f"El encabezado de «{menu.title}» pasa de {LIST_BODY} letras: en la API oficial no entra en una lista."
        )
        yield Problem("long_heading", message, menu.key, is_error=False)
    if len(options) + (not is_root) > ROWS:
        message = (
            f"«{menu.title}» tiene más de {ROWS} opciones (con «Volver»): cuesta leerlo y la API oficial no las lista."
        )
        yield Problem("many_options", message, menu.key, is_error=False)


def _repeated(menu: TreeMenu) -> Iterator[Problem]:
    seen: set[str] = set()
    for option in menu.visible:
        title = option.title.strip().casefold()
        if title in seen:
            message = f"«{option.title}» está dos veces en «{menu.title}»: quien la escriba no va a saber cuál elige."
            yield Problem("repeated", message, menu.key, option.key, is_error=False)
        seen.add(title)


def _of_option(tree: MenuTree, option: TreeOption, actions: Collection[str]) -> Iterator[tuple[str, str, bool]]:
    """The code, the words and whether it is an error, of what is wrong in one option."""
    name = f"«{option.title}»"
    if not option.title.strip():
        yield "no_title", "Hay una opción sin texto.", True
    elif len(option.title) > ROW_TITLE:
        told = f"{name} tiene {len(option.title)} letras: en las listas de la API oficial se ven {ROW_TITLE}."
        yield "long_title", told, False
    if option.action not in actions:
        yield "gone_action", f"{name} hace algo que el bot ya no sabe hacer. Elegí otra acción.", True
    if option.action == SUBMENU and tree.menu(option.target) is None:
        yield "no_target", f"{name} no dice qué menú abre.", True
    if option.action == "reply" and not option.text.strip():
        yield "no_text", f"{name} no tiene la respuesta que manda el bot.", True
    if len(option.text) > TEXT:
        yield "too_long", f"La respuesta de {name} pasa de {TEXT} letras: WhatsApp no la manda.", True
    if option.action == "collect":
        yield from _of_fields(name, option.fields)


def _of_fields(name: str, fields: tuple[TreeDatum, ...]) -> Iterator[tuple[str, str, bool]]:
    if not fields:
        yield "no_fields", f"{name} no pide ningún dato. Agregá al menos uno, o usá «Crear Ticket».", True
    for datum in fields:
        if datum.kind == "choice" and len(datum.listed) < 2:
            yield "few_choices", f"{name} pide «{datum.label}» a elegir, con menos de dos opciones.", True


def _loops(tree: MenuTree) -> list[Problem]:
    """Each option that opens again a menu from which the customer comes."""
    found: dict[str, Problem] = {}
    done: set[str] = set()

    def walk(menu: TreeMenu, path: tuple[str, ...]) -> None:
        for option in menu.visible:
            if option.opens in path:
                opened = tree.menu(option.opens)
                title = opened.title if opened is not None else option.opens
                message = (
                    f"«{option.title}» vuelve a abrir «{title}»: el cliente daría vueltas. "
                    "Para volver escribe «volver», o usá la acción «Volver al menú principal»."
                )
                found.setdefault(option.key, Problem("loop", message, menu.key, option.key))
            elif option.opens not in done and (deeper := tree.menu(option.opens)) is not None:
                walk(deeper, (*path, deeper.key))
        done.add(menu.key)

    root = tree.menu(tree.root)
    if root is not None:
        walk(root, (root.key,))
    return list(found.values())


def _unopened(tree: MenuTree) -> list[Problem]:
    reached = {menu.key for menu in tree.reached()}
    return [
        Problem("unopened", f"Ninguna opción visible abre «{menu.title}»: nadie llega.", menu.key, is_error=False)
        for menu in tree.menus
        if menu.key not in reached
    ]
