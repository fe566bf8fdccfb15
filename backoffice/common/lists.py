"""Lists that stay fast however many rows they have (ADR 0019).

Nobody reads page 201: a list shows 200 pages at most, counts no further than that, and says «filtrá» beyond. Rows of a
page far down are read by their ids, so what is skipped costs no more than its place in an index.
"""

from functools import cached_property
from typing import Any

from django.contrib.admin.utils import quote
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.views import ChangeList

from backoffice.common.search import kind_of, matching, words

MOST_PAGES = 200
NEAR = 20  # pages that are read as they come
_DIGITS = 6  # of a page's number that somebody may mean
_MARK = 987654321  # a key, to see where it goes in an address


class CappedPaginator(Paginator):
    """Counts up to 200 pages and one row; `is_capped` when there are more rows than those."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = self.per_page * MOST_PAGES

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        if not isinstance(rows, QuerySet):
            return len(rows)
        known = getattr(rows, "known_count", None)
        if known is not None:
            return int(min(known, self.most + 1))
        return rows.order_by().values("pk")[: self.most + 1].count()

    @property
    def is_capped(self) -> bool:
        return self.count > self.most

    @cached_property
    def num_pages(self) -> int:
        return -(-min(self.count, self.most) // self.per_page) or 1

    def page(self, number: Any) -> Page:
        number = self.validate_number(number)
        bottom = (number - 1) * self.per_page
        rows = self.object_list
        if number <= NEAR or not isinstance(rows, QuerySet):
            return Page(rows[bottom : bottom + self.per_page], number, self)
        ids = list(rows.prefetch_related(None).values_list("pk", flat=True)[bottom : bottom + self.per_page])
        return Page(rows.filter(pk__in=ids), number, self)


class HouseList(ChangeList):
    """A page of a list."""

    paginator: Any
    preserved_filters: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._way_back, self.preserved_filters = self.preserved_filters, ""
        self._around: list[str] | None = None

    def url_for_result(self, result: Model) -> str:
        """With the filters to come back to. Django adds them later, and looks up for each row what its address is.

        Addresses differ only in their key, and a row may have several links.
        """
        if self._around is None:
            self._around = str(super().url_for_result(self.model(pk=_MARK))).split(str(_MARK))
        begin, end = self._around
        address = f"{begin}{quote(getattr(result, self.pk_attname))}{end}"
        return f"{address}?{self._way_back}" if self._way_back else address

    @property
    def count_shown(self) -> str:
        """How many there are, in words: «más de 5.000» where nobody counts further."""
        if getattr(self.paginator, "is_capped", False):
            return f"más de {self.paginator.most:,}".replace(",", ".")
        return str(self.result_count)

    def get_ordering_field_columns(self) -> Any:
        """Unfold draws the headers anew for each row; what they ask is worked out once."""
        if "_columns" not in self.__dict__:
            self._columns = super().get_ordering_field_columns()
        return self._columns

    def get_query_string(self, new_params: Any = None, remove: Any = None) -> str:
        kept = self.__dict__.setdefault("_query_strings", {})
        asked = (*(new_params or {}).items(), *(remove or ()))
        if asked not in kept:
            kept[asked] = super().get_query_string(new_params, remove)
        return str(kept[asked])

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        """Rows that a filter over many would repeat are chosen by their ids: comparing whole rows reads them all."""
        rows = super().get_queryset(request, exclude_parameters)
        if not rows.query.distinct:
            return rows
        chosen = rows.order_by().values("pk")
        whole = self.apply_select_related(self.root_queryset).order_by(*rows.query.order_by)
        return whole.filter(pk__in=chosen)

    def get_results(self, request: HttpRequest) -> None:
        """The first page is read before anything is counted: when it holds all there is, that is the count."""
        often = getattr(request, "found_often", None) if not self.has_active_filters else None
        first = None
        if self.page_num == 1 and not self.list_editable and not self.show_all:
            first = list(self.queryset[: self.list_per_page + 1])
        if first is not None and len(first) <= self.list_per_page:
            self.queryset.known_count = len(first)  # type: ignore[attr-defined]
        elif often:
            self.queryset.known_count = often  # type: ignore[attr-defined]
        super().get_results(request)
        if first is not None:
            self.result_list = first[: self.list_per_page]  # type: ignore[assignment]


def found(request: HttpRequest, rows: QuerySet[Any], typed: str) -> QuerySet[Any] | None:
    """The rows of a list that a search finds; None where the list has to look by itself."""
    kind = kind_of(rows.model)
    if kind is None or not kind.serves_list:
        return None
    query = words.read(typed, area_of(request))
    hits = matching.find(kind, query)
    if hits is None:
        return None
    if hits.ids is not None:
        return rows.filter(pk__in=hits.ids)
    request.found_often = hits.count  # type: ignore[attr-defined]
    return matching.among(rows, kind, query)


def area_of(request: HttpRequest) -> str:
    """The company's area code, for phones that are typed without theirs (`CompanyTimezone` read it)."""
    return str(getattr(request, "company_area", ""))


def is_too_far(request: HttpRequest) -> bool:
    page = request.GET.get(PAGE_VAR, "")
    return page.isascii() and page.isdecimal() and (len(page) > _DIGITS or int(page) > MOST_PAGES)


def too_far(admin: Any, request: HttpRequest) -> HttpResponse:
    """Instead of a page that nobody would find anything in: a box to search, and the way back."""
    back = request.GET.copy()
    back[PAGE_VAR] = str(MOST_PAGES)
    kept = [
        (name, value) for name, values in request.GET.lists() for value in values if name not in (PAGE_VAR, SEARCH_VAR)
    ]
    model: type[Model] = admin.model
    context = {
        **admin.admin_site.each_context(request),
        "title": str(model._meta.verbose_name_plural).capitalize(),
        "opts": admin.opts,
        "shown": f"{MOST_PAGES * admin.list_per_page:,}".replace(",", "."),
        "plural": model._meta.verbose_name_plural,
        "kept": kept,
        "q": request.GET.get(SEARCH_VAR, ""),
        "help": admin.search_help_text or "",
        "can_search": bool(admin.get_search_fields(request)),
        "back": f"?{back.urlencode()}",
    }
    return TemplateResponse(request, "panel/too_far.html", context)
