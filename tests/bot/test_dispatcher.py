"""Lanes are taken by lease and run once; what fails is tried again alone, and then a person gets it."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backoffice.agents.models import WhatsAppGroup
from backoffice.channels.models import Channel
from backoffice.common.models import Activity
from backoffice.conversations.models import DialogState, InboxEvent, Lane, Message
from backoffice.conversations.services import receive, store_media
from backoffice.tickets.models import Ticket
from bot import dispatcher as module
from bot import snapshot
from bot.dispatcher import Dispatcher
from bot.effects import Stale
from bot.turn import Turn
from tests.backoffice import desk
from tests.bot import inbox
from tests.cast import ANA, ELENA, JUAN, MARIA

PENDING, DONE, DEAD = InboxEvent.State


class Engine:
    """Says back what it heard, except to who makes it stumble. `heard` keeps every turn that ran."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, ...]] = []
        self.stumbles: dict[str, Exception] = {}
        self.meanwhile: Callable[[Turn], None] = lambda turn: None

    def run(self, turn: Turn) -> None:
        words = tuple(line.text for line in turn.lines) or (turn.signal.kind if turn.signal else "",)
        self.heard.append(words)
        self.meanwhile(turn)
        for word in words:
            if word in self.stumbles:
                raise self.stumbles[word]
        turn.say_text("oí: " + " / ".join(words))


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    told = Engine()
    monkeypatch.setattr(module, "engine", told)
    return told


@pytest.fixture
def channel(db: None) -> Iterator[Channel]:
    snapshot.forget()
    yield desk.open_for_business()
    snapshot.forget()


@pytest.fixture
def bot(channel: Channel, engine: Engine) -> Dispatcher:
    return Dispatcher()


def later(**span: float):
    return timezone.now() + timedelta(**span)


def works(bot: Dispatcher, now=None) -> int:
    count = 0
    while done := bot.run_once(now):
        count += done
        assert count < 500, "it does not come to rest"
    return count


def key(channel: Channel, person=MARIA) -> str:
    return f"{channel.pk}:p:{person.key}"


# --- a turn ---------------------------------------------------------------------------------


def test_what_arrives_is_answered_once_and_the_lane_rests(channel, bot):
    inbox.writes(channel, MARIA.phone, "hola")
    assert works(bot) == 1
    assert inbox.answers(MARIA.key) == ["oí: hola"]
    lane = inbox.lane(key(channel))
    assert (lane.ready_at, lane.lease_until, lane.token) == (None, None, "")
    assert inbox.states() == [DONE]
    assert bot.run_once() == 0


def test_the_same_delivery_twice_is_one_event(channel, bot):
    message = inbox.writes(channel, MARIA.phone)
    assert not inbox.arrives(channel, message)
    works(bot)
    assert not inbox.arrives(channel, message)
    assert works(bot) == 0
    assert len(inbox.answers(MARIA.key)) == 1


def test_three_ways_to_write_a_phone_are_one_lane_and_one_contact(channel, bot):
    for form in ("5492612345678", "542612345678", "0261152345678"):
        inbox.writes(channel, form, form)
    works(bot)
    assert Lane.objects.count() == 1
    assert len(inbox.answers(MARIA.key)) == 3
    assert desk.chat_of(channel).contact.phone == "+5492612345678"


def test_a_burst_is_one_turn_in_the_order_it_was_written(channel, bot, engine):
    start = timezone.now()
    inbox.writes(channel, MARIA.phone, "segundo", wait=3, at=start + timedelta(seconds=1))
    inbox.writes(channel, MARIA.phone, "primero", wait=3, at=start)
    assert bot.run_once() == 0
    works(bot, later(seconds=3.5))
    assert engine.heard == [("primero", "segundo")]


def test_a_burst_never_waits_more_than_six_seconds(channel, bot):
    inbox.writes(channel, MARIA.phone, "uno", wait=3.5)
    lane = Lane.objects.get()
    Lane.objects.update(burst_started_at=lane.burst_started_at - timedelta(seconds=5))
    inbox.writes(channel, MARIA.phone, "dos", wait=3.5)
    assert Lane.objects.get().ready_at <= later(seconds=1.1)


