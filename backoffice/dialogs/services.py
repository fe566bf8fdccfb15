"""Verbs of what the bot says and offers: texts and menus. Whatever is refused leaves everything as it was."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from backoffice.common.errors import DomainError
from backoffice.dialogs import texts
from backoffice.dialogs.models import ActionType, BotText, CollectField, Menu, MenuOption

SUBMENU = "submenu"
MOST_OPTIONS = 20


@transaction.atomic
def change_text(*, key: str, text: str) -> None:
    """Make the bot say `text` for the sentence `key`; its own default again when they are equal.

    Raises:
        DomainError: no such sentence, an empty text, or a {blank} that the sentence cannot fill.
    """
    sentence = texts.SENTENCES.get(key)
    if sentence is None:
        raise DomainError("Ese texto ya no existe.")
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise DomainError("Escribí el texto, o restaurá el original.", field="text")
    unknown = texts.unknown_blanks(key, text)
    if unknown:
        names = ", ".join(f"{{{name}}}" for name in unknown)
        raise DomainError(f"Este texto no conoce {names}. Fijate qué datos podés usar.", field="text")
    if text == sentence.default:
        return restore_text(key=key)
    row = BotText.objects.filter(key=key).first() or BotText(key=key)
    row.text = text
    row.save()
    return None


@transaction.atomic
def restore_text(*, key: str) -> None:
    """Say what the product brings again."""
    for row in BotText.objects.filter(key=key):
        row.delete()


@transaction.atomic
def save_menu(*, menu: Menu) -> Menu:
    """Keep a menu whose fields are already validated; a new one gets its key from its name."""
    if not menu.key:
        menu.key = _free_key(menu.title)
    menu.save()
    return menu


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
    for option in menu.options.all():
        option.delete()
    menu.delete()


@transaction.atomic
def save_option(
    *, option: MenuOption, fields: Sequence[CollectField] = (), removed: Sequence[CollectField] = ()
) -> MenuOption:
    """Keep an option, new or changed, with the data it collects. A new or moved one goes last.

    Raises:
        DomainError: its menu is full, or opening its target would go round in circles.
    """
    before = MenuOption.objects.filter(pk=option.pk).values_list("menu_id", flat=True).first() if option.pk else None
    if before != option.menu_id:
        siblings = MenuOption.objects.filter(menu_id=option.menu_id)
        if siblings.count() >= MOST_OPTIONS:
            raise DomainError(f"Un menú tiene hasta {MOST_OPTIONS} opciones: más no se pueden leer.")
        option.position = (siblings.aggregate(last=Max("position"))["last"] or 0) + 1
    if option.action_id != SUBMENU:
        option.target = None
    elif option.target_id is not None and _leads_to(option.target_id, option.menu_id, without=option.pk):
        raise DomainError(
            f"«{option.target}» ya lleva a «{option.menu}»: el cliente daría vueltas. "
            "Para volver, escribe «volver» o «menú».",
            field="target",
        )
    option.save()
    for row in removed:
        row.delete()
    for position, row in enumerate(fields, start=1):
        row.option, row.position = option, position
        row.save()
    return option


def _leads_to(start: int, goal: int, *, without: int | None) -> bool:
    """Whether menu `start` is, or opens through any number of steps, menu `goal`."""
    opens: dict[int, list[int]] = defaultdict(list)
    links = MenuOption.objects.filter(action_id=SUBMENU, target__isnull=False)
    for option, menu, target in links.values_list("pk", "menu_id", "target_id"):
        if target is not None and option != without:
            opens[menu].append(target)
    pending, seen = [start], set[int]()
    while pending:
        current = pending.pop()
        if current == goal:
            return True
        if current not in seen:
            seen.add(current)
            pending.extend(opens[current])
    return False


@transaction.atomic
def move_option(*, option: MenuOption, up: bool) -> None:
    """Swap an option with its neighbour; nothing happens at the ends."""
    rows = list(MenuOption.objects.filter(menu_id=option.menu_id))
    place = next(index for index, row in enumerate(rows) if row.pk == option.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        return
    rows[place], rows[other] = rows[other], rows[place]
    for position, row in enumerate(rows, start=1):  # at most MOST_OPTIONS, each with its own history
        if row.position != position:
            row.position = position
            row.save()


@transaction.atomic
def delete_option(*, option: MenuOption) -> None:
    """Delete an option and the data it asks for. The menu it opened stays, to be used from elsewhere.

    Raises:
        DomainError: it is the last visible option of the root menu.
    """
    menu = option.menu
    if menu.is_root and not menu.options.filter(active=True).exclude(pk=option.pk).exists():
        raise DomainError("El menú principal necesita al menos una opción visible.")
    option.delete()


class Action(Protocol):
    """What a menu option can do, as the bot declares it."""

    @property
    def code(self) -> str: ...

    @property
    def label(self) -> str: ...

    @property
    def help(self) -> str: ...


@transaction.atomic
def synchronise_actions(actions: Iterable[Action]) -> None:
    """Make the table of actions mirror what this version of the bot can do, in that order (design 2).

    What it can no longer do stays, marked as not available, because menus may still name it.
    """
    rows = [
        ActionType(code=one.code, label=one.label, help_text=one.help, position=position, available=True)
        for position, one in enumerate(actions, start=1)
    ]
    ActionType.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["label", "help_text", "position", "available"],
    )
    ActionType.objects.exclude(code__in=[row.code for row in rows]).update(available=False)
