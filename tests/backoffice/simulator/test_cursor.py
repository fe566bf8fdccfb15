"""A cursor that is followed while others write skips nothing and repeats nothing, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection

from backoffice.simulator import selectors, services
from tests.backoffice.simulator.conftest import MARIA

WRITERS, EACH = 4, 20


def in_thread(work: Callable[[], None]) -> None:
    try:
        work()
    finally:
        connection.close()


def write(number: int) -> None:
    phone = services.ensure_phone(number=MARIA)
    for turn in range(EACH):
        services.phone_writes(phone=phone, new=services.NewMessage(number=MARIA, text=f"{number}-{turn}"))


@pytest.mark.django_db(transaction=True)
def test_a_reader_among_writers_sees_each_message_once():
    services.link()
    phone = services.ensure_phone(number=MARIA)
    done = Event()
    seen: list[str] = []
    told: list[object] = []

    def follow() -> None:
        cursor, acked = 0, 0
        while True:
            last = done.is_set()
            cursor, page = selectors.page_of_messages(phone=phone, member=None, after=cursor)
            seen.extend(message.text for message in page)
            acked, events = services.collect(after=acked)
            told.extend(event["text"] for event in events if event["kind"] == "message")
            if last:
                return

    with ThreadPoolExecutor(WRITERS + 1) as pool:
        reader = pool.submit(in_thread, follow)
        writers = [pool.submit(in_thread, lambda number=number: write(number)) for number in range(WRITERS)]
        for writer in writers:
            writer.result()
        done.set()
        reader.result()

    everything = {f"{number}-{turn}" for number in range(WRITERS) for turn in range(EACH)}
    assert len(seen) == len(told) == WRITERS * EACH
    assert set(seen) == set(told) == everything


@pytest.mark.django_db(transaction=True)
def test_the_same_id_at_the_same_time_is_stored_once():
    services.link()
    phone = services.ensure_phone(number=MARIA)
    new = services.NewMessage(number=MARIA, text="hola", wire_id="m-1")
    with ThreadPoolExecutor(WRITERS) as pool:
        done = [pool.submit(in_thread, lambda: services.phone_writes(phone=phone, new=new)) for _ in range(WRITERS)]
        for each in done:
            each.result()
    assert phone.messages.count() == 1
    _, events = services.collect(after=0)
    assert len([event for event in events if event["kind"] == "message"]) == WRITERS


@pytest.mark.django_db(transaction=True)
def test_the_same_reference_at_the_same_time_is_sent_once():
    services.link()
    phone = services.ensure_phone(number=MARIA)
    new = services.BotMessage(phone=phone, group=None, text="Tu factura", client_ref="message:1")
    with ThreadPoolExecutor(WRITERS) as pool:
        done = [pool.submit(in_thread, lambda: services.bot_sends(new=new)) for _ in range(WRITERS)]
        for each in done:
            each.result()
    assert phone.messages.count() == 1