def test_who_writes_during_the_turn_is_gathered_too(channel, bot, engine):
    def goes_on(turn: Turn) -> None:
        if turn.text == "hola":
            inbox.writes(channel, MARIA.phone, "una consulta", wait=3)

    engine.meanwhile = goes_on
    inbox.writes(channel, MARIA.phone, "hola")
    assert works(bot) == 1
    assert Lane.objects.get().ready_at > later(seconds=2)
    inbox.writes(channel, MARIA.phone, "la factura", wait=3)
    works(bot, later(seconds=4))
    assert engine.heard == [("hola",), ("una consulta", "la factura")]


def test_a_timer_set_before_or_during_a_turn_still_rings(channel, bot, engine):
    def timer(name: str, **span: float) -> None:
        receive(lane=key(channel), source="timer", external_id=name, kind=name, payload={}, at=later(**span))

    timer("late", hours=2)
    engine.meanwhile = lambda turn: timer("soon", hours=1) if turn.text == "hola" else None
    inbox.writes(channel, MARIA.phone, "hola")
    works(bot)
    assert works(bot, later(minutes=61)) == 1
    assert works(bot, later(minutes=121)) == 1
    assert engine.heard == [("hola",), ("soon",), ("late",)]


def test_a_line_between_looking_and_claiming_is_not_left_behind_a_timer(channel, bot, engine):
    """It came after `now` was read, and a timer set during the turn must not put it off."""
    before = timezone.now()
    inbox.writes(channel, MARIA.phone, "uno")
    InboxEvent.objects.update(ready_at=before - timedelta(seconds=1), received_at=before - timedelta(seconds=1))
    inbox.writes(channel, MARIA.phone, "dos")
    Lane.objects.update(ready_at=before - timedelta(seconds=1))
    engine.meanwhile = lambda turn: receive(
        lane=key(channel), source="timer", external_id="t", kind="t", payload={}, at=later(hours=1)
    )
    assert bot.run_once(before) == 1
    assert Lane.objects.get().ready_at <= later(seconds=1)


def test_signals_and_lines_take_turns_in_their_order(channel, bot, engine):
    inbox.writes(channel, MARIA.phone, "antes")
    receive(lane=key(channel), source="panel", external_id="1", kind="ticket_closed", payload={"ticket_id": 0})
    inbox.writes(channel, MARIA.phone, "después")
    works(bot)
    assert engine.heard == [("antes",), ("ticket_closed",), ("después",)]


def test_in_a_group_each_speaker_has_their_turn(channel, bot, engine):
    for person, text in ((JUAN, "1"), (JUAN, "2"), (ANA, "3"), (JUAN, "4")):
        inbox.writes(channel, person.phone, text, group="soporte")
    works(bot)
    assert engine.heard == [("1", "2"), ("3",), ("4",)]


def test_a_long_flood_is_answered_in_turns_of_twenty_lines(channel, bot, engine):
    for number in range(45):
        inbox.writes(channel, MARIA.phone, str(number))
    works(bot)
    assert [len(words) for words in engine.heard] == [20, 20, 5]
    assert [word for words in engine.heard for word in words] == [str(number) for number in range(45)]


def test_other_bots_are_kept_and_never_answered(channel, bot, engine):
    inbox.writes(channel, MARIA.phone, "Soy un asistente virtual", is_bot=True)
    works(bot)
    assert engine.heard == []
    assert Message.objects.get().text == "Soy un asistente virtual"


def test_the_nul_character_is_no_obstacle(channel, bot):
    inbox.writes(channel, MARIA.phone, "ho\x00la", sender_name="Mar\x00ía")
    works(bot)
    assert inbox.answers(MARIA.key) == ["oí: hola"]


# --- what fails -----------------------------------------------------------------------------


