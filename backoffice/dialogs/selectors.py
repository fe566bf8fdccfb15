"""Reads of the menus: the draft as rows and as a value, and what is published."""

from collections.abc import Iterable

from django.db.models import Prefetch

from backoffice.dialogs.models import ActionType, CollectField, Menu, MenuOption, MenuVersion
from backoffice.dialogs.tree import MenuTree, TreeDatum, TreeMenu, TreeOption


def draft_rows() -> list[Menu]:
    """Every menu of the draft with its options, their actions, targets and data, in order (three queries)."""
    options = MenuOption.objects.select_related("action", "target").prefetch_related("fields")
    return list(Menu.objects.prefetch_related(Prefetch("options", options)))


def draft() -> MenuTree:
    """The menus as staff have them on screen (three queries)."""
    return tree_of(draft_rows())


def tree_of(rows: Iterable[Menu]) -> MenuTree:
    """Rows of `draft_rows` as a value."""
    rows = list(rows)
    root = next((menu.key for menu in rows if menu.is_root), "")
    return MenuTree(root, tuple(_menu(menu) for menu in rows))


def _menu(row: Menu) -> TreeMenu:
    return TreeMenu(row.key, row.title, row.text, tuple(option_of(option) for option in row.options.all()))


def option_of(row: MenuOption) -> TreeOption:
    """An option's row as a value; reads its target and its data if they were not prefetched."""
    return TreeOption(
        key=str(row.pk),
        title=row.title,
        action=row.action_id,
        target=row.target.key if row.target else "",
        text=row.text,
        area=row.area,
        active=row.active,
        fields=tuple(datum_of(field) for field in row.fields.all()),
    )


def datum_of(row: CollectField) -> TreeDatum:
    return TreeDatum(row.label, row.question, row.kind, row.choices, row.required)


def published() -> MenuVersion | None:
    """The version in force; None when nothing was ever published (one query)."""
    return MenuVersion.objects.select_related("author").first()


def available_actions() -> frozenset[str]:
    """The codes of what an option can do in this version of the bot (one query)."""
    return frozenset(ActionType.objects.filter(available=True).values_list("code", flat=True))
