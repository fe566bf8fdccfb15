"""The menu tree: every kind of option, and what is refused."""

import pytest
from django.test import Client
from django.urls import reverse

from backoffice.dialogs.models import ActionType, CollectField, Menu, MenuOption


@pytest.fixture
def menu(db: None) -> Menu:
    for code in ("submenu", "reply", "collect", "create_ticket"):
        ActionType.objects.get_or_create(code=code, defaults={"label": code})
    return Menu.objects.create(key="principal", title="Menú principal", is_root=True)


def _option(menu: Menu, title: str, action: str = "reply", **values: object) -> MenuOption:
    return MenuOption.objects.create(menu=menu, title=title, action_id=action, text="hola", **values)


def _form(menu: Menu, action: str, fields: int = 0, **values: object) -> dict[str, object]:
    base = {"title": "Opción", "action": action, "menu": menu.pk, "area": "support", "active": "on"}
    return base | {"datos-TOTAL_FORMS": fields, "datos-INITIAL_FORMS": 0} | values


def test_an_option_of_each_kind_is_added_in_order(admin: Client, menu: Menu) -> None:
    other = Menu.objects.create(key="problemas", title="Problemas")
    add = reverse("admin:panel_add_option", args=[menu.pk])
    collect = {"datos-0-label": "Domicilio", "datos-0-question": "¿Dónde?", "datos-0-kind": "text"}
    for data in (
        _form(menu, "submenu", target=other.pk),
        _form(menu, "reply", text="Hola"),
        _form(menu, "create_ticket"),
        _form(menu, "collect", 1, **collect),
    ):
        assert "HX-Redirect" in admin.post(add, data).headers
    assert [option.action_id for option in menu.options.all()] == ["submenu", "reply", "create_ticket", "collect"]
    assert CollectField.objects.get().label == "Domicilio"
    assert "Problemas" in admin.get(reverse("admin:panel_menus")).text


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ("submenu", "Elegí qué menú abre"),
        ("reply", "Escribí la respuesta"),
        ("collect", "Agregá al menos un dato"),
        ("nada", "opción válida"),
    ],
)
def test_an_option_that_lacks_something_says_what(admin: Client, menu: Menu, action: str, reason: str) -> None:
    answer = admin.post(reverse("admin:panel_add_option", args=[menu.pk]), _form(menu, action))
    assert reason in answer.text
    assert not menu.options.exists()


def test_menus_that_would_go_round_in_circles_are_refused(admin: Client, menu: Menu) -> None:
    second = Menu.objects.create(key="dos", title="Dos")
    third = Menu.objects.create(key="tres", title="Tres")
    _option(menu, "a", "submenu", target=second)
    _option(second, "b", "submenu", target=third)
    answer = admin.post(reverse("admin:panel_add_option", args=[third.pk]), _form(third, "submenu", target=menu.pk))
    assert "daría vueltas" in answer.text
    assert not third.options.exists()


def test_options_move_and_change_menu(admin: Client, menu: Menu) -> None:
    first, second = _option(menu, "uno", position=1), _option(menu, "dos", position=2)
    admin.post(reverse("admin:panel_move_option", args=[second.pk]), {"hacia": "arriba"})
    assert [option.title for option in menu.options.all()] == ["dos", "uno"]
    other = Menu.objects.create(key="otro", title="Otro")
    data = _form(menu, "reply", text="hola") | {"title": "uno", "menu": other.pk}
    admin.post(reverse("admin:panel_option", args=[first.pk]), data)
    assert [option.title for option in other.options.all()] == ["uno"]


def test_a_menu_in_use_is_not_deleted_and_then_it_is(admin: Client, menu: Menu) -> None:
    other = Menu.objects.create(key="otro", title="Otro")
    opens = _option(menu, "abre", "submenu", target=other)
    assert "se abre desde «abre»" in _delete(admin, "panel_delete_menu", other.pk)
    _option(menu, "otra")
    assert "Opción borrada" in _delete(admin, "panel_delete_option", opens.pk)
    assert "Menú borrado" in _delete(admin, "panel_delete_menu", other.pk)
    assert [row.title for row in Menu.objects.all()] == ["Menú principal"]


def test_the_root_and_its_last_option_stay(admin: Client, menu: Menu) -> None:
    last = _option(menu, "única")
    assert "al menos una opción visible" in _delete(admin, "panel_delete_option", last.pk)
    assert "principal no se puede borrar" in _delete(admin, "panel_delete_menu", menu.pk)
    assert menu.options.count() == 1


def _delete(admin: Client, name: str, pk: int) -> str:
    came_from = f"http://testserver{reverse('admin:panel_menus')}"
    return admin.post(reverse(f"admin:{name}", args=[pk]), headers={"referer": came_from}, follow=True).text


def test_the_history_tells_who_changed_an_option_and_from_what(admin: Client, menu: Menu) -> None:
    option = _option(menu, "Hablar con técnico", "create_ticket")
    other = Menu.objects.create(key="otro", title="Otro menú")
    data = _form(menu, "reply", text="hola") | {"title": "Hablar con una persona", "menu": other.pk}
    admin.post(reverse("admin:panel_option", args=[option.pk]), data)
    page = admin.get(reverse("admin:panel_changes", args=["menus"])).text
    for told in ("Cambiado por Elena Soto", "Hablar con técnico", "Hablar con una persona", "Otro menú"):
        assert told in page
    assert admin.get(reverse("admin:panel_changes", args=["nada"])).status_code == 404