def test_only_the_guilty_of_a_batch_gets_a_strike(channel, bot, engine):
    engine.stumbles["ay"] = RuntimeError("boom")
    inbox.writes(channel, MARIA.phone, "hola")
    inbox.writes(channel, JUAN.phone, "ay")
    inbox.writes(channel, ANA.phone, "buenas")
    bot.run_once()
    strikes = dict(Lane.objects.values_list("key", "strikes"))
    assert strikes == {key(channel): 0, key(channel, JUAN): 1, key(channel, ANA): 0}
    assert inbox.answers(MARIA.key) == ["oí: hola"]
    assert inbox.answers(ANA.key) == ["oí: buenas"]
    assert inbox.answers(JUAN.key) == []


def test_three_strikes_and_a_person_gets_it_with_all_that_was_written(channel, bot, engine, caplog):
    support = desk.group(channel, "support", "Soporte")
    photo = store_media(data=b"\x89PNG", kind="image", filename="foto.png", mimetype="image/png")
    engine.stumbles["ay"] = RuntimeError("boom")
    inbox.writes(channel, MARIA.phone, "ay", sender_name="María González")
    event = InboxEvent.objects.get()
    event.payload["media_id"] = photo.pk
    event.save()
    for strike in range(3):
        assert bot.run_once(later(seconds=10 * strike)) == 1
    assert inbox.states() == [DEAD]
    ticket = Ticket.objects.get()
    assert "ay" in ticket.message
    kept = Message.objects.get(direction="in")
    assert (kept.text, kept.media_id, kept.author_name) == ("ay", photo.pk, "María González")
    assert len(inbox.answers(MARIA.key)) == 1
    assert Activity.objects.filter(kind="error").exists()
    assert desk.said_in(support.conversation)
    lane = inbox.lane(key(channel))
    assert (lane.strikes, lane.token, lane.ready_at) == (0, "", None)
    engine.stumbles.clear()
    inbox.writes(channel, MARIA.phone, "¿hola?")
    works(bot, later(seconds=60))
    assert inbox.answers(MARIA.key)[-1] == "oí: ¿hola?"


def test_the_wait_between_strikes_grows(channel, bot, engine):
    engine.stumbles["ay"] = RuntimeError("boom")
    inbox.writes(channel, MARIA.phone, "ay")
    now = later(seconds=1)
    bot.run_once(now)
    assert inbox.lane(key(channel)).ready_at == now + timedelta(seconds=1)
    assert bot.run_once(now + timedelta(milliseconds=900)) == 0
    bot.run_once(now + timedelta(seconds=1))
    assert inbox.lane(key(channel)).ready_at == now + timedelta(seconds=3)


def test_a_turn_that_goes_well_forgets_the_strikes(channel, bot, engine):
    engine.stumbles["ay"] = RuntimeError("boom")
    inbox.writes(channel, MARIA.phone, "ay")
    bot.run_once()
    engine.stumbles.clear()
    works(bot, later(seconds=5))
    assert inbox.lane(key(channel)).strikes == 0
    assert inbox.answers(MARIA.key) == ["oí: ay"]


def test_a_case_that_was_open_already_gets_the_words_that_could_not_be_run(channel, bot, engine):
    desk.group(channel, "support", "Soporte")
    chat = desk.chat_of(channel)
    desk.case(chat)
    engine.stumbles["ay"] = RuntimeError("boom")
    inbox.writes(channel, MARIA.phone, "ay")
    for strike in range(3):
        bot.run_once(later(seconds=10 * strike))
    assert Ticket.objects.count() == 1
    assert inbox.states() == [DEAD]
    assert Message.objects.filter(direction="in", text="ay").exists()


def test_a_group_that_cannot_be_run_is_set_aside_and_opens_no_case(channel, bot, engine):
    engine.stumbles["ay"] = RuntimeError("boom")
    inbox.writes(channel, JUAN.phone, "ay", group="soporte")
    for strike in range(3):
        bot.run_once(later(seconds=10 * strike))
    assert inbox.states() == [DEAD]
    assert not Ticket.objects.exists()


