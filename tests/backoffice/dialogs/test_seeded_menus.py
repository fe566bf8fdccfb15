"""The menus that the product brings: there from the first start, never forced on staff (SUP-02, design 7)."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project

from backoffice.common.models import SeedMark
from backoffice.dialogs.models import ActionType, Menu, MenuOption, MenuVersion
from backoffice.dialogs.prepare import prepare
from backoffice.dialogs.selectors import draft
from bot.actions import find_action

pytestmark = pytest.mark.django_db
ROOT = [
    "🌐 Reportar problema de internet",
    "💳 Consultar estado de cuenta",
    "📄 Solicitar factura",
    "📞 Hablar con técnico",
]


def titles(key: str = "principal") -> list[str]:
    return list(MenuOption.objects.filter(menu__key=key).values_list("title", flat=True))


@pytest.fixture
def new_version(settings, tmp_path: Path):
    """Write the fixture as the next version brings it."""

    def write(change: Any) -> None:
        seeds = json.loads((project.FIXTURES_DIR / "menus.json").read_text(encoding="utf-8"))
        change({seed["key"]: seed for seed in seeds}, seeds)
        (tmp_path / "menus.json").write_text(json.dumps(seeds), encoding="utf-8")
        settings.FIXTURES_DIR = tmp_path
        prepare()

    return write


def test_a_new_installation_has_the_root_of_the_manual():
    prepare()
    root = Menu.objects.get(is_root=True)
    assert root.key == "principal"
    assert titles() == ROOT


def test_the_five_actions_of_the_manual_are_used_and_all_exist():
    prepare()
    used = set(MenuOption.objects.values_list("action_id", flat=True))
    assert {"submenu", "reply", "create_ticket", "collect", "pay"} <= used
    assert all(find_action(code) for code in used)
    assert set(ActionType.objects.values_list("code", flat=True)) == used


def test_every_seeded_option_would_pass_the_panels_checks():
    prepare()
    for option in MenuOption.objects.all():
        option.full_clean()
        for field in option.fields.all():
            field.full_clean()


def test_the_second_start_writes_nothing(django_assert_num_queries):
    prepare()
    before = list(MenuOption.objects.values_list("pk", flat=True))
    with django_assert_num_queries(7):
        prepare()
    assert list(MenuOption.objects.values_list("pk", flat=True)) == before


def test_an_upgrade_corrects_what_staff_did_not_touch(new_version):
    prepare()
    new_version(lambda menus, all_: menus["principal"].update(text="¿Qué necesitás?"))
    assert Menu.objects.get(key="principal").text == "¿Qué necesitás?"
    assert titles() == ROOT


def test_an_upgrade_brings_new_menus(new_version):
    prepare()
    extra = {"key": "extra", "title": "Extra", "text": "¿?", "root": False, "options": []}
    new_version(lambda menus, all_: all_.append(extra))
    assert Menu.objects.filter(key="extra").exists()


def test_a_menu_that_staff_edited_is_theirs(new_version):
    prepare()
    option = MenuOption.objects.get(title=ROOT[3])
    option.title = "📞 Llamar a alguien"
    option.save()
    new_version(lambda menus, all_: menus["principal"].update(text="¿Qué necesitás?"))
    assert Menu.objects.get(key="principal").text == "¿En qué te ayudo?"
    assert "📞 Llamar a alguien" in titles()


def test_hiding_an_option_is_an_edit_too(new_version):
    prepare()
    MenuOption.objects.filter(title=ROOT[3]).update(active=False)
    new_version(lambda menus, all_: menus["principal"].update(text="¿Qué necesitás?"))
    assert Menu.objects.get(key="principal").text == "¿En qué te ayudo?"


def test_a_menu_that_staff_deleted_stays_deleted(new_version):
    prepare()
    MenuOption.objects.filter(target__key="problemas").delete()
    Menu.objects.get(key="problemas").delete()
    new_version(lambda menus, all_: menus["problemas"].update(text="Otro"))
    assert not Menu.objects.filter(key="problemas").exists()


def test_an_option_whose_menu_was_deleted_is_left_out(new_version):
    prepare()
    MenuOption.objects.filter(target__key="problemas").delete()
    Menu.objects.get(key="problemas").delete()
    SeedMark.objects.filter(key="menu:principal").delete()
    Menu.objects.get(key="principal").delete()
    prepare()
    assert titles() == ROOT[1:]


def test_the_root_that_staff_chose_stays_the_root():
    Menu.objects.create(key="mio", title="El mío", is_root=True)
    prepare()
    assert Menu.objects.get(is_root=True).key == "mio"
    assert Menu.objects.filter(key="principal").exists()


def test_a_menu_of_staff_with_the_same_key_is_theirs():
    Menu.objects.create(key="principal", title="El mío", text="Hola", is_root=True)
    prepare()
    assert Menu.objects.get(key="principal").text == "Hola"
    assert titles() == []


def test_what_the_product_brings_is_published():
    prepare()
    version = MenuVersion.objects.get()
    assert (version.number, version.author, version.menus) == (1, None, draft())
    prepare()
    assert MenuVersion.objects.count() == 1


def test_an_upgrade_is_published_too_unless_staff_have_a_draft(new_version):
    prepare()
    new_version(lambda menus, all_: menus["principal"].update(text="¿Qué necesitás?"))
    assert MenuVersion.objects.count() == 2
    assert MenuVersion.objects.get(number=2).menus == draft()
    Menu.objects.create(key="promos", title="Promociones")
    new_version(lambda menus, all_: menus["problemas"].update(text="¿Qué pasa?"))
    assert Menu.objects.get(key="problemas").text == "¿Qué pasa?"
    assert MenuVersion.objects.count() == 2, "they publish it with theirs"
