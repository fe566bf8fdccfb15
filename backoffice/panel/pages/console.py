"""The «Consola en Vivo» as JSON for the browser."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from backoffice.operations.console import Line, console_lines
from backoffice.panel.pages.base import page


@page("accounts.view_full_dashboard")
def console(request: HttpRequest) -> HttpResponse:
    """{"cursor", "lines": [{"key", "at", "kind", "text"}]}, oldest first; 204 when nothing is new.

    Lines of the last seconds come again with the next call: the browser drops the keys it already shows.
    """
    lines, cursor = console_lines(request.GET.get("after", ""), search=request.GET.get("q", ""))
    if not lines:
        return HttpResponse(status=204)
    return JsonResponse({"cursor": cursor, "lines": [_shown(line) for line in lines]})


def _shown(line: Line) -> dict[str, str]:
    at = timezone.localtime(line.at)
    today = at.date() == timezone.localdate()
    shown = f"{at:%H:%M:%S}" if today else f"{at:%d/%m %H:%M}"
    return {"key": line.key, "at": shown, "kind": line.kind, "text": line.text}