def test_a_signal_that_cannot_be_run_is_set_aside(channel, bot, engine):
    engine.stumbles["ticket_closed"] = RuntimeError("boom")
    receive(lane=key(channel), source="panel", external_id="1", kind="ticket_closed", payload={})
    for strike in range(3):
        bot.run_once(later(seconds=10 * strike))
    assert inbox.states() == [DEAD]
    assert not Ticket.objects.exists()


def test_when_no_case_can_be_opened_the_lane_is_free_all_the_same(channel, bot, engine, monkeypatch):
    def broken(**_: object) -> None:
        raise IntegrityError("no")

    monkeypatch.setattr("bot.rescue.tickets.open_ticket", broken)
    engine.stumbles["ay"] = RuntimeError("boom")
    inbox.writes(channel, MARIA.phone, "ay")
    for strike in range(3):
        bot.run_once(later(seconds=10 * strike))
    assert inbox.states() == [DEAD]
    inbox.writes(channel, MARIA.phone, "hola")
    works(bot, later(seconds=60))
    assert inbox.answers(MARIA.key) == ["oí: hola"]


def test_an_event_nobody_can_read_is_set_aside(channel, bot, engine):
    receive(lane=key(channel), source="channel:9", external_id="x", kind="message", payload={"kind": "message"})
    inbox.writes(channel, JUAN.phone, "hola")
    for strike in range(3):
        bot.run_once(later(seconds=10 * strike))
    assert DEAD in inbox.states()
    assert inbox.answers(JUAN.key) == ["oí: hola"]


@pytest.mark.parametrize("error", [Stale(), OperationalError("deadlock detected")])
def test_what_is_nobodys_fault_runs_again_without_a_strike(channel, bot, engine, error):
    engine.stumbles["hola"] = error
    inbox.writes(channel, MARIA.phone, "hola")
    bot.run_once()
    assert inbox.lane(key(channel)).strikes == 0
    engine.stumbles.clear()
    works(bot, later(seconds=1))
    assert inbox.answers(MARIA.key) == ["oí: hola"]


# --- leases ---------------------------------------------------------------------------------


