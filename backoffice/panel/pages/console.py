"""The «Consola en Vivo» as JSON for the browser."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from backoffice.operations.console import Line, lines_after, newest
from backoffice.panel.pages.base import page
from backoffice.panel.tick import tick

READS = "conversations.view_message"  # who may see what customers write


@page("accounts.view_full_dashboard")
def console(request: HttpRequest) -> HttpResponse:
    """{"cursor", "lines": [{"key", "at", "kind", "text"}]}, oldest first; 204 when nothing is new.

    Lines of the last seconds come again with the next call: the browser drops the keys it already shows. With `q` it
    is the answer to a search through the whole day, which the browser asks once for each word typed.
    """
    reads, search = request.user.has_perm(READS), request.GET.get("q", "").strip()
    if search:
        lines, cursor = lines_after(newest(search=search, with_messages=reads))
    else:
        lines, cursor = lines_after(tick.read("console", newest), request.GET.get("after", ""))
    if not lines and not search:
        return HttpResponse(status=204)
    return JsonResponse({"cursor": cursor, "lines": [_shown(line, reads=reads) for line in lines]})


def _shown(line: Line, *, reads: bool) -> dict[str, str]:
    at = timezone.localtime(line.at)
    today = at.date() == timezone.localdate()
    shown = f"{at:%H:%M:%S}" if today else f"{at:%d/%m %H:%M}"
    text = line.text if reads or not line.discreet else line.discreet
    return {"key": line.key, "at": shown, "kind": line.kind, "text": text}
