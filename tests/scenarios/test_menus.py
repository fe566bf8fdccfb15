"""SC-40: the menus are changed in a draft, published, walked, and brought back."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.story import Story

KINDS = ["📋 Más opciones", "💬 Horarios", "🎫 Una persona", "📊 Datos", "💰 Pagar"]


@contextmanager
def menus_as_they_were(story: Story) -> Iterator[None]:
    """Real processes go on to tell other stories."""
    first = story.do("published_menus")
    try:
        yield
    finally:
        story.do("roll_back_menus", number=first)


def test_sc40_the_five_kinds_of_action_are_walked_once_they_are_published(story: Story) -> None:
    with menus_as_they_were(story):
        story.do("draft_submenu", under="principal", title="💳 Estado de cuenta", kinds=KINDS)
        assert "💳 Estado de cuenta" not in story.maria.asks("menú")
        story.do("publish_menus")
        assert "*5.* 💳 Estado de cuenta" in story.maria.asks("menú")
        offered = story.maria.asks("5")
        assert all(f"*{number}.* {title}" in offered for number, title in enumerate(KINDS, start=1))
        assert "¿Qué te está pasando?" in story.maria.asks("1")
        story.maria.asks("menú")
        story.maria.asks("5")
        assert "De 8 a 18" in story.maria.asks("2")
        story.maria.asks("menú")
        story.maria.asks("5")
        assert "$ 18.500,00" in story.maria.asks("5")
        story.maria.asks("menú")
        story.maria.asks("5")
        assert "¿Dónde vivís?" in story.maria.asks("4")
        story.maria.says("San Martín 450")
        assert story.ticket["state"] == "pendiente"


def test_sc40_a_loop_is_refused_and_customers_notice_nothing(story: Story) -> None:
    with menus_as_they_were(story):
        before = story.do("published_menus")
        story.do("draft_loop")
        assert story.do("publish_menus") == ["loop"]
        assert story.do("published_menus") == before
        assert "Sin salida" not in story.maria.asks("menú")


def test_sc40_who_is_choosing_finishes_on_what_is_on_screen_and_going_back_works(story: Story) -> None:
    with menus_as_they_were(story):
        first = story.do("published_menus")
        story.maria.asks("hola")
        shown = story.maria.asks("menú")
        story.do("draft_rename", old="💳 Consultar estado de cuenta", new="🎁 Promociones", text="Este mes, 50 %")
        story.do("publish_menus")
        assert "$ 18.500,00" in story.maria.asks("2"), "the account, as her screen says"
        assert "*2.* 🎁 Promociones" in story.maria.asks("menú")
        assert "Este mes, 50 %" in story.maria.asks("2")
        story.do("roll_back_menus", number=first)
        assert story.maria.asks("menú") == shown