def dies(bot: Dispatcher, now, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that ends in the middle of its turns."""

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(module, "process", killed)
        with pytest.raises(KeyboardInterrupt):
            bot.run_once(now)


def expire() -> None:
    Lane.objects.filter(lease_until__isnull=False).update(lease_until=later(seconds=-1))


def test_a_lease_lasts_thirty_seconds_and_then_another_runs_it(channel, bot, monkeypatch):
    inbox.writes(channel, MARIA.phone, "hola")
    dies(bot, None, monkeypatch)
    lease = inbox.lane(key(channel)).lease_until
    assert timedelta(seconds=28) < lease - timezone.now() <= timedelta(seconds=30)
    assert bot.run_once() == 0
    assert bot.run_once(later(seconds=31)) == 1
    assert inbox.answers(MARIA.key) == ["oí: hola"]
    assert inbox.lane(key(channel)).expired == 0


def test_a_turn_whose_lease_was_lost_is_dropped(channel, bot, engine):
    def another_takes_it(turn: Turn) -> None:
        engine.meanwhile = lambda turn: None
        expire()
        Dispatcher().run_once()

    engine.meanwhile = another_takes_it
    inbox.writes(channel, MARIA.phone, "hola")
    works(bot)
    assert engine.heard == [("hola",), ("hola",)]
    assert inbox.answers(MARIA.key) == ["oí: hola"]


def test_expired_leases_are_no_strikes(channel, bot, monkeypatch):
    inbox.writes(channel, MARIA.phone, "hola")
    for _ in range(2):
        dies(bot, None, monkeypatch)
        expire()
    lane = inbox.lane(key(channel))
    assert (lane.expired, lane.strikes) == (1, 0)


def test_from_the_second_expired_lease_a_lane_runs_alone(channel, bot, monkeypatch):
    for person in (MARIA, JUAN):
        inbox.writes(channel, person.phone, "hola")
    for _ in range(2):
        dies(bot, None, monkeypatch)
        expire()
    assert bot.run_once() == 1
    assert bot.run_once() == 1
    assert bot.run_once() == 0


def test_who_kills_the_process_goes_to_a_person_and_takes_nobody_along(channel, bot, engine):
    """Each time the process dies at Juan's lane; María and Ana were in the same batch."""

    def deadly(turn: Turn) -> None:
        if turn.text == "mata":
            raise KeyboardInterrupt

    engine.meanwhile = deadly
    for person, text in ((MARIA, "hola"), (JUAN, "mata"), (ANA, "buenas")):
        inbox.writes(channel, person.phone, text)
    deaths = 0
    while True:
        try:
            if not bot.run_once():
                break
        except KeyboardInterrupt:
            deaths += 1
            expire()
        assert deaths < 10
    assert deaths == 5
    assert inbox.answers(MARIA.key) == ["oí: hola"]
    assert inbox.answers(ANA.key) == ["oí: buenas"]
    assert [ticket.contact.phone_key for ticket in Ticket.objects.all()] == [JUAN.key]


def test_a_lane_whose_owner_died_is_not_forgotten_behind_many_others(channel, bot, monkeypatch, engine):
    inbox.writes(channel, MARIA.phone, "espero")
    dies(bot, None, monkeypatch)
    expire()
    for number in range(20):
        inbox.writes(channel, f"54926140000{number:02}", "hola")
    bot.run_once()
    assert ("espero",) in engine.heard


def test_sixteen_lanes_at_once_and_the_oldest_first(channel, bot, engine):
    for number in range(20):
        inbox.writes(channel, f"54926140000{number:02}", str(number))
    assert bot.run_once() == 16
    assert sorted(int(words[0]) for words in engine.heard) == list(range(16))
    assert bot.run_once() == 4


def test_a_configuration_that_cannot_be_read_takes_no_lane(channel, bot, monkeypatch):
    inbox.writes(channel, MARIA.phone, "hola")

    def broken() -> None:
        raise ValueError("no such zone")

    with monkeypatch.context() as patched:
        patched.setattr(module, "current", broken)
        with pytest.raises(ValueError, match="zone"):
            bot.run_once()
    assert inbox.lane(key(channel)).lease_until is None
    assert works(bot) == 1


def test_a_lane_with_nothing_due_is_let_go(channel, bot):
    inbox.writes(channel, MARIA.phone, "hola")
    InboxEvent.objects.update(state=DONE)
    assert bot.run_once() == 1
    assert bot.run_once() == 0
    assert inbox.lane(key(channel)).lease_until is None


# --- the loop -------------------------------------------------------------------------------


def test_the_loop_survives_a_database_that_goes_away(channel, bot, monkeypatch):
    stop, calls = threading.Event(), []

    def away(*_: object) -> int:
        calls.append(1)
        if len(calls) >= 3:
            stop.set()
        raise DatabaseError("gone")

    monkeypatch.setattr(bot, "run_once", away)
    monkeypatch.setattr(module, "_nap", away)
    monkeypatch.setattr(module.connection, "close", lambda: None)
    monkeypatch.setattr(stop, "wait", lambda seconds: None)
    bot.loop(stop)
    assert len(calls) >= 3


def test_the_loop_works_and_then_naps_until_the_next_is_due(channel, bot, monkeypatch):
    stop, naps = threading.Event(), []
    inbox.writes(channel, MARIA.phone, "hola")

    def nap(seconds: float) -> None:
        naps.append(seconds)
        stop.set()

    monkeypatch.setattr(bot._waker, "wait", nap)
    bot.loop(stop)
    assert inbox.answers(MARIA.key) == ["oí: hola"]
    assert naps == [1.0]
    inbox.writes(channel, MARIA.phone, "sigue", wait=0.3)
    assert 0 < module._nap() <= 0.3


# --- what it costs --------------------------------------------------------------------------


def statements(bot: Dispatcher) -> int:
    with CaptureQueriesContext(connection) as captured:
        bot.run_once()
    return len([query for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))])


