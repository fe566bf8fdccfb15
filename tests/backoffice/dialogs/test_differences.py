"""What publishing changes, in words."""

from dataclasses import replace

from backoffice.dialogs.differences import differences
from backoffice.dialogs.tree import MenuTree, TreeMenu, TreeOption

HOURS = TreeOption("1", "🕗 Horarios", "reply", text="De 8 a 18.")
PAY = TreeOption("2", "💰 Pagar", "pay")
ROOT = TreeMenu("principal", "Menú principal", "¿En qué te ayudo?", (HOURS, PAY))
PLANS = TreeMenu("planes", "Planes", "¿Cuál?")


def told(*menus: TreeMenu, old: tuple[TreeMenu, ...] = (ROOT, PLANS), root: str = "principal") -> list[str]:
    return [f"{one.kind} {one.text}" for one in differences(MenuTree("principal", old), MenuTree(root, menus))]


def test_nothing_changes():
    assert told(ROOT, PLANS) == []


def test_what_is_new_and_what_is_gone():
    root = replace(ROOT, options=(HOURS, TreeOption("3", "🎁 Promos", "reply", text="Hola")))
    offers = TreeMenu("ofertas", "Ofertas", "¿Cuál?")
    assert told(root, offers) == [
        "+ Menú «Ofertas»",
        "- Menú «Planes»",
        "+ «🎁 Promos» en «Menú principal»",
        "- «💰 Pagar» de «Menú principal»",
    ]


def test_an_option_that_changes_says_what():
    root = replace(ROOT, options=(replace(HOURS, title="Horas", text="Siempre", area="sales"), PAY))
    assert told(root, PLANS) == ["~ «Horas»: cambia el texto (era «🕗 Horarios»), la respuesta y el área"]
    hidden = replace(ROOT, options=(replace(HOURS, active=False), PAY))
    assert told(hidden, PLANS) == ["~ «🕗 Horarios» queda oculta"]
    assert told(ROOT, PLANS, old=(hidden, PLANS)) == ["~ «🕗 Horarios» vuelve a verse"]


def test_order_and_place():
    assert told(replace(ROOT, options=(PAY, HOURS)), PLANS) == ["~ Menú «Menú principal»: cambia el orden"]
    assert told(replace(ROOT, options=(HOURS,)), replace(PLANS, options=(PAY,))) == [
        "~ «💰 Pagar» pasa de «Menú principal» a «Planes»"
    ]


def test_a_menu_that_changes():
    assert told(replace(ROOT, title="Inicio", text="¿Qué necesitás?"), PLANS, root="planes") == [
        "~ Menú «Menú principal»: ahora se llama «Inicio»",
        "~ Menú «Inicio»: cambia el encabezado",
        "~ El menú principal pasa a ser «Planes»",
    ]
