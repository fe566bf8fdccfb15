"""«Alertas del sistema» with their links: worked out once for everybody, linked only where each one may go."""

from dataclasses import asdict

from django.http import HttpRequest
from django.urls import resolve, reverse

from backoffice.operations.alerts import Alert, alerts
from backoffice.panel.pages.base import ALL_STAFF
from backoffice.panel.tick import tick


def linked_alerts(request: HttpRequest) -> list[dict[str, str]]:
    """What is wrong, each with the address where this person solves it; empty when it is not theirs to solve."""
    return [_linked(request, alert) for alert in tick.read("alerts", alerts)]


def _linked(request: HttpRequest, alert: Alert) -> dict[str, str]:
    link = reverse(f"admin:{alert.url_name}") if alert.url_name else ""
    if link and not may_open(request, link):
        link = ""
    return asdict(alert) | {"link": f"{link}?{alert.query}" if link and alert.query else link}


def may_open(request: HttpRequest, link: str) -> bool:
    """Whether the page there, one of ours or a list, lets this person in."""
    view = resolve(link).func
    permissions = getattr(view, "permissions", None)
    if permissions is not None:
        return ALL_STAFF in permissions or any(request.user.has_perm(permission) for permission in permissions)
    model_admin = getattr(view, "model_admin", None)
    return model_admin is None or bool(model_admin.has_view_permission(request))
