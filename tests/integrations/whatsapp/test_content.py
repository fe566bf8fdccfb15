"""Addresses and menus, as every transport understands them."""

import pytest

from integrations.whatsapp.base import Addr, Media, Menu, Option, menu_text


@pytest.mark.parametrize("key", ["p:5492612345678", "l:467260860768477", "b:AR.123", "g:120363000000000001"])
def test_an_address_survives_as_its_key(key):
    assert Addr.parse(key).key == key


@pytest.mark.parametrize("key", ["", "p:", "5492612345678", "x:1", ":1"])
def test_what_is_not_an_address_is_refused(key):
    with pytest.raises(ValueError, match="not an address"):
        Addr.parse(key)


def test_a_phone_is_its_digits():
    assert Addr.phone("+54 9 261 234-5678") == Addr.phone("5492612345678")
    with pytest.raises(ValueError, match="not a phone"):
        Addr.phone("María")


def test_a_menu_without_buttons_is_numbered_text():
    menu = Menu(
        "Hola María 👋 ¿En qué te ayudo?",
        (Option("net", "🌐 Reportar problema de internet"), Option("bill", "💳 Ver mi cuenta", "saldo y vencimientos")),
        hint="Respondé con el número.",
    )
    assert menu_text(menu) == (
        "Hola María 👋 ¿En qué te ayudo?\n\n"
        "*1.* 🌐 Reportar problema de internet\n"
        "*2.* 💳 Ver mi cuenta\n"
        "    _saldo y vencimientos_\n\n"
        "Respondé con el número."
    )


def test_a_menu_needs_neither_body_nor_hint():
    assert menu_text(Menu("", (Option("a", "Uno"),))) == "*1.* Uno"


def test_media_comes_from_a_file_or_from_memory(tmp_path):
    path = tmp_path / "factura.pdf"
    path.write_bytes(b"%PDF")
    assert Media("document", "factura.pdf", "application/pdf", path=path).read() == b"%PDF"
    assert Media("document", "factura.pdf", "application/pdf", data=b"x").read() == b"x"
    with pytest.raises(ValueError, match="data or path"):
        Media("document", "factura.pdf", "application/pdf").read()
