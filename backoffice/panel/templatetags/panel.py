"""Small helpers of our templates."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from backoffice.panel import charts
from backoffice.panel.history import RESTORABLE, label_of, permission_for
from backoffice.panel.setup.progress import concerns, progress
from backoffice.tickets.phrases import duration
from integrations.understanding.money import format_ars
from integrations.understanding.phones import local_display

register = template.Library()

_BOLD = re.compile(r"\*(?=\S)([^*\n]+?)(?<=\S)\*")


@register.filter
def at(mapping: dict[Any, Any], key: Any) -> Any:
    """The value of a key that is itself a variable; empty when it is not there."""
    return mapping.get(key, "")


@register.filter
def pesos(amount: Decimal | None) -> str:
    """$ 18.500,00"""
    return "—" if amount is None else format_ars(amount)


@register.filter
def figure(number: int) -> str:
    """12.409"""
    return charts.figure(number)


@register.filter
def phone(number: str) -> str:
    """A stored number as people write it here."""
    return local_display(number) if number else "—"


@register.filter
def moment(at: datetime | None) -> str:
    """When, as short as a list has room for: the hour today, else the day."""
    if at is None:
        return ""
    local, today = timezone.localtime(at), timezone.localdate()
    return (
        f"{local:%H:%M}"
        if local.date() == today
        else f"{local:%d/%m}"
        if local.year == today.year
        else f"{local:%d/%m/%y}"
    )


@register.filter
def since(at: datetime | None) -> str:
    """How long ago: «25 min»."""
    return "" if at is None else duration(timezone.now() - at)


@register.filter
def history_value(value: Any) -> str:
    """A value of the history as people read it: yes and no instead of True and False, nothing instead of None."""
    words = {"True": "sí", "False": "no", "None": "", "": ""}
    return words.get(str(value), str(value))


@register.filter
def whatsapp(text: str) -> SafeString:
    """WhatsApp's *bold* as it is seen in a chat; everything else is escaped."""
    parts = _BOLD.split(text)  # plain, bold, plain, bold…
    return format_html_join(
        "", "{}", ((format_html("<strong>{}</strong>", p) if i % 2 else p,) for i, p in enumerate(parts))
    )


@register.inclusion_tag("panel/restore.html", takes_context=True)
def restore_version(context: template.Context, label: str, version: int, deleted: bool = False) -> dict[str, Any]:
    """The button that goes back to a version, for whoever may change that table; nothing for the rest."""
    request = context["request"]
    allowed = label in RESTORABLE and request.user.has_perm(permission_for(RESTORABLE[label]))
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "label": label if allowed else "",
        "version": version,
        "words": "Recuperar" if deleted else "Volver a esta versión",
    }


@register.filter
def label(record: Any) -> str:
    """How a history line's table is named for going back to it; empty when one cannot."""
    return label_of(record)


@register.inclusion_tag("panel/setup/card.html", takes_context=True)
def setup_card(context: template.Context) -> dict[str, Any]:
    """«Listo para operar 8/10» for whoever configures the company, until nothing is left; nothing for the rest."""
    return {"progress": progress() if concerns(context["request"]) else None}
