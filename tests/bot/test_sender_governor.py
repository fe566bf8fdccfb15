"""The governor asked by the real sender: caps, complaints, stops that outlive the process, and replies untouched."""

from contextlib import suppress
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from backoffice.channels.models import Channel, ChannelStatus, SentHour
from backoffice.channels.selectors import care_of, estimate, notices_end, notices_hold
from backoffice.channels.services import resume_notices, status_of, stop_notices
from backoffice.common.errors import DomainError
from backoffice.conversations.models import Contact, Conversation, Message
from bot.sender import Sender
from integrations.errors import Throttled, Unavailable
from integrations.whatsapp.base import Cap, ReachoutLocked, RecipientUnknown, TemporaryBan, TooFastForOne
from tests.backoffice import desk
from tests.bot.outbox import NOTICE, say
from tests.bot.wire import SAFE, Wire
from tests.cast import JUAN, MARIA, Person

ZONE = ZoneInfo("America/Argentina/Buenos_Aires")


def at(hour: int, minute: int = 0, *, days: int = 0) -> datetime:
    """An hour of these days, in the company's zone."""
    today = timezone.now().astimezone(ZONE).replace(hour=hour, minute=minute, second=0, microsecond=0)
    return today + timedelta(days=days)


@pytest.fixture
def channel(db: None) -> Channel:
    """An old number under Prudente, without the pause of who types."""
    channel = desk.open_for_business()
    status_of(channel)
    channel.policy, channel.in_use_since = Channel.Policy.PRUDENT, date(2024, 1, 1)
    channel.save()
    return channel


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def maria(channel: Channel) -> Conversation:
    chat = desk.chat_of(channel, MARIA)
    desk.writes(chat, "hola")
    return chat


