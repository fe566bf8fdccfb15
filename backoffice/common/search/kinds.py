"""What can be found, declared by each app in its `searching.py`, which is found by its name.

    register(Kind(number=1, model=Customer, card=customer_card, fields=("name", "code"), …))

`fields` are the columns whose change is a change of what is found; the triggers of `triggers.py` are made of them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.module_loading import module_has_submodule

SHIFT = 40  # an entry's id is its kind's number over that many bits of the row's id


@dataclass(frozen=True, slots=True)
class Card:
    """How a row is told in the results, and the words by which it is found."""

    title: str
    words: Iterable[str]
    subtitle: str = ""


@dataclass(frozen=True, slots=True)
class Child:
    """Rows of another table that are part of what is found: a customer's phones. `link` is their foreign key to it."""

    model: type[Model]
    link: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parent:
    """A row that this one points at by `link` and is found by: a ticket's contact."""

    link: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A table whose rows are found.

    `card` gives None for a row that nobody is to find. `number` is the kind's own for ever, since entries are kept by
    it. `permission` is asked of whoever searches everywhere; `serves_list` says whether the search box of its list
    looks here too. `place` orders the results among kinds.
    """

    number: int
    model: type[Model]
    card: Callable[[Any], Card | None]
    fields: tuple[str, ...]
    permission: str
    label: str
    icon: str
    place: int
    children: tuple[Child, ...] = ()
    parents: tuple[Parent, ...] = ()
    related: tuple[str, ...] = ()  # select_related of the rows
    prefetched: tuple[str, ...] = ()
    url_name: str = ""  # of its page, when that is not the one of its screen
    page: str = ""  # of the page where all of them are, when none has its own
    serves_list: bool = True

    @property
    def base(self) -> int:
        return self.number << SHIFT

    @property
    def last(self) -> int:
        return self.base + (1 << SHIFT) - 1

    def rows(self) -> QuerySet[Any]:
        """All that may be found, with what their cards need."""
        return self.model._default_manager.select_related(*self.related or (None,)).prefetch_related(*self.prefetched)

    def url(self, pk: int) -> str:
        if self.page:
            return reverse(f"admin:{self.page}")
        name = self.url_name or f"{self.model._meta.app_label}_{self.model._meta.model_name}_change"
        return reverse(f"admin:{name}", args=[pk])


_KINDS: dict[int, Kind] = {}


def register(kind: Kind) -> None:
    """Raises: ValueError when another kind has that number."""
    known = _KINDS.setdefault(kind.number, kind)
    if known.model is not kind.model:
        raise ValueError(f"{kind.model.__name__} and {known.model.__name__} have the number {kind.number}")


@cache
def kinds() -> dict[int, Kind]:
    """All that the apps declare, by their numbers."""
    for config in apps.get_app_configs():
        if config.name.startswith("backoffice.") and module_has_submodule(config.module, "searching"):
            import_module(f"{config.name}.searching")
    return dict(sorted(_KINDS.items()))


@cache
def _by_model() -> dict[type[Model], Kind]:
    return {kind.model: kind for kind in kinds().values()}


def kind_of(model: type[Model]) -> Kind | None:
    return _by_model().get(model)


def in_places() -> Iterator[Kind]:
    """In the order in which results are shown."""
    yield from sorted(kinds().values(), key=lambda kind: kind.place)
