"""The draft and its versions: what is refused, what is frozen, and going back."""

import pytest

from backoffice.accounts.models import User
from backoffice.common.errors import DomainError
from backoffice.common.models import ConfigRevision
from backoffice.dialogs import services
from backoffice.dialogs.models import ActionType, CollectField, Menu, MenuOption, MenuVersion
from backoffice.dialogs.prepare import prepare
from backoffice.dialogs.selectors import draft, option_of, published
from backoffice.dialogs.tree import MenuTree, option_stamp
from bot.actions import listed_actions

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _menus(db: None) -> None:
    services.synchronise_actions(listed_actions())
    prepare()


@pytest.fixture
def elena() -> User:
    return User.objects.create_user("elena", first_name="Elena", last_name="Soto")


def technician() -> MenuOption:
    return MenuOption.objects.select_related("menu").get(title="📞 Hablar con técnico")


def rename(option: MenuOption, title: str) -> None:
    option.title = title
    option.save()


def publish(author: User | None = None, **more: object) -> MenuVersion:
    return services.publish(seen=draft().stamp, author=author, **more)  # type: ignore[arg-type]


def test_a_tree_survives_being_frozen():
    tree = draft()
    assert MenuTree.from_json(tree.to_json()) == tree
    assert MenuVersion.objects.get().menus == tree


def test_publishing_freezes_the_draft_and_only_that_tells_the_bot(elena: User):
    revision = ConfigRevision.current()
    rename(technician(), "📞 Hablar con alguien")
    assert ConfigRevision.current() == revision
    version = publish(elena, note=" Más claro ")
    assert (version.number, version.author, version.note) == (2, elena, "Más claro")
    assert version.menus == draft()
    assert ConfigRevision.current() > revision
    rename(technician_again := MenuOption.objects.get(title="📞 Hablar con alguien"), "📞 Otra cosa")
    assert technician_again.title == "📞 Otra cosa"
    assert MenuVersion.objects.get(number=2).menus == version.menus, "a version does not change with the draft"


def test_a_published_version_is_never_written_again():
    version = MenuVersion.objects.get()
    version.note = "otra"
    with pytest.raises(TypeError):
        version.save()
    with pytest.raises(TypeError):
        version.delete()


def test_nothing_to_publish():
    with pytest.raises(DomainError, match="No hay cambios"):
        publish()


def test_a_loop_or_an_empty_menu_is_refused_and_nothing_is_published():
    root, problems = Menu.objects.get(is_root=True), Menu.objects.get(key="problemas")
    loop = MenuOption.objects.create(menu=problems, title="Inicio", action_id="submenu", target=root, position=9)
    with pytest.raises(services.Unfit) as refused:
        publish(despite_warnings=True)
    assert [(one.code, one.option) for one in refused.value.problems if one.is_error] == [("loop", str(loop.pk))]
    loop.delete()
    empty = Menu.objects.create(key="vacio", title="Vacío")
    MenuOption.objects.create(menu=root, title="Abre", action_id="submenu", target=empty, position=9)
    with pytest.raises(services.Unfit) as refused:
        publish(despite_warnings=True)
    assert ("empty", "vacio") in [(one.code, one.menu) for one in refused.value.problems]
    assert MenuVersion.objects.count() == 1


def test_only_new_warnings_have_to_be_accepted():
    rename(technician(), "📞 Hablar con alguien")
    publish()  # the long titles of the manual were published already
    rename(MenuOption.objects.get(title="📞 Hablar con alguien"), "📞 Hablar con una persona del equipo técnico")
    with pytest.raises(services.Unfit) as refused:
        publish()
    assert not any(one.is_error for one in refused.value.problems)
    assert publish(despite_warnings=True).number == 3


def test_whoever_reviewed_another_draft_reviews_again():
    seen = draft().stamp
    rename(technician(), "📞 Hablar con alguien")
    with pytest.raises(services.ChangedMeanwhile, match="cambió el borrador"):
        services.publish(seen=seen, author=None)
    with pytest.raises(services.ChangedMeanwhile):
        services.bring_back(version=MenuVersion.objects.get(), seen=seen)


def test_two_who_publish_at_once_do_not_make_one_number(monkeypatch: pytest.MonkeyPatch):
    rename(technician(), "📞 Hablar con alguien")
    MenuVersion.objects.create(number=2, tree=MenuVersion.objects.get(number=1).tree)
    monkeypatch.setattr(MenuVersion.objects, "values_list", lambda *names, **flat: MenuVersion.objects.none())
    with pytest.raises(services.ChangedMeanwhile, match="publicó recién"):
        publish()


