"""Each SQL statement of each verb fails in turn: nothing is left half done, and doing it again does it once."""

import importlib
import inspect
from collections.abc import Iterator
from importlib.util import find_spec

import pytest
from django.conf import settings
from django.db import connection

from tests.faults import cases_desk, cases_network
from tests.faults.cases import CASES, NO_WRITES, PARTS, TRANSACTION_ELSEWHERE, atomically
from tests.faults.wrapper import Injected, Watch, dump, shape, undone, watching
from tests.story import StoryHere, telling

ELSEWHERE = (cases_desk, cases_network)  # importing them has added their cases


def verbs() -> Iterator[str]:
    """Every public function of every `services` module or package of ours, as «app.verb»."""
    for app in settings.INSTALLED_APPS:
        if not app.startswith("backoffice.") or app.endswith("Config") or find_spec(f"{app}.services") is None:
            continue
        module = importlib.import_module(f"{app}.services")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if not name.startswith("_") and function.__module__.startswith(f"{app}.services"):
                yield f"{app.removeprefix('backoffice.')}.{name}"


def test_every_verb_has_a_case_and_every_case_a_verb() -> None:
    found = {verb for verb in verbs() if not verb.startswith("admin_site")}
    assert found - NO_WRITES - PARTS == set(CASES)


@pytest.fixture
def told(db: None) -> Iterator[StoryHere]:
    with telling() as story:
        yield story


@pytest.mark.flow
@pytest.mark.parametrize("verb", sorted(CASES))
def test_whatever_statement_fails_nothing_is_half_done(told: StoryHere, verb: str) -> None:
    call = CASES[verb](told)
    alone = atomically(call)
    with undone():
        with watching(Watch()) as clean:
            call()
        wanted = shape(clean.written)
    assert clean.writes <= 1 or is_atomic(verb), "several writes need one transaction"
    before = dump()
    for late in (False, True) if connection.vendor == "sqlite" else (False,):  # PostgreSQL: once is enough, and faster
        for number in range(1, clean.count + 1):
            with watching(Watch(number, late=late)), pytest.raises(Injected):
                alone()
            assert dump(clean.written) == _of(before, clean.written)
    assert dump() == before
    call()
    assert shape(clean.written) == wanted


def is_atomic(verb: str) -> bool:
    """Decorated with `transaction.atomic`, or one of the few whose transaction is elsewhere."""
    app, _, name = verb.partition(".")
    function = getattr(importlib.import_module(f"backoffice.{app}.services"), name)
    return hasattr(function, "__wrapped__") or verb in TRANSACTION_ELSEWHERE


def _of(rows: dict[str, list[str]], tables: set[str]) -> dict[str, list[str]]:
    return {table: found for table, found in rows.items() if table in tables}
