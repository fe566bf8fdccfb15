"""The editor as it is drawn: the tree from the root, what is wrong, what waits to be published, and the phone."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from backoffice.dialogs import checks, selectors
from backoffice.dialogs.differences import differences
from backoffice.dialogs.models import Menu, MenuOption
from backoffice.dialogs.rehearsal import Reply, stage
from backoffice.dialogs.tree import SUBMENU, MenuTree

VIEW, EDIT, PUBLISH = "dialogs.view_menu", "dialogs.change_menu", "dialogs.publish_menus"


@dataclass
class Branch:
    """A menu in the tree: its options in order and, under each, the menu it opens (once, where it is first met)."""

    menu: Menu
    options: list[MenuOption]
    children: dict[int, "Branch"] = field(default_factory=dict)


@dataclass(frozen=True)
class Fault:
    """A problem with the place of the page where it is mended."""

    problem: checks.Problem
    anchor: str


def editor_context(shown: str = "", **more: Any) -> dict[str, Any]:
    """All that the editor draws; `shown` is the key of the menu on the phone. A fixed number of queries."""
    rows = selectors.draft_rows()
    tree, current = selectors.tree_of(rows), selectors.published()
    branches = outline(rows)
    on_phone = tree.menu(shown) or tree.menu(tree.root)
    problems = checks.problems(tree, actions=selectors.available_actions())
    faults = placed(problems, rows)
    return {
        "tree": branches[0] if branches and branches[0].menu.is_root else None,
        "loose": [branch for branch in branches if not branch.menu.is_root],
        "errors": [fault for fault in faults if fault.problem.is_error],
        "warnings": [fault for fault in faults if not fault.problem.is_error],
        "option_flaws": {int(one.option): one for one in reversed(problems) if one.option},
        "menu_flaws": {one.menu: one for one in reversed(problems) if not one.option},
        "current": current,
        "pending": differences(current.menus, tree) if current is not None else [],
        "unpublished": current is None or current.menus != tree,
        "shown": on_phone,
        "reply": stage().look(tree, on_phone.key) if on_phone is not None else None,
        **more,
    }


def editor(
    request: HttpRequest, *, shown: str = "", told: str = "", refused: str = "", focus: str = ""
) -> HttpResponse:
    """The editor alone, which takes the place of the one on screen whatever the request was aimed at."""
    context = editor_context(shown, told=told, refused=refused, focus=focus)
    answer = render(request, "panel/menus/editor.html", context)
    answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#menu-editor", "outerHTML"
    return answer


def outline(rows: Iterable[Menu]) -> list[Branch]:
    """The root's branch first and then, each apart, the menus that nothing opens."""
    every = {menu.pk: menu for menu in rows}
    met: set[int] = set()

    def grow(menu: Menu) -> Branch:
        met.add(menu.pk)
        branch = Branch(menu, list(menu.options.all()))
        for option in branch.options:
            if option.action_id == SUBMENU and option.target_id and option.target_id not in met:
                branch.children[option.pk] = grow(every[option.target_id])
        return branch

    first = [menu for menu in every.values() if menu.is_root]
    opened = {option.target_id for menu in every.values() for option in menu.options.all()}
    tops = [*first, *(menu for menu in every.values() if menu.pk not in opened), *every.values()]
    found = []
    for menu in tops:
        if menu.pk not in met:
            found.append(grow(menu))
    return found


def placed(problems: Iterable[checks.Problem], rows: Iterable[Menu]) -> list[Fault]:
    """Each problem with the fragment of the page where its option or menu is."""
    pks = {menu.key: menu.pk for menu in rows}
    return [
        Fault(one, f"option-{one.option}" if one.option else f"menu-{pks[one.menu]}" if one.menu in pks else "new-menu")
        for one in problems
    ]


def phone(tree: MenuTree, menu_key: str, option_key: str = "") -> dict[str, Any]:
    """What the phone shows: a menu and, with an option, what happens when it is chosen."""
    menu = tree.menu(menu_key)
    found = tree.option(option_key) if option_key else None
    chosen: Reply | None = None
    if found is not None and found[1].active and found[1].action:
        chosen = stage().choose(tree, menu_key, option_key)
    return {
        "shown": menu,
        "reply": stage().look(tree, menu_key) if menu is not None else None,
        "chosen": chosen,
        "chosen_title": found[1].title if found is not None else "",
    }