def test_an_old_version_comes_back_whole_with_its_own_ids():
    """Options and menus deleted, added, moved and changed: all as it was, and an old button still finds its option."""
    before = draft()
    root, problems = Menu.objects.get(is_root=True), Menu.objects.get(key="problemas")
    services.move_option(option=technician(), menu=problems, place=0)
    for option in MenuOption.objects.filter(action_id__in=("collect", "submenu")):
        services.delete_option(option=option)
    services.delete_menu(menu=problems)
    offers = services.save_menu(menu=Menu(title="Promociones", text="¿Cuál?"))
    option = MenuOption(menu=root, title="🎁 Promos", action_id="submenu", target=offers)
    services.save_option(option=option)
    Menu.objects.filter(key="promociones").get()
    services.bring_back(version=MenuVersion.objects.get(number=1), seen=draft().stamp)
    assert draft() == before
    assert published().number == 1, "nothing was published yet"


def test_bringing_back_writes_only_what_differs():
    rename(technician(), "📞 Hablar con alguien")
    lines = MenuOption.history.count()
    services.bring_back(version=MenuVersion.objects.get(), seen=draft().stamp)
    assert MenuOption.history.count() == lines + 1
    assert technician()


def test_going_back_is_a_new_version_that_says_so(elena: User):
    rename(technician(), "📞 Hablar con alguien")
    publish()
    made = services.roll_back(version=MenuVersion.objects.get(number=1), seen=draft().stamp, author=elena)
    assert (made.number, made.author, made.note) == (3, elena, "Vuelve a la versión 1")
    assert made.menus == MenuVersion.objects.get(number=1).menus == draft()


def test_what_the_bot_forgot_how_to_do_does_not_come_back():
    root = Menu.objects.get(is_root=True)
    MenuOption.objects.create(menu=root, title="Pagar", action_id="pay", position=9)
    publish()
    MenuOption.objects.get(title="Pagar").delete()
    publish()
    ActionType.objects.filter(code="pay").update(available=False)
    with pytest.raises(services.Unfit):
        services.roll_back(version=MenuVersion.objects.get(number=2), seen=draft().stamp, author=None)
    assert not MenuOption.objects.filter(title="Pagar").exists(), "the draft stays as it was"


def test_an_option_moves_within_its_menu_and_to_another():
    root, problems = Menu.objects.get(is_root=True), Menu.objects.get(key="problemas")
    services.move_option(option=technician(), menu=root, place=0)
    assert root.options.all()[0].title == "📞 Hablar con técnico"
    services.move_option(option=technician(), menu=problems, place=2)
    assert problems.options.all()[2].title == "📞 Hablar con técnico"
    opener = MenuOption.objects.get(target=problems)
    with pytest.raises(DomainError, match="no puede estar adentro"):
        services.move_option(option=opener, menu=problems, place=0)


def test_a_full_menu_takes_no_more():
    root = Menu.objects.get(is_root=True)
    for number in range(16):
        MenuOption.objects.create(menu=root, title=f"Opción {number}", action_id="pay", position=10 + number)
    other = MenuOption.objects.filter(menu__key="problemas").first()
    assert other is not None
    with pytest.raises(DomainError, match="hasta 20"):
        services.move_option(option=other, menu=root, place=0)
    with pytest.raises(DomainError, match="hasta 20"):
        services.save_option(option=MenuOption(menu=root, title="Una más", action_id="pay"))


def test_the_later_of_two_who_save_an_option_is_told():
    mine, theirs = technician(), technician()
    seen = option_stamp(mine.menu.key, option_of(mine))
    theirs.title = "📞 Hablar con alguien"
    services.save_option(option=theirs, seen=seen)
    mine.title = "📞 Llamanos"
    with pytest.raises(services.ChangedMeanwhile):
        services.save_option(option=mine, seen=seen)
    services.move_option(option=MenuOption.objects.get(pk=mine.pk), menu=mine.menu, place=0)
    again = MenuOption.objects.get(pk=mine.pk)
    services.save_option(option=mine, seen=option_stamp(again.menu.key, option_of(again)))
    again.delete()
    with pytest.raises(services.ChangedMeanwhile, match="borró"):
        services.save_option(option=mine, seen=seen)


def test_the_data_that_an_option_asks_for_change_in_place():
    option = MenuOption.objects.get(action_id="collect")
    kept = list(option.fields.all())
    lines = CollectField.history.count()
    services.save_option(option=option, fields=kept)
    assert CollectField.history.count() == lines, "nothing changed"
    services.save_option(option=option, fields=[kept[2], CollectField(label="DNI", question="¿Tu DNI?", kind="dni")])
    assert [field.label for field in option.fields.all()] == [kept[2].label, "DNI"]


def test_the_migration_freezes_the_menus_that_were_there():
    from importlib import import_module

    from django.apps import apps

    MenuVersion.objects.all().delete()
    import_module("backoffice.dialogs.migrations.0002_publish_menus").freeze(apps, None)
    assert MenuVersion.objects.get().menus == draft()
