"""The manual: its front page with a box that finds any word, its pages and their pictures. For all the staff."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from backoffice.panel.help import screens_of
from backoffice.panel.manual.library import manual
from backoffice.panel.manual.searching import find
from backoffice.panel.pages.base import ALL_STAFF, page, show

DAY = 24 * 3600


@page(ALL_STAFF)
def front(request: HttpRequest) -> HttpResponse:
    """The chapters, or what was looked for; as a fragment when the page asks while somebody types."""
    question = request.GET.get("q", "").strip()[:80]
    found = {"question": question, "hits": find(question)}
    if request.headers.get("HX-Request"):
        return render(request, "panel/manual/hits.html", found)
    support = settings.SUPPORT
    return show(request, "panel/manual/front.html", "Manual", chapters=manual().chapters, support=support, **found)


@page(ALL_STAFF)
def one(request: HttpRequest, slug: str) -> HttpResponse:
    """A page, with the contents beside it and the way to the screens it explains."""
    book = manual()
    chosen = book.pages.get(slug)
    if chosen is None:
        raise Http404
    order = list(book.pages.values())
    place = order.index(chosen)
    return show(
        request,
        "panel/manual/page.html",
        chosen.title,
        chosen=chosen,
        chapters=book.chapters,
        screens=screens_of(slug, request),
        before=order[place - 1] if place else None,
        after=order[place + 1] if place + 1 < len(order) else None,
    )


@page(ALL_STAFF)
def picture(request: HttpRequest, name: str) -> HttpResponse:
    """Only one that the manual's folder has, by its exact name: nothing of the name becomes a path."""
    path = manual().pictures.get(name)
    if path is None:
        raise Http404
    answer = HttpResponse(path.read_bytes(), content_type="image/png")  # small: what a screenshot weighs
    patch_cache_control(answer, private=True, max_age=DAY)
    return answer


@page(ALL_STAFF)
def sample(request: HttpRequest, name: str) -> HttpResponse:
    """A sheet to try an import with; only one that the manual's folder has, by its exact name."""
    path = manual().samples.get(name)
    if path is None:
        raise Http404
    answer = HttpResponse(path.read_bytes(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{path.name}"'
    return answer