def test_sixteen_lanes_cost_little_more_than_one(channel, bot):
    phones = [f"54926155500{number:02}" for number in range(17)]
    for phone in phones:
        inbox.writes(channel, phone, "hola")
    works(bot)
    inbox.writes(channel, phones[0], "uno")
    one = statements(bot)
    for phone in phones[1:]:
        inbox.writes(channel, phone, "muchos")
    sixteen = statements(bot)
    assert one <= 30
    assert sixteen <= one + 2
    assert not InboxEvent.objects.filter(state=PENDING).exists()


def test_a_turn_costs_the_same_whatever_was_said_before(channel, bot):
    for text in ("hola", "de nuevo"):
        inbox.writes(channel, MARIA.phone, text)
        works(bot)
    inbox.writes(channel, MARIA.phone, "uno")
    young = statements(bot)
    chat = desk.chat_of(channel)
    Message.objects.bulk_create(
        Message(conversation=chat, channel=channel, direction="in", author="contact", text=str(n), status="received")
        for n in range(500)
    )
    inbox.writes(channel, MARIA.phone, "dos")
    assert statements(bot) == young


# --- at the same time -----------------------------------------------------------------------


def at_the_same_time(*works: Callable[[], object]) -> None:
    """Each in its own thread with its own connection; what any raises is raised here."""
    start, failed = threading.Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        try:
            start.wait(timeout=10)
            work()
        except BaseException as error:  # noqa: BLE001 # shown by the test
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    if failed:
        raise failed[0]


@pytest.mark.django_db(transaction=True)
def test_two_dispatchers_over_forty_lanes_run_each_event_once(engine):
    snapshot.forget()
    channel = desk.open_for_business()
    for number in range(40):
        for text in ("uno", "dos"):
            inbox.writes(channel, f"54926155500{number:02}", text)

    def dispatcher() -> None:
        bot = Dispatcher()
        for _ in range(200):
            if not bot.run_once() and not InboxEvent.objects.filter(state=PENDING).exists():
                return

    at_the_same_time(dispatcher, dispatcher)
    assert not InboxEvent.objects.exclude(state=DONE).exists()
    assert Message.objects.filter(direction="in").count() == 80
    assert Message.objects.filter(direction="out").count() == 40
    assert DialogState.objects.count() == 40
    assert not Lane.objects.filter(strikes__gt=0).exists()
    assert not Lane.objects.exclude(token="").exists()


@pytest.mark.django_db(transaction=True)
def test_an_event_that_arrives_while_its_lane_is_let_go_is_never_left_without_an_hour(engine):
    snapshot.forget()
    channel = desk.open_for_business()
    done = threading.Event()
    stranded: list[str] = []

    def network() -> None:
        for number in range(150):
            inbox.writes(channel, MARIA.phone, str(number))
        done.set()

    def dispatcher() -> None:
        bot = Dispatcher()
        while not done.is_set() or bot.run_once():
            bot.run_once()
            waiting = Lane.objects.filter(events__state=PENDING, ready_at=None, lease_until=None)
            stranded.extend(waiting.values_list("key", flat=True))

    at_the_same_time(network, dispatcher)
    assert stranded == []
    assert not InboxEvent.objects.exclude(state=DONE).exists()
    heard = [int(word) for words in engine.heard for word in words]
    assert sorted(heard) == list(range(150))
    assert heard == sorted(heard)


@pytest.mark.django_db(transaction=True)
def test_both_dispatchers_may_meet_a_new_person_at_once(engine):
    """Two addresses of one stranger, in two lanes, never seen before."""
    snapshot.forget()
    channel = desk.open_for_business()
    WhatsAppGroup.objects.all().delete()
    for _ in range(10):
        inbox.writes(channel, ELENA.phone, "hola")
        inbox.writes(channel, ELENA.phone, "en un grupo", group="soporte")
        at_the_same_time(lambda: Dispatcher().run_once(), lambda: Dispatcher().run_once())
    works(Dispatcher(), later(seconds=5))
    assert not InboxEvent.objects.exclude(state=DONE).exists()
    assert desk.chat_of(channel, ELENA).contact.phone_key == ELENA.key
