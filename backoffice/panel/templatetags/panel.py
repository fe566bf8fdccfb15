"""Small helpers of our templates."""

from decimal import Decimal
from typing import Any

from django import template

from integrations.understanding.money import format_ars
from integrations.understanding.phones import local_display

register = template.Library()


@register.filter
def at(mapping: dict[Any, Any], key: Any) -> Any:
    """The value of a key that is itself a variable; empty when it is not there."""
    return mapping.get(key, "")


@register.filter
def pesos(amount: Decimal | None) -> str:
    """$ 18.500,00"""
    return "—" if amount is None else format_ars(amount)


@register.filter
def phone(number: str) -> str:
    """A stored number as people write it here."""
    return local_display(number) if number else "—"


@register.filter
def history_value(value: Any) -> str:
    """A value of the history as people read it: yes and no instead of True and False, nothing instead of None."""
    words = {"True": "sí", "False": "no", "None": "", "": ""}
    return words.get(str(value), str(value))
