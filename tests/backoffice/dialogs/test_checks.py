"""What keeps a tree from being published, and where each thing is (SC-40)."""

from dataclasses import replace

import pytest

from backoffice.dialogs.checks import problems
from backoffice.dialogs.tree import MenuTree, TreeDatum, TreeMenu, TreeOption

ACTIONS = frozenset(("submenu", "reply", "create_ticket", "collect", "pay"))
HOURS = TreeOption("1", "🕗 Horarios", "reply", text="De 8 a 18.")
BACK = TreeOption("9", "Otra vez", "submenu", target="principal")


def tree(*options: TreeOption, **others: tuple[TreeOption, ...]) -> MenuTree:
    """A main menu with these options, and other menus by their keys."""
    more = (TreeMenu(key, key.title(), "¿Cuál?", inside) for key, inside in others.items())
    return MenuTree("principal", (TreeMenu("principal", "Menú principal", "¿En qué te ayudo?", options), *more))


def opens(key: str, number: str = "2", title: str = "Abre") -> TreeOption:
    return TreeOption(number, title, "submenu", target=key)


def found(given: MenuTree) -> list[tuple[str, str, str]]:
    """The code, the menu and the option of each problem."""
    return [(one.code, one.menu, one.option) for one in problems(given, actions=ACTIONS)]


def test_a_tree_with_nothing_wrong():
    assert found(tree(HOURS, opens("planes"), planes=(replace(HOURS, key="3"),))) == []


def test_without_a_main_menu_there_is_nothing_to_publish():
    assert found(MenuTree("", ())) == [("no_root", "", "")]


@pytest.mark.parametrize(
    ("option", "code"),
    [
        (TreeOption("5", "Planes", "submenu"), "no_target"),
        (TreeOption("5", "Planes", "submenu", target="nada"), "no_target"),
        (TreeOption("5", "Horarios", "reply", text="  "), "no_text"),
        (TreeOption("5", "Alta", "collect"), "no_fields"),
        (TreeOption("5", "Alta", "collect", fields=(TreeDatum("Turno", "¿Cuál?", "choice", "Mañana"),)), "few_choices"),
        (TreeOption("5", "Bailar", "dance"), "gone_action"),
        (TreeOption("5", " ", "reply", text="Hola"), "no_title"),
        (TreeOption("5", "Largo", "reply", text="a" * 4097), "too_long"),
    ],
)
def test_an_option_that_lacks_something_is_told_at_its_place(option: TreeOption, code: str):
    assert found(tree(HOURS, option)) == [(code, "principal", "5")]
    assert found(tree(HOURS, replace(option, active=False))) == []


def test_an_empty_menu_is_an_error_unless_nobody_gets_there():
    assert found(tree(HOURS, opens("planes"), planes=())) == [("empty", "planes", "")]
    hidden = (replace(HOURS, key="3", active=False),)
    assert found(tree(HOURS, opens("planes"), planes=hidden)) == [("empty", "planes", "")]
    assert found(tree(HOURS, planes=())) == [("unopened", "planes", "")]


def test_a_loop_is_told_where_it_closes():
    assert found(tree(HOURS, opens("planes"), planes=(replace(HOURS, key="3"), BACK))) == [("loop", "planes", "9")]


def test_a_loop_of_several_menus_without_anything_else_is_also_a_dead_end():
    given = tree(opens("uno"), uno=(opens("dos", "3"),), dos=(BACK,))
    assert found(given) == [
        ("dead_end", "principal", ""),
        ("dead_end", "uno", ""),
        ("dead_end", "dos", ""),
        ("loop", "dos", "9"),
    ]


def test_one_menu_opened_from_two_places_is_no_loop():
    given = tree(
        opens("uno"), opens("dos", "3", "Otra"), uno=(opens("dos", "4"), HOURS), dos=(replace(HOURS, key="6"),)
    )
    assert found(given) == []


def test_what_whatsapp_would_cut_is_a_warning_and_errors_come_first():
    long = replace(HOURS, title="🌐 Reportar problema de internet")
    wrong = problems(tree(long, TreeOption("5", "Planes", "submenu")), actions=ACTIONS)
    assert [(one.code, one.is_error) for one in wrong] == [("no_target", True), ("long_title", False)]
    assert "31 letras" in wrong[1].message


def test_more_rows_than_a_list_holds_and_a_long_heading():
    many = tuple(TreeOption(str(number), f"Opción {number}", "pay") for number in range(10))
    assert found(tree(*many)) == []
    assert found(tree(HOURS, opens("planes"), planes=many)) == [("many_options", "planes", "")]
    given = tree(HOURS)
    heading = replace(given, menus=(replace(given.menus[0], text="a" * 1025),))
    assert found(heading) == [("long_heading", "principal", "")]
    never_sent = replace(given, menus=(replace(given.menus[0], text="a" * 4090),))
    assert found(never_sent) == [("too_long", "principal", "")]


def test_two_options_that_read_the_same():
    assert found(tree(HOURS, replace(HOURS, key="2", title="🕗 horarios "))) == [("repeated", "principal", "2")]
