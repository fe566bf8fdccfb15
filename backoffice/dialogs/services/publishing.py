"""Verbs of the menus' versions: what customers get, and going back to what they got before."""

from django.db import IntegrityError, transaction

from backoffice.accounts.models import User
from backoffice.common.errors import DomainError
from backoffice.dialogs import checks, selectors
from backoffice.dialogs.models import ActionType, CollectField, Menu, MenuOption, MenuVersion
from backoffice.dialogs.services.draft import write_fields
from backoffice.dialogs.services.errors import ChangedMeanwhile, Unfit
from backoffice.dialogs.tree import MenuTree, TreeMenu, TreeOption

NOTE_MAX = 200


@transaction.atomic
def publish(*, seen: str, author: User | None, note: str = "", despite_warnings: bool = False) -> MenuVersion:
    """Freeze the draft as the version that new dialogues get. `seen` is the stamp of the draft that was reviewed.

    Raises:
        ChangedMeanwhile: the draft is another since it was reviewed.
        Unfit: it has errors, or warnings that the version in force does not have and nobody accepted.
        DomainError: nothing changed.
    """
    tree, current = _draft_as_seen(seen), selectors.published()
    before = current.menus if current is not None else None
    if tree == before:
        raise DomainError("No hay cambios para publicar.")
    actions = selectors.available_actions()
    found = checks.problems(tree, actions=actions)
    known = checks.problems(before, actions=actions) if before is not None else []
    if checks.errors(found) or (not despite_warnings and set(checks.warnings(found)) - set(known)):
        raise Unfit(found)
    return _freeze(tree, author, note)


@transaction.atomic
def publish_as_it_is(*, note: str) -> MenuVersion:
    """Freeze the draft unexamined, in nobody's name: the menus that the product brings."""
    return _freeze(selectors.draft(), None, note)


@transaction.atomic
def bring_back(*, version: MenuVersion, seen: str) -> None:
    """Make the draft equal to an old version. What it had stays in the history of each menu and option.

    Raises:
        ChangedMeanwhile: the draft is another since this person looked.
    """
    _draft_as_seen(seen)
    _write(version.menus)


@transaction.atomic
def roll_back(*, version: MenuVersion, seen: str, author: User | None) -> MenuVersion:
    """Bring an old version back and publish it, as a new one.

    Raises:
        ChangedMeanwhile: the draft is another since this person looked.
        Unfit: what was right then has an error now.
        DomainError: it is what is in force.
    """
    bring_back(version=version, seen=seen)
    note = f"Vuelve a la versión {version.number}"
    return publish(seen=selectors.draft().stamp, author=author, note=note, despite_warnings=True)


def _draft_as_seen(seen: str) -> MenuTree:
    tree = selectors.draft()
    if tree.stamp != seen:
        raise ChangedMeanwhile(
            "Alguien cambió el borrador mientras lo mirabas. Revisalo de nuevo: acá está como quedó."
        )
    return tree


def _freeze(tree: MenuTree, author: User | None, note: str) -> MenuVersion:
    last = MenuVersion.objects.values_list("number", flat=True).first() or 0
    try:
        with transaction.atomic():
            return MenuVersion.objects.create(
                number=last + 1, tree=tree.to_json(), author=author, note=note.strip()[:NOTE_MAX]
            )
    except IntegrityError as error:
        raise ChangedMeanwhile("Alguien publicó recién. Mirá qué cambió y publicá de nuevo.") from error


def _write(tree: MenuTree) -> None:
    """Make the rows say what the tree says. Options come back with their own ids, so that old buttons find them."""
    _write_menus(tree)
    menus = {menu.key: menu for menu in Menu.objects.all()}
    stored = {str(row.pk): row for row in MenuOption.objects.select_related("target").prefetch_related("fields")}
    for menu in tree.menus:
        for place, option in enumerate(menu.options, start=1):
            _write_option(stored.pop(option.key, None), option, place, menus[menu.key], menus.get(option.target))
    for gone in stored.values():
        gone.delete()
    wanted = {menu.key for menu in tree.menus}
    for key, row in menus.items():
        if key not in wanted:
            row.delete()


def _write_menus(tree: MenuTree) -> None:
    """The menus themselves, the root last: there is never more than one."""
    stored = {menu.key: menu for menu in Menu.objects.all()}
    for row in stored.values():
        if row.is_root and row.key != tree.root:
            row.is_root = False
            row.save()
    for menu in sorted(tree.menus, key=lambda one: one.key == tree.root):
        _write_menu(stored.get(menu.key) or Menu(key=menu.key), menu, is_root=menu.key == tree.root)


def _write_menu(row: Menu, menu: TreeMenu, *, is_root: bool) -> None:
    if row.pk is None or (row.title, row.text, row.is_root) != (menu.title, menu.text, is_root):
        row.title, row.text, row.is_root = menu.title, menu.text, is_root
        row.save()


def _write_option(row: MenuOption | None, option: TreeOption, place: int, menu: Menu, target: Menu | None) -> None:
    changed = row is None or (row.menu_id, row.position, selectors.option_of(row)) != (menu.pk, place, option)
    row = row or MenuOption(pk=int(option.key))
    if changed:
        ActionType.objects.get_or_create(code=option.action, defaults={"label": option.action, "available": False})
        row.menu, row.position, row.target = menu, place, target
        row.title, row.action_id, row.text = option.title, option.action, option.text
        row.area, row.active = option.area, option.active
        row.save()
        write_fields(row, [CollectField(**_values(datum)) for datum in option.fields])


def _values(datum: object) -> dict[str, object]:
    return {name: getattr(datum, name) for name in ("label", "question", "kind", "choices", "required")}
