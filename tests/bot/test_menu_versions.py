"""Whoever walks the menus finishes in the version they were shown; who begins anew gets the newest (SC-40)."""

from dataclasses import replace

import pytest

from bot.rules import MenuBook, MenuCard, Option
from tests.bot.world import Chat, rules


def book(version: int) -> MenuBook:
    """A main menu and one below it, whose words have the version's number."""
    inside = MenuCard(
        "planes",
        "Planes",
        f"Planes {version}",
        (Option("3", "Fibra", "reply", text=f"Fibra {version}"), Option("4", "Aire", "reply", text=f"Aire {version}")),
        "raiz",
    )
    options = (Option("1", "Planes", "submenu", target="planes"), Option("2", f"Hora {version}", "reply", text="De 8"))
    return MenuBook(version, {"raiz": MenuCard("raiz", "Raíz", f"Menú {version}", options), "planes": inside}, "raiz")


def publishes(chat: Chat, *versions: int) -> None:
    """The newest of these is in force, and the others may still be walked."""
    books = {number: book(number) for number in sorted(versions, reverse=True)}
    newest = books[max(versions)]
    chat.rules = rules(menus=newest.menus, root=newest.root, version=newest.version, books=books)


@pytest.fixture
def chat() -> Chat:
    chat = Chat()
    publishes(chat, 1)
    chat.says("hola")
    assert chat.titles == ["Planes", "Hora 1"]
    return chat


def test_who_stands_in_a_menu_finishes_on_its_version(chat: Chat):
    publishes(chat, 1, 2)
    assert chat.says("1") == "Planes 1"
    assert chat.says("1").startswith("Fibra 1")


def test_going_back_stays_in_it_too(chat: Chat):
    chat.says("1")
    publishes(chat, 1, 2)
    assert chat.says("volver") == "Menú 1"


@pytest.mark.parametrize("said", ["menú", "hola"])
def test_who_asks_for_the_menu_again_gets_the_newest(chat: Chat, said: str):
    publishes(chat, 1, 2)
    assert "Menú 2" in chat.says(said)
    assert chat.says("1") == "Planes 2"


def test_who_comes_back_the_next_day_gets_the_newest(chat: Chat):
    publishes(chat, 1, 2)
    assert "Menú 2" in chat.waits(hours=9).says("hola")


def test_a_new_person_gets_the_newest():
    chat = Chat()
    publishes(chat, 1, 2)
    assert "Menú 2" in chat.says("hola")


def test_when_the_version_is_gone_the_newest_serves(chat: Chat):
    chat.says("1")
    publishes(chat, 5, 6)
    assert chat.says("1").startswith("Fibra 6")


def test_what_was_asked_before_saying_who_one_is_is_done_as_it_was_shown():
    """The option stands only in the version where it was chosen."""
    chat = Chat(None, phone="+5492619998877")
    publishes(chat, 1)
    old = book(1)
    card = replace(old.menus["raiz"], options=(Option("7", "Mi cuenta", "balance"),))
    one = replace(old, menus={**old.menus, "raiz": card})
    two = book(2)
    chat.rules = rules(menus=one.menus, root="raiz", version=1, books={1: one})
    chat.says("hola")
    chat.rules = rules(menus=two.menus, root="raiz", version=2, books={2: two, 1: one})
    assert "DNI" in chat.says("1")
    assert "18.500" in chat.says("30111222", "San Martín 450")
