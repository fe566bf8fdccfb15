"""The menu tree: every kind of option, and what is refused."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from backoffice.accounts.models import User
from backoffice.customers.models import Customer
from backoffice.dialogs.models import ActionType, CollectField, Menu, MenuOption, MenuVersion
from backoffice.dialogs.selectors import draft, published
from backoffice.dialogs.services import publish_as_it_is


@pytest.fixture
def menu(db: None) -> Menu:
    for code in ("submenu", "reply", "collect", "create_ticket", "balance"):
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
        assert admin.post(add, data).headers["HX-Retarget"] == "#menu-editor"
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


def test_a_loop_is_told_at_once_and_refused_on_publishing(admin: Client, menu: Menu) -> None:
    second = Menu.objects.create(key="dos", title="Dos")
    opens = _option(menu, "a", "submenu", target=second)
    answer = admin.post(reverse("admin:panel_add_option", args=[second.pk]), _form(second, "submenu", target=menu.pk))
    assert "daría vueltas" in answer.text
    closing = second.options.get()
    review = admin.get(reverse("admin:panel_publish_menus")).text
    assert f"/panel/menus/#option-{closing.pk}" in review
    assert 'name="nota"' not in review
    assert "Hay cosas para revisar" in admin.post(reverse("admin:panel_publish_menus"), {"visto": draft().stamp}).text
    assert not MenuVersion.objects.exists()
    assert opens.pk


def test_options_move_and_change_menu(admin: Client, menu: Menu) -> None:
    first, second = _option(menu, "uno", position=1), _option(menu, "dos", position=2)
    move = reverse("admin:panel_move_option", args=[second.pk])
    assert "quedó en el lugar 1" in admin.post(move, {"menu": menu.pk, "lugar": 0}, headers={"hx-request": "true"}).text
    assert [option.title for option in menu.options.all()] == ["dos", "uno"]
    other = Menu.objects.create(key="otro", title="Otro")
    admin.post(move, {"menu": other.pk, "lugar": 7})
    assert [option.title for option in other.options.all()] == ["dos"]
    data = _form(menu, "reply", text="hola") | {"title": "uno", "menu": other.pk}
    admin.post(reverse("admin:panel_option", args=[first.pk]), data)
    assert [option.title for option in other.options.all()] == ["dos", "uno"]


def test_a_refusal_draws_the_editor_as_it_is(admin: Client, menu: Menu) -> None:
    other = Menu.objects.create(key="otro", title="Otro")
    opens = _option(menu, "abre", "submenu", target=other)
    answer = admin.post(
        reverse("admin:panel_move_option", args=[opens.pk]), {"menu": other.pk}, headers={"hx-request": "true"}
    )
    assert "no puede estar adentro" in answer.text
    assert answer.headers["HX-Retarget"] == "#menu-editor"


def test_a_menu_in_use_is_not_deleted_and_then_it_is(admin: Client, menu: Menu) -> None:
    other = Menu.objects.create(key="otro", title="Otro")
    opens = _option(menu, "abre", "submenu", target=other)
    assert "se abre desde «abre»" in _delete(admin, "panel_delete_menu", other.pk)
    _option(menu, "otra")
    assert "«abre» se borró del borrador" in _delete(admin, "panel_delete_option", opens.pk)
    assert "«Otro» se borró del borrador" in _delete(admin, "panel_delete_menu", other.pk)
    assert [row.title for row in Menu.objects.all()] == ["Menú principal"]


def test_the_root_stays(admin: Client, menu: Menu) -> None:
    assert "principal no se puede borrar" in _delete(admin, "panel_delete_menu", menu.pk)
    assert Menu.objects.exists()


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


# --- two people -----------------------------------------------------------------------------------


def test_the_later_save_is_told_and_loses_nothing(admin: Client, menu: Menu) -> None:
    option = _option(menu, "Horarios")
    address = reverse("admin:panel_option", args=[option.pk])
    seen = admin.get(address).context["seen"]
    option.text = "De 9 a 17"
    option.save()
    mine = _form(menu, "reply", text="De 8 a 18") | {"title": "Horarios", "visto": seen}
    refused = admin.post(address, mine)
    assert "Alguien cambió esta opción" in refused.text
    assert "De 9 a 17" in refused.text
    assert "De 8 a 18" in refused.text
    assert MenuOption.objects.get().text == "De 9 a 17"
    admin.post(address, mine | {"visto": refused.context["seen"]})
    assert MenuOption.objects.get().text == "De 8 a 18"


def test_an_option_deleted_meanwhile_can_be_saved_again(admin: Client, menu: Menu) -> None:
    option = _option(menu, "Horarios")
    address = reverse("admin:panel_option", args=[option.pk])
    option.delete()
    refused = admin.post(address, _form(menu, "reply", text="De 8 a 18") | {"title": "Horarios", "visto": "x"})
    assert "Alguien borró esta opción" in refused.text
    assert "De 8 a 18" in refused.text
    assert refused.context["url"] == reverse("admin:panel_add_option", args=[menu.pk])
    assert admin.get(address).status_code == 404


def test_a_menu_changed_meanwhile_is_told(admin: Client, menu: Menu) -> None:
    address = reverse("admin:panel_menu", args=[menu.pk])
    seen = admin.get(address).context["seen"]
    menu.text = "¿Qué necesitás?"
    menu.save()
    refused = admin.post(address, {"title": "Inicio", "text": "Hola", "visto": seen})
    assert "¿Qué necesitás?" in refused.text
    assert 'value="Inicio"' in refused.text
    admin.post(address, {"title": "Inicio", "text": "Hola", "visto": refused.context["seen"]})
    assert Menu.objects.get().title == "Inicio"


# --- publishing -----------------------------------------------------------------------------------


@pytest.fixture
def elena(staff) -> tuple[Client, User]:
    """Somebody who edits the menus and publishes nothing."""
    user = staff()
    user.user_permissions.set(Permission.objects.filter(codename__in=("view_menu", "change_menu")))
    client = Client()
    client.force_login(user)
    return client, user


def test_publish_goes_through_the_review(admin: Client, menu: Menu) -> None:
    _option(menu, "Horarios")
    review = admin.get(reverse("admin:panel_publish_menus"))
    assert "primera vez" in review.text
    asked = {"visto": review.context["seen"], "nota": "Arrancamos"}
    answer = admin.post(reverse("admin:panel_publish_menus"), asked, follow=True)
    assert "Publicada la versión 1" in answer.text
    assert "Los clientes ven esto" in answer.text
    assert (published().note, published().author.username) == ("Arrancamos", "admin2")
    assert "No hay cambios para publicar" in admin.get(reverse("admin:panel_publish_menus")).text


def test_a_warning_is_published_only_once_it_was_seen(admin: Client, menu: Menu) -> None:
    _option(menu, "Un texto que en una lista no entra entero")
    page = reverse("admin:panel_publish_menus")
    refused = admin.post(page, {"visto": draft().stamp, "nota": "Arrancamos"})
    assert "Hay cosas para revisar" in refused.text
    assert 'value="Arrancamos"' in refused.text
    admin.post(page, {"visto": draft().stamp, "igual": "on"})
    assert published().number == 1


def test_the_review_that_is_old_is_shown_anew(admin: Client, menu: Menu) -> None:
    _option(menu, "Horarios")
    answer = admin.post(reverse("admin:panel_publish_menus"), {"visto": "otro"})
    assert "Alguien cambió el borrador" in answer.text
    assert not MenuVersion.objects.exists()


def test_editing_and_publishing_are_two_permissions(elena: tuple[Client, User], menu: Menu) -> None:
    client, user = elena
    _option(menu, "Horarios")
    publish_as_it_is(note="")
    _option(menu, "Pagos")
    page = client.get(reverse("admin:panel_menus")).text
    assert "Agregar opción" in page
    assert reverse("admin:panel_publish_menus") not in page
    assert client.get(reverse("admin:panel_publish_menus")).status_code == 403
    assert client.post(reverse("admin:panel_roll_back_menus", args=[1])).status_code == 403
    user.user_permissions.set(Permission.objects.filter(codename__in=("view_menu", "publish_menus")))
    page = client.get(reverse("admin:panel_menus")).text
    assert "Agregar opción" not in page
    assert reverse("admin:panel_publish_menus") in page
    assert client.post(reverse("admin:panel_bring_back_menus", args=[1])).status_code == 403
    assert client.post(reverse("admin:panel_roll_back_menus", args=[1])).status_code == 403


def test_an_old_version_is_seen_brought_to_the_draft_and_put_in_force(admin: Client, menu: Menu) -> None:
    option = _option(menu, "Horarios")
    publish_as_it_is(note="La primera")
    option.title = "Cuándo abrimos"
    option.save()
    publish_as_it_is(note="")
    assert "La primera" in admin.get(reverse("admin:panel_menu_versions")).text
    old = admin.get(reverse("admin:panel_menu_version", args=[1]))
    assert "Horarios" in old.text
    told = admin.post(reverse("admin:panel_bring_back_menus", args=[1]), {"visto": old.context["seen"]}, follow=True)
    assert "El borrador quedó como la versión 1" in told.text
    assert published().number == 2
    told = admin.post(reverse("admin:panel_roll_back_menus", args=[1]), {"visto": draft().stamp}, follow=True)
    assert "Rige de nuevo lo de la versión 1, como versión 3" in told.text
    assert MenuOption.objects.get().title == "Horarios"


# --- the phone and the trial ----------------------------------------------------------------------


def test_the_phone_shows_what_is_being_typed(admin: Client, menu: Menu) -> None:
    option = _option(menu, "Horarios")
    address = reverse("admin:panel_menu_preview")
    typed = _form(menu, "reply", text="De 9 a 17") | {"title": "Cuándo abrimos", "opcion": option.pk}
    phone = admin.post(address, typed).text
    assert "Cuándo abrimos" in phone
    assert "De 9 a 17" in phone
    assert MenuOption.objects.get().title == "Horarios"
    added = admin.post(address, _form(menu, "", opcion="") | {"title": ""}).text
    assert "<strong>2.</strong> …" in added
    assert admin.post(address, {}).status_code == 404
    assert "Horarios" in admin.get(address, {"ver": menu.key}).text


def test_the_menus_are_tried_as_a_customer_and_nothing_is_written(admin: Client, menu: Menu) -> None:
    _option(menu, "Mi cuenta", "balance")
    Customer.objects.create(code="1001", name="María González", document="30111222")
    page = reverse("admin:panel_try_menus")
    assert "María González" in admin.get(page, {"buscar": "gonz mar"}).text
    assert "Nadie coincide" in admin.get(page, {"buscar": "nadie"}).text
    maria = Customer.objects.get()
    talk = admin.get(page, {"cliente": maria.pk})
    first = admin.post(reverse("admin:panel_try_menus_turn"), {"texto": "hola", "charla": talk.context["dialogue"]})
    assert "Hola María" in first.text
    second = admin.post(reverse("admin:panel_try_menus_turn"), {"texto": "1", "charla": first.context["dialogue"]})
    assert "al día" in second.text
    forged = admin.post(reverse("admin:panel_try_menus_turn"), {"texto": "1", "charla": "otra"})
    assert "Empezá de nuevo" in forged.text


def test_who_may_not_see_accounts_does_not_try(elena: tuple[Client, User], menu: Menu) -> None:
    client, _ = elena
    assert client.get(reverse("admin:panel_try_menus")).status_code == 403
    assert client.post(reverse("admin:panel_try_menus_turn")).status_code == 403
    assert "Probar" not in client.get(reverse("admin:panel_menus")).text
