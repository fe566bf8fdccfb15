"""What is kept on disk before anything else is done with it."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from integrations.whatsapp.base import Addr
from integrations.whatsapp.neonize.spool import DAY, Spool
from tests.cast import MARIA


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    made = Spool(tmp_path / "spool.db", keep_days=7)
    yield made
    made.close()


def bodies(spool: Spool, cursor: str | None = None) -> list[bytes]:
    return [row.body for row in spool.waiting(cursor, most=100)[0]]


def test_it_gives_in_order_what_is_not_acknowledged(spool: Spool):
    for count in range(5):
        spool.put("message", b"%d" % count)
    rows, cursor = spool.waiting(None, most=2)
    assert [row.body for row in rows] == [b"0", b"1"]
    assert bodies(spool) == [b"0", b"1", b"2", b"3", b"4"]
    assert bodies(spool, cursor) == [b"2", b"3", b"4"]
    assert bodies(spool, None) == [b"2", b"3", b"4"]


def test_an_old_cursor_takes_nothing_back_and_none_of_another_spool_counts(spool: Spool):
    spool.put("message", b"0")
    _, first = spool.waiting(None, most=100)
    spool.put("message", b"1")
    _, second = spool.waiting(first, most=100)
    spool.put("message", b"2")
    assert bodies(spool, second) == [b"2"]
    assert bodies(spool, first) == [b"2"]
    for foreign in ("ffffffff:999", "999", "", ":", f"{spool.id}:", f"{spool.id}:-3", "12345678:x"):
        assert bodies(spool, foreign) == [b"2"]


def test_it_is_the_same_spool_after_a_restart(tmp_path: Path):
    before = Spool(tmp_path / "spool.db", keep_days=7)
    before.put("message", b"0")
    _, cursor = before.waiting(None, most=100)
    before.put("message", b"1", replayed=True)
    before.close()
    after = Spool(tmp_path / "spool.db", keep_days=7)
    (row,), _ = after.waiting(cursor, most=100)
    assert (row.body, row.replayed) == (b"1", True)
    after.close()


def test_what_a_full_disk_refuses_is_written_when_there_is_room_again(spool: Spool, caplog):
    (pages,) = spool._db.execute("PRAGMA page_count").fetchone()
    spool._db.execute(f"PRAGMA max_page_count = {pages}")
    spool.put("message", b"first" * 2000)
    spool.put("message", b"second")
    assert "wait for room" in caplog.text
    assert bodies(spool) == []
    spool._db.execute("PRAGMA max_page_count = 1000000")
    assert bodies(spool) == [b"first" * 2000, b"second"]


def test_a_full_disk_costs_a_quote_and_not_what_was_being_done(spool: Spool, caplog):
    (pages,) = spool._db.execute("PRAGMA page_count").fetchone()
    spool._db.execute(f"PRAGMA max_page_count = {pages}")
    maria = Addr.phone(MARIA.phone)
    for count in range(200):
        spool.remember(maria, f"A{count}", author=maria, snippet="x" * 300, ours=True)
    assert "could not be noted" in caplog.text
    assert spool.line(maria, "A199") is None


def test_files_stay_some_days_after_they_were_acknowledged_and_words_do_not(spool: Spool):
    spool.put("message", b"a photo", has_file=True)
    spool.put("message", b"a word")
    rows, cursor = spool.waiting(None, most=100)
    photo, word = (spool.handle(row) for row in rows)
    spool.waiting(cursor, most=100)
    assert spool.with_file(photo) == b"a photo"
    assert spool.with_file(word) is None
    assert bodies(spool) == []
    spool._purge(rows[0].at.timestamp() + 6 * DAY)
    assert spool.with_file(photo) == b"a photo"
    spool._purge(rows[0].at.timestamp() + 8 * DAY)
    assert spool.with_file(photo) is None


def test_what_people_said_is_forgotten_after_those_days(spool: Spool):
    maria = Addr.phone(MARIA.phone)
    spool.remember(maria, "A1", author=maria, snippet="hola", ours=False)
    now = time.time()
    spool._purge(now + 6 * DAY)
    assert spool.line(maria, "A1") is not None
    spool._purge(now + 8 * DAY)
    assert spool.line(maria, "A1") is None


def test_nothing_unacknowledged_is_ever_thrown_away(spool: Spool):
    spool.put("message", b"a photo", has_file=True)
    (row,), _ = spool.waiting(None, most=100)
    spool._purge(row.at.timestamp() + 900 * DAY)
    assert bodies(spool) == [b"a photo"]


def test_a_line_is_found_by_either_address_of_its_chat(spool: Spool):
    maria, hidden, group = Addr.phone(MARIA.phone), Addr.lid("77001"), Addr.group("1203")
    spool.remember(hidden, "A1", author=hidden, snippet="hola", ours=False)
    spool.remember(group, "A1", author=maria, snippet="otra", ours=True)
    assert [line.snippet for line in (spool.line(hidden, "A1"), spool.line(group, "A1")) if line] == ["hola", "otra"]
    spool.remember(hidden, "B1", author=maria, snippet="x" * 900, ours=False)
    line = spool.line(maria, "B1")
    assert line is not None
    assert (line.author, len(line.snippet)) == (maria, 300)
    assert spool.line(maria, "C1") is None
    assert spool.is_ours("A1")
    assert not spool.is_ours("B1")


def test_who_is_who_is_news_once_and_again_when_it_changes(spool: Spool):
    maria, other, hidden = Addr.phone(MARIA.phone), Addr.phone("5492610000000"), Addr.lid("77001")
    assert spool.phone_of(hidden) == hidden
    assert spool.learn(maria, hidden)
    assert not spool.learn(hidden, maria)
    assert spool.phone_of(hidden) == maria
    assert spool.learn(hidden, other)
    assert not spool.learn(maria, other)
    assert spool.phone_of(hidden) == other