@pytest.fixture(autouse=True)
def nobody_types(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.sender.time.sleep", lambda _seconds: None)


def sender_of(channel: Channel, wire: Wire) -> Sender:
    return Sender(channel, wire.transport, Random(7))


def wait_for_turn(chat: Conversation, count: int) -> None:
    for number in range(count):
        say(chat, f"aviso {number}", NOTICE, due_at=at(0, days=-1))


def a_day(sender: Sender, day: int) -> None:
    """From 8 to 21, asking each minute."""
    moment, end = at(8, days=day), at(21, days=day)
    while moment < end:
        sender.run_once(moment)
        moment += timedelta(minutes=1)


def stopped(channel: Channel) -> tuple[datetime | None, str]:
    status = ChannelStatus.objects.get(channel=channel)
    return status.stopped_until, status.stopped_why


def test_at_night_notices_wait_and_replies_do_not(channel, wire, maria):
    sender = sender_of(channel, wire)
    wait_for_turn(maria, 1)
    say(desk.chat_of(channel, JUAN), "respuesta", due_at=at(0, days=-1))
    night = at(22, days=1)
    assert sender.run_once(night)
    assert not sender.run_once(night + timedelta(seconds=1))
    assert wire.texts == ["respuesta"]
    assert sender.run_once(at(9, days=2))
    assert wire.texts == ["respuesta", "aviso 0"]


def test_a_fresh_number_over_four_days_restarted_each_morning(channel, wire, maria):
    """Nothing on the first two days, twenty on the third and the fourth."""
    channel.in_use_since = timezone.now().astimezone(ZONE).date() + timedelta(days=1)
    channel.save()
    wait_for_turn(maria, 60)
    left = []
    for day in (1, 2, 3, 4):
        before = len(wire.sent)
        sender = sender_of(channel, wire)
        a_day(sender, day)
        left.append(len(wire.sent) - before)
    assert left == [0, 0, 20, 20]
    assert len(set(wire.refs)) == 40
    assert sum(row.notices for row in SentHour.objects.filter(channel=channel)) == 40


def test_what_left_today_is_counted_again_by_who_takes_over(channel, wire, maria):
    channel.policy, channel.daily_cap, channel.gap_min, channel.gap_max = "manual", 2, 0, 0
    channel.save()
    wait_for_turn(maria, 4)
    now = timezone.now()
    first = sender_of(channel, wire)
    assert first.run_once(now)
    assert sender_of(channel, wire).run_once(now)
    assert not sender_of(channel, wire).run_once(now)
    held = notices_hold(channel, now)
    assert held
    assert "2 avisos de hoy" in held.why


@pytest.mark.parametrize(
    ("error", "why"),
    [(Throttled(after=timedelta(minutes=5)), "429"), (ReachoutLocked(until=timezone.now()), "463")],
)
def test_a_complaint_stops_notices_for_an_hour_and_the_next_process_too(channel, wire, maria, error, why):
    wire.failing = [error]
    wait_for_turn(maria, 2)
    began = timezone.now()
    sender_of(channel, wire).run_once(at(10, days=1))
    until, told = stopped(channel)
    assert until is not None
    assert timedelta(minutes=59) < until - began < timedelta(minutes=61)
    assert why in told
    held = sender_of(channel, wire)._held(timezone.now())
    assert held
    assert (held.until, held.why) == (until, told)


def test_one_person_who_gets_too_much_stops_nobody_else(channel, wire, maria):
    wire.failing = [TooFastForOne(after=timedelta(minutes=1))]
    wait_for_turn(maria, 1)
    sender_of(channel, wire).run_once(at(10, days=1))
    assert stopped(channel) == (None, "")


def test_two_faults_in_twenty_stop_and_an_absent_network_does_not(channel, wire, maria):
    wire.failing = [Unavailable(), RecipientUnknown(), None, RecipientUnknown()]
    wait_for_turn(maria, 4)
    sender = sender_of(channel, wire)
    for minute in (0, 2, 4):
        assert sender.run_once(at(10, minute, days=1))
    assert stopped(channel)[0] is None
    assert sender.run_once(at(10, 6, days=1))
    assert "2 de los últimos 20" in stopped(channel)[1]


def test_under_manual_complaints_stop_nothing_but_a_suspension_does(channel, wire, maria):
    channel.policy = "manual"
    channel.save()
    wire.failing = [Throttled(after=timedelta(minutes=5)), TemporaryBan(until=timezone.now() + timedelta(hours=5))]
    wait_for_turn(maria, 2)
    sender = sender_of(channel, wire)
    sender.run_once(at(10, days=1))
    assert stopped(channel)[0] is None
    sender.run_once(at(10, 5, days=1))
    until, _why = stopped(channel)
    assert until
    assert timedelta(hours=4, minutes=59) < until - timezone.now() < timedelta(hours=5, minutes=1)


def test_notices_that_never_arrive_stop_the_rest(channel, maria):
    wire = Wire(SAFE | Cap.DELIVERY_STATUS)
    wait_for_turn(maria, 21)
    sender = sender_of(channel, wire)
    for number in range(20):
        assert sender.run_once(at(10, days=1) + timedelta(minutes=10 * number))
    Message.objects.filter(direction="out", status="sent").update(status="delivered")
    mute = list(Message.objects.filter(direction="out", status="delivered").values_list("pk", flat=True)[:4])
    Message.objects.filter(pk__in=mute).update(status="sent")
    sender.run_once(at(14, days=1))
    assert "4 de los últimos 20" in stopped(channel)[1]


def test_a_stop_that_comes_back_is_twice_as_long_and_a_person_ends_it(channel):
    now = timezone.now()
    assert stop_notices(channel=channel, why="429", now=now) == now + timedelta(hours=1)
    assert stop_notices(channel=channel, why="463", now=now) == now + timedelta(hours=1)  # on already
    again = now + timedelta(hours=2)
    assert stop_notices(channel=channel, why="429", now=again) == again + timedelta(hours=2)
    calm = now + timedelta(days=3)
    assert stop_notices(channel=channel, why="429", now=calm) == calm + timedelta(hours=1)
    assert care_of(channel, calm).tone == "bad"
    resume_notices(channel=channel, by=None)
    assert care_of(channel).tone == "warn"
    with pytest.raises(DomainError):
        resume_notices(channel=channel, by=None)


def test_strangers_wait_for_another_day_and_customers_pass(channel, wire, maria):
    people = [desk.chat_of(channel, Person(f"Nadie {n}", f"549261777{n:04d}")) for n in range(7)]
    for chat in people:
        say(chat, "oferta", NOTICE, due_at=at(0, days=-1))
    wait_for_turn(maria, 1)
    sender, moment = sender_of(channel, wire), at(10, days=1)
    for _ in range(20):
        sender.run_once(moment)
        moment += timedelta(minutes=10)
    assert wire.texts.count("oferta") == 5
    assert "aviso 0" in wire.texts
    later = Message.objects.filter(text="oferta", status="queued")
    assert later.count() == 2
    assert all(row.due_at and row.due_at > at(20, days=1) for row in later)


def test_the_switch_holds_notices_and_replies_cost_no_more_statements(
    channel, wire, maria, django_assert_max_num_queries
):
    channel.notices_on = False
    channel.save()
    wait_for_turn(maria, 3)
    sender = sender_of(channel, wire)
    assert not sender.run_once(at(10, days=1))
    say(maria, "respuesta", due_at=at(0, days=-1))
    with django_assert_max_num_queries(4):  # what is foremost, the line, the claim and the result
        assert sender.run_once(at(10, days=1))
    assert wire.texts == ["respuesta"]
    assert notices_end({channel.pk: 3}) is None


def test_an_estimate_says_the_days_and_what_makes_them(channel):
    asked = estimate(channel, 450, at(9, days=1))
    assert (asked.days, asked.ends_at is not None) == (3, True)
    assert "máximo" in asked.why
    channel.policy = "manual"
    assert estimate(channel, 10, at(9, days=1)).days == 1


def test_a_thousand_under_manual_survive_restarts_and_nobody_hears_it_twice(channel):
    """SC-41. The process is killed a dozen times, half of them right after the network took the message."""
    channel.policy = Channel.Policy.MANUAL
    channel.save()
    _a_thousand(channel)
    wire, chance, kills = Wire(Cap.GROUPS), Random(41), 0  # a network that would send a repeated id again
    moment, sender = at(9), sender_of(channel, wire)
    next_death = 40

    def dies(_ref: str) -> None:
        raise KeyboardInterrupt

    while Message.objects.filter(status="queued").exists():
        moment += timedelta(seconds=10)
        wire.before_answering = dies if len(wire.sent) >= next_death and kills % 2 == 0 else (lambda _ref: None)
        with suppress(KeyboardInterrupt):
            sender.run_once(moment)
        if len(wire.sent) > next_death or (kills % 2 and len(wire.sent) >= next_death):
            kills, next_death = kills + 1, len(wire.sent) + chance.randint(60, 100)
            sender = sender_of(channel, wire)
            sender.recover()
    assert kills >= 8
    assert len(wire.refs) == len(set(wire.refs)) == len({to for to, _ in wire.sent}) == 1000
    in_doubt = Message.objects.filter(status="uncertain").count()
    assert in_doubt == (kills + 1) // 2
    assert Message.objects.filter(status="sent").count() == 1000 - in_doubt
    assert sum(row.notices for row in SentHour.objects.filter(channel=channel)) == 1000


def _a_thousand(channel: Channel) -> None:
    people = [Contact(name=f"Cliente {n}", phone_key=f"261600{n:04d}", phone=f"+549261600{n:04d}") for n in range(1000)]
    Contact.objects.bulk_create(people)
    chats = [Conversation(channel=channel, contact=one, address=f"p:{one.phone[1:]}") for one in people]
    Conversation.objects.bulk_create(chats)
    values = {"channel": channel, "direction": "out", "author": "system", "priority": NOTICE, "due_at": at(0, days=-1)}
    Message.objects.bulk_create([Message(conversation=chat, text="Hay un corte", **values) for chat in chats])
