"""Verbs of the menus' draft. Customers see nothing of it until it is published (`publishing.py`)."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.text import slugify

from backoffice.common import deleting
from backoffice.common.errors import DomainError
from backoffice.dialogs import selectors
from backoffice.dialogs.models import CollectField, Menu, MenuOption
from backoffice.dialogs.services.errors import ChangedMeanwhile
from backoffice.dialogs.tree import SUBMENU, option_stamp

MOST_OPTIONS = 20


@transaction.atomic
def save_menu(*, menu: Menu, seen: str | None = None) -> Menu:
    """Keep a menu whose fields are already validated; a new one gets its key from its name.

    `seen` is what its form began with (`menu_seen`); None when nobody looked.

    Raises:
        ChangedMeanwhile: somebody else changed it since then.
    """
    if not menu.key:
        menu.key = _free_key(menu.title)
    elif seen is not None:
        stored = Menu.objects.select_for_update().filter(pk=menu.pk).first()
        if stored is None:
            raise ChangedMeanwhile("Alguien borró este menú mientras lo editabas.")
        if menu_seen(stored) != seen:
            raise ChangedMeanwhile(
                f"Alguien lo cambió mientras lo editabas: ahora es «{stored.title}», «{stored.text}»."
            )
    menu.save()
    return menu


def menu_seen(menu: Menu) -> str:
    """What a form of this menu begins with, to know later that nobody changed it meanwhile."""
    return f"{menu.title}\n{menu.text}"


def _free_key(title: str) -> str:
    base = slugify(title)[:34] or "menu"
    taken = set(Menu.objects.filter(key__startswith=base).values_list("key", flat=True))
    return next(key for key in [base, *(f"{base}-{number}" for number in range(2, len(taken) + 3))] if key not in taken)


@transaction.atomic
def delete_menu(*, menu: Menu) -> None:
    """Delete a menu with its options.

    Raises:
        DomainError: it is the root, or some option still opens it.
    """
    if menu.is_root:
        raise DomainError("El menú principal no se puede borrar.")
    opened_by = MenuOption.objects.filter(target=menu).exclude(menu=menu).select_related("menu").first()
    if opened_by:
        raise DomainError(
            f"«{menu}» se abre desde «{opened_by}» (en «{opened_by.menu}»). Cambiá o borrá esa opción primero."
        )
    deleting.delete(menu, first=list(menu.options.all()))


@transaction.atomic
def save_option(*, option: MenuOption, fields: Sequence[CollectField] = (), seen: str | None = None) -> MenuOption:
    """Keep an option, new or changed, with all the data it collects, in order. A new or moved one goes last.

    `seen` is the `option_stamp` of what its form began with; None when nobody looked.

    Raises:
        ChangedMeanwhile: somebody else changed or deleted it since then.
        DomainError: its menu is full.
    """
    stored = MenuOption.objects.select_for_update().filter(pk=option.pk).first() if option.pk else None
    if seen is not None and option.pk:
        _as_seen(stored, seen)
    if stored is None or stored.menu_id != option.menu_id:
        siblings = MenuOption.objects.filter(menu_id=option.menu_id).exclude(pk=option.pk)
        option.position = _room_for_one_more(list(siblings))
    if option.action_id != SUBMENU:
        option.target = None
    option.save()
    write_fields(option, fields)
    return option


def _as_seen(stored: MenuOption | None, seen: str) -> None:
    if stored is None:
        raise ChangedMeanwhile("Alguien borró esta opción mientras la editabas. Si guardás de nuevo, vuelve a crearse.")
    if option_stamp(stored.menu.key, selectors.option_of(stored)) != seen:
        raise ChangedMeanwhile("Alguien cambió esta opción mientras la editabas.")


def _room_for_one_more(siblings: Sequence[MenuOption]) -> int:
    """The position after the last. Raises: DomainError when the menu is full."""
    if len(siblings) >= MOST_OPTIONS:
        raise DomainError(f"Un menú tiene hasta {MOST_OPTIONS} opciones: más no se pueden leer.")
    return max((row.position for row in siblings), default=0) + 1


def write_fields(option: MenuOption, fields: Sequence[CollectField]) -> None:
    """Make the option ask for these data and no others: what stays the same is not written, nor its history."""
    stored = list(option.fields.all())
    for place, wanted in enumerate(fields, start=1):
        row = stored[place - 1] if place <= len(stored) else CollectField(option=option)
        values = selectors.datum_of(wanted)
        if row.pk is None or (selectors.datum_of(row), row.position) != (values, place):
            row.label, row.question, row.kind = values.label, values.question, values.kind
            row.choices, row.required, row.position = values.choices, values.required, place
            row.save()
    for row in stored[len(fields) :]:
        row.delete()


@transaction.atomic
def move_option(*, option: MenuOption, menu: Menu, place: int) -> None:
    """Put an option in a menu, its own or another, after `place` of the options there (0: the first).

    Raises:
        DomainError: that menu is full, or it is the one that the option opens.
    """
    rows = list(MenuOption.objects.select_for_update().filter(menu=menu).exclude(pk=option.pk))
    if option.menu_id != menu.pk:
        if option.target_id == menu.pk:
            raise DomainError(f"«{option}» abre «{menu}»: no puede estar adentro.")
        _room_for_one_more(rows)
        option.menu = menu
        option.position = 0
    rows.insert(max(0, place), option)
    for position, row in enumerate(rows, start=1):  # at most MOST_OPTIONS, each with its own history
        if row.position != position:
            row.position = position
            row.save()


@transaction.atomic
def delete_option(*, option: MenuOption) -> None:
    """Delete an option and the data it asks for. The menu it opened stays, to be used from elsewhere."""
    deleting.delete(option)
