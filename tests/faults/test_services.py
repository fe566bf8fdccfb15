"""Each SQL statement of each verb fails in turn: nothing is left half done, and doing it again does it once."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from types import ModuleType

import pytest
from django.conf import settings

from backoffice.common.management.commands.prepare import Command
from backoffice.demo.services import load_demo
from backoffice.dialogs.services import synchronise_actions
from bot.actions import listed_actions
from tests.faults import (
    cases_accounts,
    cases_backups,
    cases_catalog,
    cases_connections,
    cases_desk,
    cases_health,
    cases_imports,
    cases_mail,
    cases_network,
    cases_notices,
    cases_orders,
    cases_plant,
    cases_trash,
)
from tests.faults.cases import CASES, NO_WRITES, PARTS, Call
from tests.faults.wrapper import Injected, Watch, dump, shape, undone, watching
from tests.story import StoryHere, telling

ELSEWHERE = (
    cases_accounts,
    cases_backups,
    cases_catalog,
    cases_connections,
    cases_desk,
    cases_health,
    cases_mail,
    cases_imports,
    cases_network,
    cases_notices,
    cases_orders,
    cases_plant,
    cases_trash,
)  # importing them has added their cases


def verbs() -> Iterator[str]:
    """Every public function of every `services` module or package of ours, as «app.verb».

    Of a package's files also those that it does not export but that begin a transaction of their own.
    """
    for app in settings.INSTALLED_APPS:
        if not app.startswith("backoffice.") or app.endswith("Config") or find_spec(f"{app}.services") is None:
            continue
        services = importlib.import_module(f"{app}.services")
        short = app.removeprefix("backoffice.")
        yield from (f"{short}.{name}" for name in public(services))
        for file in pkgutil.iter_modules(getattr(services, "__path__", ())):
            room = importlib.import_module(f"{services.__name__}.{file.name}")
            inner = (name for name, verb in public(room).items() if hasattr(verb, "__wrapped__"))
            yield from (f"{short}.{file.name}.{name}" for name in inner if not hasattr(services, name))


def public(module: ModuleType) -> dict[str, Callable[..., object]]:
    """The functions of a module, or exported by a package, that are its own."""
    return {
        name: function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_") and function.__module__.startswith(module.__name__)
    }


def test_every_verb_has_a_case_and_every_case_a_verb() -> None:
    assert set(verbs()) - NO_WRITES - PARTS == set(CASES)


@pytest.fixture
def told(db: None) -> Iterator[StoryHere]:
    with telling() as story:
        yield story


@pytest.mark.flow
@pytest.mark.parametrize("verb", sorted(CASES))
def test_whatever_statement_fails_nothing_is_half_done(told: StoryHere, verb: str) -> None:
    call = CASES[verb](told)
    with undone():
        with watching(Watch()) as clean:
            call()
        wanted = shape(clean.written)
    assert clean.durable, "a case in which nothing is written shows nothing"
    before = dump()
    for number in range(1, clean.count + 1):
        fails(call, Watch(number))
        assert dump(clean.written) == _of(before, clean.written), f"statement {number}"
    for number in clean.durable:
        with undone():
            fails(call, Watch(number, late=True))
            assert shape(clean.written) == wanted, f"the answer to statement {number} is lost"
    assert dump() == before
    call()
    assert shape(clean.written) == wanted


@pytest.mark.flow
def test_the_demo_is_loaded_whole_or_not_at_all(db: None) -> None:
    """Thousands of statements in one transaction: some of them, and its end."""
    synchronise_actions(listed_actions())
    Command().run_hooks()
    with undone(), watching(Watch()) as clean:
        load_demo()
    before = dump()
    for number in (1, clean.count // 3, clean.count * 2 // 3, clean.count):
        fails(load_demo, Watch(number))
        assert dump() == before, f"statement {number} of {clean.count}"
    assert clean.durable == [clean.count]


def fails(call: Call, watch: Watch) -> None:
    with watching(watch), pytest.raises(Injected):
        call()


def _of(rows: dict[str, list[str]], tables: set[str]) -> dict[str, list[str]]:
    return {table: found for table, found in rows.items() if table in tables}
