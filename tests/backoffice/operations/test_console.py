"""The live console: in order, bounded, and nothing missed when a row commits late."""

from collections.abc import Collection
from datetime import datetime

import pytest

from backoffice.common.models import Activity
from backoffice.operations import services
from backoffice.operations.console import LINES, SHOWN, Line, lines_after, newest
from backoffice.tickets.models import Ticket, TicketEvent
from tests.backoffice.operations.conftest import ago, said

pytestmark = pytest.mark.django_db


def console_lines(
    after: str = "", kinds: Collection[str] = (), search: str = "", now: datetime | None = None
) -> tuple[list[Line], str]:
    return lines_after(newest(kinds, search), after, now)


def texts(lines: list[Line]) -> list[str]:
    return [line.text for line in lines]


@pytest.fixture
def day(maria):
    """What happened a while ago, each in its own table."""
    Activity.objects.create(kind="connection", text="WhatsApp conectado", at=ago(minutes=9))
    said(maria, "no tengo   internet", at=ago(minutes=8), author_name="María")
    said(maria, "Ya lo vemos", at=ago(minutes=7), direction="out")
    said(maria, "Aviso", at=ago(minutes=6), direction="out", status="failed", error="Ese número no tiene WhatsApp.")
    ticket = Ticket.objects.create(number=7, contact=maria.contact, conversation=maria, subject="Sin internet")
    TicketEvent.objects.create(ticket=ticket, kind="taken", actor="Juan Pérez", at=ago(minutes=5))
    return maria


def test_it_tells_everything_in_order(day):
    lines, _ = console_lines()
    assert [(line.kind, line.text) for line in lines] == [
        ("connection", "WhatsApp conectado"),
        ("message", "← María: no tengo internet"),
        ("message", "→ María González (Bot): Ya lo vemos"),
        ("error", "→ María González (Bot): Aviso ✗ Ese número no tiene WhatsApp."),
        ("agent", "Ticket #7 · Lo tomó Juan Pérez"),
    ]


def test_the_cursor_goes_on_from_where_it_was(day):
    _, cursor = console_lines()
    assert console_lines(cursor) == ([], cursor)
    said(day, "¿hola?")
    assert texts(console_lines(cursor)[0]) == ["← María González: ¿hola?"]


def test_fresh_lines_come_again_until_they_settle_so_that_none_is_missed(day):
    _, cursor = console_lines()
    said(day, "primero", at=ago(seconds=1))
    first, cursor = console_lines(cursor)
    again, cursor = console_lines(cursor)
    assert [line.key for line in first] == [line.key for line in again]
    later, cursor = console_lines(cursor, now=ago(seconds=-30))
    assert [line.key for line in later] == [line.key for line in first]
    assert console_lines(cursor)[0] == []


def test_a_row_that_commits_late_with_an_older_id_is_still_shown(day):
    """Its neighbour, newer and already shown, is not settled, so the cursor has not gone past it."""
    late = said(day, "tardío", at=ago(seconds=2))
    shown = said(day, "rápido", at=ago(seconds=1))
    late.delete()  # not visible yet
    _, cursor = console_lines()
    late.pk = shown.pk - 1
    late.save(force_insert=True)
    assert texts(console_lines(cursor)[0]) == ["← María González: tardío", "← María González: rápido"]


@pytest.mark.parametrize(
    ("kinds", "count"), [(["message"], 2), (["error"], 1), (["message", "error"], 3), (["agent"], 1), (["mode"], 0)]
)
def test_by_kind(day, kinds, count):
    assert len(console_lines(kinds=kinds)[0]) == count


@pytest.mark.parametrize(
    ("search", "count"), [("maría", 3), ("INTERNET", 2), ("juan", 1), ("conectado", 1), ("zzz", 0)]
)
def test_by_what_is_typed(day, search, count):
    assert len(console_lines(search=search)[0]) == count


def test_long_texts_are_cut_and_files_are_named(day):
    said(day, "x" * 500)
    said(day, "")
    long, file = texts(console_lines()[0])[-2:]
    assert long.endswith("…")
    assert len(long) <= SHOWN + len("← María González: ")
    assert file == "← María González: (archivo o ubicación)"


@pytest.mark.parametrize("cursor", ["", "a.b.c", "1.2", "-1.2.3", "1.2.3.4", "9" * 40 + ".1.1", "²..1"])
def test_a_strange_cursor_begins_anew(day, cursor):
    assert len(console_lines(cursor)[0]) == 5


def test_it_is_bounded_whatever_the_history(maria, django_assert_num_queries):
    Activity.objects.bulk_create(Activity(kind="error", text=f"falla {n}", at=ago(minutes=5)) for n in range(LINES * 2))
    with django_assert_num_queries(6):
        lines, _ = console_lines()
    assert len(lines) == LINES
    assert lines[-1].text == f"falla {LINES * 2 - 1}"


def test_a_day_is_kept(maria):
    said(maria, "anteayer", at=ago(hours=25))
    Activity.objects.create(kind="mode", text="Modo Parado", at=ago(hours=25))
    said(maria, "hoy", at=ago(hours=23))
    assert texts(console_lines()[0]) == ["← María González: hoy"]
    assert services.forget_activity(now=ago()) == 1


def test_what_customers_say_can_be_left_out(day):
    told = {line.discreet or line.text for line in console_lines()[0]}
    assert {"← Llegó un mensaje.", "→ Bot: un mensaje.", "→ Bot: un mensaje que no se pudo enviar."} < told
    assert not any("María" in text or "internet" in text for text in told)
    assert newest(search="internet", with_messages=False)[1] == []
