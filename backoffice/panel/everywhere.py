"""What every page of the panel carries: the company's name, the banner of the bot's mode and the way to its help."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from backoffice.operations.models import BotControl
from backoffice.panel.glance import glance
from backoffice.panel.help import help_url

MODES: dict[str, tuple[str, str, str]] = {
    BotControl.Mode.GATEWAY: ("warn", "notifications_active", "el bot no responde a los clientes"),
    BotControl.Mode.EMERGENCY: ("bad", "emergency_home", "el bot responde a todos con el mensaje de emergencia"),
    BotControl.Mode.STOPPED: ("bad", "pan_tool", "el bot no responde ni envía avisos"),
}


def context(request: HttpRequest) -> dict[str, Any]:
    if not request.user.is_authenticated:
        return {}
    return {"mode_banner": mode_banner(request), "help_url": help_url(request)}


def mode_banner(request: HttpRequest) -> dict[str, str] | None:
    """Who put the bot in a mode that is not the normal one, and since when; None in Modo Completo."""
    now = glance(request)
    if now.mode not in MODES:
        return None
    tone, icon, effect = MODES[now.mode]
    text = f"{BotControl.Mode(now.mode).label}: {effect}."
    if now.changed_by and now.changed_at:
        text += f" Lo activó {now.changed_by} el {timezone.localtime(now.changed_at):%d/%m/%Y a las %H:%M}."
    link = reverse("admin:panel_tools") if request.user.has_perm("operations.use_bot_tools") else ""
    return {"tone": tone, "icon": icon, "text": text, "link": link}


def company_name(request: HttpRequest) -> str:
    """Under the product's name in the sidebar, and on the login page; `CompanyTimezone` read it."""
    return getattr(request, "company_name", "") or "Tu proveedor de Internet"
