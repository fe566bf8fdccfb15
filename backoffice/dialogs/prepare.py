"""The menus that the product brings (`fixtures/menus.json`).

A menu with its options is one seed: once staff changed anything in it, no upgrade touches it again. What is written is
published too, unless staff have changes of their own waiting in the draft: then they publish all together.
"""

import json
from typing import Any

from django.conf import settings
from django.db import transaction

from backoffice.common import seeds
from backoffice.dialogs import selectors, services
from backoffice.dialogs.models import ActionType, CollectField, Menu, MenuOption

Seed = dict[str, Any]

_PREFIX = "menu:"
_OPTION = {"action": "", "target": "", "text": "", "area": MenuOption.Area.SUPPORT.value, "fields": []}
_FIELD = {"kind": CollectField.Kind.TEXT.value, "choices": "", "required": True}


@transaction.atomic
def prepare() -> None:
    """Add the menus that are new in this version and correct those that staff did not touch.

    Runs at each start and changes nothing the second time.
    """
    wanted = [_whole(seed) for seed in json.loads((settings.FIXTURES_DIR / "menus.json").read_text(encoding="utf-8"))]
    present = _present([seed["key"] for seed in wanted])
    marks = seeds.marks(_PREFIX)
    due = [
        seed
        for seed in wanted
        if seeds.fate(seed, present.get(seed["key"]), marks.get(_PREFIX + seed["key"])) is not seeds.Fate.LEAVE
    ]
    if due:
        current = selectors.published()
        in_step = current is None or current.menus == selectors.draft()
        _make_actions(due)
        menus = {seed["key"]: _write_menu(seed) for seed in due}
        others = {menu.key: menu for menu in Menu.objects.exclude(key__in=menus)}
        for seed in due:
            _write_options(menus[seed["key"]], seed, others | menus)
        written = _present(list(menus))
        seeds.remember({_PREFIX + key: values for key, values in written.items()})
        if in_step:
            services.publish_as_it_is(note="Los menús que trae el producto")


def _whole(seed: Seed) -> Seed:
    """The seed with what the file leaves out, in the shape that `_present` reads from the tables."""
    options = []
    for option in seed["options"]:
        fields = [{**_FIELD, **field} for field in option.get("fields", [])]
        options.append({**_OPTION, **option, "fields": fields})
    return {**seed, "options": options}


def _present(keys: list[str]) -> dict[str, Seed]:
    """These menus as the tables have them (three queries)."""
    menus = Menu.objects.filter(key__in=keys).prefetch_related("options__fields", "options__target")
    return {menu.key: _menu_values(menu) for menu in menus}


def _menu_values(menu: Menu) -> Seed:
    return {
        "key": menu.key,
        "title": menu.title,
        "text": menu.text,
        "root": menu.is_root,
        "options": [_option_values(option) for option in menu.options.all()],
    }


def _option_values(option: MenuOption) -> Seed:
    values: Seed = {
        "title": option.title,
        "action": option.action_id,
        "target": option.target.key if option.target else "",
        "text": option.text,
        "area": option.area,
        "fields": [
            {
                "label": field.label,
                "question": field.question,
                "kind": field.kind,
                "choices": field.choices,
                "required": field.required,
            }
            for field in option.fields.all()
        ],
    }
    return values if option.active else {**values, "active": False}


def _make_actions(due: list[Seed]) -> None:
    """Bare rows for actions that the bot did not declare yet, so that menus can name them."""
    codes = {option["action"] for seed in due for option in seed["options"]}
    ActionType.objects.bulk_create([ActionType(code=code, label=code) for code in sorted(codes)], ignore_conflicts=True)


def _write_menu(seed: Seed) -> Menu:
    """The menu's row. A second root is never made: the one that staff chose stays."""
    menu = Menu.objects.filter(key=seed["key"]).first() or Menu(key=seed["key"])
    menu.title, menu.text = seed["title"], seed["text"]
    menu.is_root = seed["root"] and not Menu.objects.filter(is_root=True).exclude(key=seed["key"]).exists()
    menu.save()
    return menu


def _write_options(menu: Menu, seed: Seed, menus: dict[str, Menu]) -> None:
    for old in menu.options.all():
        old.delete()
    for position, values in enumerate(seed["options"], start=1):
        if values["target"] and values["target"] not in menus:
            continue  # staff deleted the menu that it opened
        option = MenuOption(
            menu=menu,
            position=position,
            title=values["title"],
            action_id=values["action"],
            target=menus.get(values["target"]),
            text=values["text"],
            area=values["area"],
        )
        option.save()
        for place, field in enumerate(values["fields"], start=1):
            CollectField(option=option, position=place, **field).save()
