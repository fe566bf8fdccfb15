"""Nothing in English on the screen: third-party strings have their Spanish, dates and numbers are ours."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.admin.sites import site
from django.utils import formats, translation
from django.utils.translation.template import templatize

from backoffice.locale.compile import pack, parse

CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
STRING = r"""(u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*")"""
IN_TEMPLATE = re.compile(rf"\b(_|gettext|ngettext|pgettext)\(\s*{STRING}(?:,\s*{STRING})?", re.DOTALL)
SAME_IN_BOTH = {"Error", "No", "Cron", "%(class_name)s %(instance)s"}
# What django-q says is read in the log by whoever runs the server; its screens are not shown, its nouns are.
SCREENS = {"django_q": ("models.py", "admin.py")}


def test_every_third_party_string_has_its_spanish() -> None:
    missing = [
        f"{package}: {message!r}"
        for package in ("unfold", "simple_history", "import_export", "django_q")
        for message in sorted(set(_messages(package)))
        if not _translated(message)
    ]
    assert missing == []


def test_the_compiled_catalogue_is_what_the_po_says() -> None:
    source = Path(settings.LOCALE_PATHS[0]) / "es" / "LC_MESSAGES" / "django.po"
    assert source.with_suffix(".mo").read_bytes() == pack(parse(source.read_text(encoding="utf-8")))


@pytest.mark.parametrize("language", ["es-ar", "es"])
def test_dates_and_numbers_are_argentine(language: str) -> None:
    with translation.override(language):
        moment = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
        assert formats.date_format(moment, "DATETIME_FORMAT") == "24/11/2026 10:30"
        assert formats.date_format(moment, "SHORT_DATE_FORMAT") == "24/11/2026"
        assert formats.number_format(Decimal("18500.5"), 2, use_l10n=True, force_grouping=True) == "18.500,50"


def test_a_holiday_may_be_typed_in_both_ways() -> None:
    assert "%Y-%m-%d" in formats.get_format("DATE_INPUT_FORMATS", "es-ar")
    assert formats.get_format("DATE_INPUT_FORMATS", "es-ar")[0] == "%d/%m/%Y"


def test_every_list_says_what_to_do_when_it_is_empty() -> None:
    silent = [
        type(admin).__name__
        for admin in site._registry.values()
        if admin.empty_state == "Todavía no hay nada acá." and not hasattr(admin.model, "load")
    ]
    assert silent == []


def _messages(package: str) -> Iterator[str]:
    module = import_module(package)
    assert module.__file__
    only = SCREENS.get(package)
    for path in Path(module.__file__).parent.rglob("*"):
        if path.suffix == ".py" and "test" not in path.name and (only is None or path.name in only):
            yield from _in_python(path.read_text(encoding="utf-8"))
        elif path.suffix == ".html" and only is None:
            yield from _in_template(path)


def _in_python(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        name = called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""
        texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if name in CALLS and texts:
            yield "\x04".join(texts[:2]) if name.startswith("pgettext") else texts[0]


def _in_template(path: Path) -> Iterator[str]:
    for call in IN_TEMPLATE.finditer(templatize(path.read_text(encoding="utf-8"), origin=str(path))):
        first = ast.literal_eval(call[2])
        yield f"{first}\x04{ast.literal_eval(call[3])}" if call[1] == "pgettext" and call[3] else first


def _translated(message: str) -> bool:
    if not message.strip() or message in SAME_IN_BOTH:
        return True
    catalogue = translation.trans_real.translation("es-ar")
    return catalogue.gettext(message) != message or catalogue.ngettext(message, message, 1) != message
