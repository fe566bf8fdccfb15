"""The list of conversations: mine, those that wait, all; by name or phone, by label."""

import hashlib
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backoffice.conversations.models import Label
from backoffice.panel.pages.base import page, person, show
from backoffice.tickets import inbox
from backoffice.tickets.inbox import EVERYBODY, MINE, WAITING

VIEW = "conversations.view_contact"
ATTEND = "tickets.take_ticket"
PER_PAGE = 25
KEPT = ("ver", "q", "etiqueta", "p")
"""What of the address stays when a chat of the list is opened."""


@page(VIEW)
def chats(request: HttpRequest) -> HttpResponse:
    """The inbox alone. `?ver=` is mias, esperan or nothing; `?q=` searches people; `?etiqueta=` is a label's id."""
    return show(request, "panel/chats/page.html", "Conversaciones", **chat_list(request))


@page(VIEW)
@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """The list again when anything of it moved since `?v=`; 204 otherwise."""
    found = chat_list(request)
    if found["list_version"] == request.GET.get("v"):
        return HttpResponse(status=204)
    return render(request, "panel/chats/list.html", found)


def chat_list(request: HttpRequest, *, opened: int | None = None) -> dict[str, Any]:
    """What `panel/chats/list.html` shows, with the chat of contact `opened` marked. A fixed number of queries."""
    user, asked = person(request), request.GET
    which = asked.get("ver", "")
    attends = user.has_perm(ATTEND)
    which = which if which == WAITING or (which == MINE and attends) else EVERYBODY
    query, label, number = (
        asked.get("q", "").strip()[:80],
        _number(asked.get("etiqueta")),
        _number(asked.get("p"), digits=6) or 1,
    )
    start = (number - 1) * PER_PAGE
    found = list(inbox.chats(user=user, which=which, query=query, label=label)[start : start + PER_PAGE + 1])
    rows = inbox.rows_of(found[:PER_PAGE], user)
    figures = inbox.figures(user)
    filters = [(WAITING, "Esperan", figures.waiting), (EVERYBODY, "Todas", 0)]
    return {
        "rows": rows,
        "which": which,
        "query": query,
        "label": Label.objects.filter(pk=label).first() if label else None,
        "filters": [(MINE, "Mías", figures.mine), *filters] if attends else filters,
        "page_number": number,
        "has_next": len(found) > PER_PAGE,
        "unread": inbox.unread_chats(user) if attends else 0,
        "list_version": _version(rows, figures, number),
        "kept": urlencode({name: asked[name][:80] for name in KEPT if asked.get(name)}),
        "opened": opened or _number(asked.get("abierto")),
    }


def _version(*parts: Any) -> str:
    rows, *others = parts
    told = ([row.version for row in rows], [str(one) for one in others])
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def _number(text: str | None, *, digits: int = 18) -> int | None:
    """A number of a query, at least 1; a database refuses a longer one."""
    return max(int(text[:digits]), 1) if text and text.isascii() and text.isdecimal() else None
