"""What these screens share."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString


class MovedByVerbs:
    """A screen whose rows do not go back to an old version by themselves: a verb moves them, and a ledger tells it."""

    def revert_disabled(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method == "POST":
            raise PermissionDenied
        return super().history_form_view(request, object_id, version_id, extra_context)  # type: ignore[misc,no-any-return]


def sees_customers(request: HttpRequest) -> bool:
    """Whether who looks may know whose a service is."""
    return request.user.has_perm("customers.view_customer")


def bar(used: int, total: int) -> SafeString:
    """«3 de 8» over a bar that is red when nothing is left."""
    share = round(100 * used / total) if total else 0
    return format_html(
        '<div class="mo-use"><span class="mo-use-text">{} de {}</span>'
        '<div class="mo-meter {}" role="img" aria-label="{} de {} en uso"><span style="width: {}%"></span></div></div>',
        used, total, "bad" if used >= total else "", used, total, share,
    )  # fmt: skip
