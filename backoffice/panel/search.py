"""Ctrl+K: pages and settings by any name people know them by, what the tables have, and the manual. Twenty at most.

What is found often leaves room for the rest: every kind gets its turn before any gets a second one.
"""

from collections.abc import Mapping, Sequence

from django.contrib import admin
from django.http import HttpRequest
from unfold.dataclasses import SearchResult

from backoffice.common.lists import area_of
from backoffice.common.models import SearchEntry
from backoffice.common.search import Kind, in_places, matching, words
from backoffice.panel.manual.searching import find as find_in_manual
from backoffice.panel.screens import find_screens
from backoffice.sales.models import SalesOrder
from backoffice.tickets.models import Ticket

MOST = 20
OF_SCREENS, OF_THE_MANUAL, OF_A_KIND = 6, 3, 8
SHORTEST = 2  # letters before any row is looked for
_SHORTEST_FOR_THE_MANUAL = 3
NUMBERED = (Ticket, SalesOrder)


def find(request: HttpRequest, term: str) -> list[SearchResult]:
    """Only what the person may see: screens, rows by kind, and how it is done. Screens take what room rows leave."""
    query = words.read(term, area_of(request))
    if not query:
        return []
    pages = [
        SearchResult(title=one.title, description=one.description, link=str(one.item["link"]), icon=one.item["icon"])
        for one in find_screens(request, query, MOST)
    ]
    manual = _manual(term)
    rows = _rows(request, term, MOST - min(len(pages), OF_SCREENS) - len(manual))
    return [*pages[: MOST - len(rows) - len(manual)], *rows, *manual]


def _rows(request: HttpRequest, term: str, most: int) -> list[SearchResult]:
    """What the tables have, in the order of their kinds; each kind's best first."""
    kinds, rest = _meant(term)
    kinds = [kind for kind in kinds if request.user.has_perm(kind.permission)]
    query = words.read(rest, area_of(request))
    if not kinds or (sum(map(str.isalnum, rest)) < SHORTEST and not rest.strip().isdecimal()):
        return []
    found = matching.best(kinds, query, OF_A_KIND)
    shown = _shares({kind: _seen(request, kind, ids) for kind, ids in found.items()}, most)
    cards = SearchEntry.objects.in_bulk([kind.base + pk for kind, ids in shown.items() for pk in ids])
    return [
        SearchResult(
            title=card.title,
            description=" · ".join(filter(None, (kind.label, card.subtitle))),
            link=kind.url(pk),
            icon=kind.icon,
        )
        for kind, ids in shown.items()
        for pk in ids
        if (card := cards.get(kind.base + pk)) is not None
    ]


def _meant(term: str) -> tuple[list[Kind], str]:
    """«Ticket 12» looks among tickets for 12, and «#12» among what is called so: the kinds, and what is looked for."""
    if term.lstrip().startswith("#"):
        return [kind for kind in in_places() if kind.model in NUMBERED], term.lstrip(" #")
    first, _, rest = term.strip().partition(" ")
    called = words.fold(first)
    meant = [kind for kind in in_places() if called in _names(kind)]
    return (meant, rest) if meant and rest.strip() else (list(in_places()), term)


def _names(kind: Kind) -> tuple[str, ...]:
    one = words.fold(kind.label)
    return one, f"{one}s", f"{one}es"


def _seen(request: HttpRequest, kind: Kind, ids: Sequence[int]) -> list[int]:
    """Those that are still there and that this person's own list would show, in the same order."""
    screen = admin.site._registry.get(kind.model)
    rows = screen.get_queryset(request) if screen is not None else kind.model._default_manager.all()
    there = set(rows.order_by().filter(pk__in=ids).values_list("pk", flat=True))
    return [pk for pk in ids if pk in there]


def _shares(found: Mapping[Kind, Sequence[int]], most: int) -> dict[Kind, list[int]]:
    """As many of each kind as there is room for, one after the other in turn."""
    shown: dict[Kind, list[int]] = {kind: [] for kind in found}
    for turn in range(OF_A_KIND):
        for kind, ids in found.items():
            if turn < len(ids) and most > 0:
                shown[kind].append(ids[turn])
                most -= 1
    return shown


def _manual(term: str) -> list[SearchResult]:
    """How it is done, for everybody; after what somebody may want to open."""
    if len(term) < _SHORTEST_FOR_THE_MANUAL:
        return []
    return [
        SearchResult(
            title=hit.title,
            description=f"Manual · {hit.page}" if hit.section else "Manual",
            link=hit.url,
            icon="menu_book",
        )
        for hit in find_in_manual(term, OF_THE_MANUAL)
    ]
