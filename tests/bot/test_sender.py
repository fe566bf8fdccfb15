"""What leaves and when: replies first, each chat in order, and every doubt settled by the error's class."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.utils import timezone

from backoffice.accounts.models import User
from backoffice.channels.models import Channel, ChannelStatus
from backoffice.channels.services import status_of
from backoffice.common.models import Activity
from backoffice.conversations.models import Conversation, Media, Message
from backoffice.conversations.services import TickOf, record_ticks, settle
from bot.sender import AT_ONCE, Sender
from integrations.errors import BadCredentials, OutcomeUnknown, Rejected, Throttled, Unavailable
from integrations.whatsapp.base import Cap, NotConnected, ReachoutLocked, RecipientUnknown, TemporaryBan
from tests.backoffice import desk
from tests.bot.outbox import AGENT, BULK, NOTICE, REPLY, drain, later, say
from tests.bot.wire import Wire
from tests.cast import ANA, ELENA, JUAN, MARIA

PLAIN = Cap.GROUPS  # a network that would deliver the same message twice


@pytest.fixture
def channel(db: None) -> Channel:
    channel = desk.open_for_business()
    status_of(channel)
    return channel


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def sender(channel: Channel, wire: Wire) -> Sender:
    return Sender(channel, wire.transport, Random(7))


@pytest.fixture
def maria(channel: Channel) -> Conversation:
    return desk.chat_of(channel, MARIA)


@pytest.fixture
def juan(channel: Channel) -> Conversation:
    return desk.chat_of(channel, JUAN)


# --- order ----------------------------------------------------------------------------------


def test_a_reply_leaves_and_the_row_says_so(sender, wire, maria):
    message = say(maria, "Hola, María")
    assert sender.run_once()
    message.refresh_from_db()
    assert (message.status, message.external_id) == ("sent", f"wamid-m{message.pk}")
    assert wire.sent == [(f"p:{MARIA.phone}", "Hola, María")]
    assert not sender.run_once()


def test_replies_before_agents_before_notices_before_bulk(channel, sender, wire):
    people = [desk.chat_of(channel, person) for person in (MARIA, JUAN, ANA, ELENA)]
    for chat, priority in zip(people, (BULK, NOTICE, AGENT, REPLY), strict=True):
        say(chat, Message.Priority(priority).name, priority)
    sender._pace.policy = sender._pace.policy.__class__(0, 0, 50, 0)
    drain(sender)
    assert wire.texts == ["REPLY", "AGENT"], "people were talking a moment ago"
    drain(sender, later(seconds=1))
    assert wire.texts[2:] == ["NOTICE", "BULK"]


def test_an_agents_line_does_not_wait_for_replies_that_never_end(channel, sender, wire, maria):
    say(maria, "te atiende Juan", AGENT)
    for number in range(4 * AT_ONCE):
        say(desk.chat_of(channel, replace(ANA, phone=f"549261777{number:04d}")), "respuesta")
    with time_machine.travel(later(seconds=16), tick=False):
        for _ in range(AT_ONCE + 1):
            sender.run_once()
    assert wire.texts == ["respuesta"] * AT_ONCE + ["te atiende Juan"]


def test_in_one_chat_an_agents_earlier_line_is_not_overtaken_by_a_reply(sender, wire, maria):
    say(maria, "primero, Juan", AGENT)
    say(maria, "después, el bot", REPLY)
    drain(sender)
    assert wire.texts == ["primero, Juan", "después, el bot"]


def test_a_notice_never_overtakes_a_reply_that_waits_in_its_chat(sender, wire, maria):
    wire.failing = [Unavailable()]
    say(maria, "la respuesta")
    say(maria, "el aviso", NOTICE)
    assert sender.run_once()
    assert not sender.run_once()
    assert drain(sender, later(seconds=5)) + drain(sender, later(seconds=6)) == 2
    assert wire.texts == ["la respuesta", "el aviso"]


def test_what_is_due_later_waits_for_its_hour(sender, wire, maria):
    say(maria, "a las ocho", due_at=later(hours=1))
    assert not sender.run_once()
    assert sender.run_once(later(hours=1, seconds=1))


def test_a_retrying_head_holds_only_its_chat(sender, wire, maria, juan):
    wire.failing = [Unavailable()]
    say(maria, "uno")
    say(maria, "dos")
    say(juan, "para Juan")
    assert drain(sender) == 2
    assert wire.texts == ["para Juan"]
    drain(sender, later(seconds=5))
    assert wire.texts == ["para Juan", "uno", "dos"]


def test_a_chat_that_waits_with_many_lines_holds_nobody_else(sender, wire, maria, juan):
    wire.failing = [Unavailable()]
    for number in range(70):
        say(maria, f"{number}")
    say(juan, "para Juan")
    drain(sender)
    assert wire.texts == ["para Juan"]


def test_each_number_sends_only_its_own(sender, wire, channel):
    other = Channel.objects.create(name="Otro", kind="simulator")
    say(desk.chat_of(other, MARIA), "por el otro número")
    assert not sender.run_once()


def test_a_message_that_somebody_else_claimed_is_left_to_them(sender, wire, maria, monkeypatch):
    message = say(maria, "una vez")
    found = sender._next(timezone.now())
    assert found == message
    Message.objects.filter(pk=message.pk).update(status="sending")
    monkeypatch.setattr(sender, "_next", lambda now: found)
    sender.run_once()
    assert wire.sent == []


# --- the human pause -------------------------------------------------------------------------


def test_a_prudent_number_takes_its_time_before_a_reply_and_not_before_an_agents_line(
    channel, wire, maria, monkeypatch
):
    channel.policy = "prudente"
    slept: list[float] = []
    monkeypatch.setattr("bot.sender.time.sleep", slept.append)
    sender = Sender(channel, wire.transport, Random(7))
    say(maria, "Tu próxima factura vence el 10/12.")
    say(maria, "Soy Juan, te ayudo", AGENT)
    drain(sender)
    assert len(slept) == 1
    assert 1.2 <= slept[0] <= 9.5


def test_who_is_stopped_during_the_human_pause_leaves_no_doubt(channel, maria, monkeypatch):
    channel.policy = "prudente"
    sender = Sender(channel, Wire(PLAIN).transport, Random(7))
    message = say(maria, "Hola")

    def killed(_seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.sender.time.sleep", killed)
    with pytest.raises(KeyboardInterrupt):
        sender.run_once()
    assert Sender(channel, Wire(PLAIN).transport).recover() == 0
    message.refresh_from_db()
    assert message.status == "queued"


def test_what_staff_change_in_the_channel_is_followed(channel, sender):
    channel.human_pause = True
    sender.adopt(channel)
    assert sender._pace.typing_time("Hola") > 0


# --- what can go wrong ----------------------------------------------------------------------


def test_refused_is_failed_with_the_reason_and_an_alert(sender, wire, maria):
    wire.failing = [RecipientUnknown()]
    message = say(maria, "Hola")
    sender.run_once()
    message.refresh_from_db()
    assert (message.status, message.error) == ("failed", RecipientUnknown.staff_text)
    assert Activity.objects.filter(kind="error", text__contains="no tiene WhatsApp").exists()


@pytest.mark.parametrize(
    "error", [Unavailable(), NotConnected(), BadCredentials(), Throttled(after=timedelta(seconds=3))]
)
def test_what_will_pass_is_tried_again_after_a_while(sender, wire, maria, error):
    wire.failing = [error]
    message = say(maria, "Hola")
    sender.run_once()
    message.refresh_from_db()
    assert (message.status, message.attempts) == ("queued", 1)
    assert message.due_at > timezone.now()
    assert drain(sender, later(seconds=5)) == 1
    message.refresh_from_db()
    assert (message.status, message.error) == ("sent", "")


@pytest.mark.parametrize("error", [Unavailable(), OutcomeUnknown()])
def test_a_reply_is_tried_for_ten_minutes_and_then_a_person_is_told(sender, wire, maria, error):
    wire.failing = [error] * 100
    message = say(maria, "uno")
    say(maria, "dos")
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        while message.status == "queued":
            assert timezone.now() - start < timedelta(minutes=12), "it goes on for ever"
            sender.run_once()
            message.refresh_from_db()
            clock.move_to(max(message.due_at or start, timezone.now()) + timedelta(milliseconds=1))
        now = timezone.now()
    assert message.status == "failed"
    assert timedelta(minutes=8) < now - start <= timedelta(minutes=10)
    wire.failing = []
    assert drain(sender, now) == 1
    assert wire.texts == ["dos"]


def test_after_a_long_night_the_first_hiccup_fails_nothing(sender, wire, maria):
    message = say(maria, "Hola")
    Message.objects.filter(pk=message.pk).update(created_at=later(hours=-8))
    wire.failing = [NotConnected()]
    sender.run_once()
    message.refresh_from_db()
    assert message.status == "queued"


def test_a_notice_is_tried_for_as_long_as_it_takes(sender, wire, maria):
    message = say(maria, "aviso", NOTICE, due_at=timezone.now())
    Message.objects.filter(pk=message.pk).update(attempts=200)
    wire.failing = [Unavailable()]
    sender.run_once()
    message.refresh_from_db()
    assert message.status == "queued"


def test_a_doubt_on_a_network_that_refuses_repetitions_is_sent_again(sender, wire, maria):
    wire.failing = [OutcomeUnknown()]
    message = say(maria, "Hola")
    assert drain(sender, later(seconds=2)) == 2
    message.refresh_from_db()
    assert message.status == "sent"
    assert wire.refs == [f"m{message.pk}"]


def test_a_doubt_elsewhere_waits_two_minutes_for_a_tick_and_then_lets_the_chat_go_on(channel, maria):
    wire = Wire(PLAIN)
    sender = Sender(channel, wire.transport)
    wire.failing = [OutcomeUnknown()]
    doubtful = say(maria, "¿salió?")
    say(maria, "otra cosa")
    sender.run_once()
    doubtful.refresh_from_db()
    assert doubtful.status == "uncertain"
    assert not sender.run_once(later(seconds=110))
    assert sender.run_once(later(seconds=125))
    assert wire.texts == ["otra cosa"]


def test_an_adapter_that_breaks_is_a_doubt_and_holds_no_other_chat(channel, maria, juan):
    wire = Wire(PLAIN)
    sender = Sender(channel, wire.transport)
    wire.failing = [RuntimeError("the library broke")]
    message = say(maria, "Hola")
    say(juan, "para Juan")
    assert drain(sender) == 2
    message.refresh_from_db()
    assert message.status == "uncertain"
    assert wire.texts == ["para Juan"]


@pytest.mark.parametrize("decision", ["sent", "resend", "discard"])
def test_staff_settle_a_doubt_once(maria, decision):
    message = say(maria, "¿salió?")
    Message.objects.filter(pk=message.pk).update(status="uncertain", attempts=9)
    assert settle(message=message, decision=decision, by=User(username="elena"))
    assert not settle(message=message, decision=decision, by=User(username="elena"))
    message.refresh_from_db()
    assert message.status == {"sent": "sent", "resend": "queued", "discard": "discarded"}[decision]


def test_resent_by_staff_it_has_its_ten_minutes_again(sender, wire, maria):
    message = say(maria, "otra vez")
    Message.objects.filter(pk=message.pk).update(status="failed", created_at=later(hours=-2), attempts=15)
    settle(message=message, decision="resend", by=User(username="elena"))
    wire.failing = [Unavailable()]
    sender.run_once()
    message.refresh_from_db()
    assert message.status == "queued"


def test_interrupted_while_sending_is_sent_again_where_repetitions_are_refused(channel, maria):
    message = say(maria, "Hola")
    Message.objects.filter(pk=message.pk).update(status="sending")
    safe = Wire()
    sender = Sender(channel, safe.transport)
    assert sender.recover() == 1
    assert sender.run_once()
    assert safe.refs == [f"m{message.pk}"]


def test_interrupted_while_sending_is_a_doubt_elsewhere(channel, maria):
    message = say(maria, "Hola")
    Message.objects.filter(pk=message.pk).update(status="sending", status_at=later(hours=-1))
    sender = Sender(channel, Wire(PLAIN).transport)
    assert sender.recover() == 1
    message.refresh_from_db()
    assert message.status == "uncertain"
    assert not sender.run_once()


def test_a_ban_holds_everything_until_its_end_also_after_a_restart(channel, sender, wire, maria, juan):
    until = later(hours=2)
    wire.failing = [TemporaryBan(until=until)]
    say(maria, "uno")
    say(juan, "dos")
    say(juan, "aviso", NOTICE)
    assert drain(sender) == 1
    assert abs(ChannelStatus.objects.get().paused_until - until) < timedelta(seconds=5)
    reborn = Sender(channel, wire.transport)
    for one in (sender, reborn):
        assert not one.run_once(later(hours=1, minutes=59))
    assert wire.sent == []
    assert drain(reborn, later(hours=2, seconds=5)) + drain(reborn, later(hours=2, seconds=6)) == 3


def test_a_number_that_may_not_open_chats_tells_staff_instead_of_holding_a_reply_for_a_day(sender, wire, maria, juan):
    wire.failing = [ReachoutLocked(until=later(hours=24))]
    message = say(maria, "Hola")
    say(maria, "sigue")
    say(juan, "para Juan")
    drain(sender)
    message.refresh_from_db()
    assert (message.status, message.error) == ("failed", ReachoutLocked.staff_text)
    assert set(wire.texts) == {"sigue", "para Juan"}


def test_a_notice_waits_for_as_long_as_the_network_asks(sender, wire, maria):
    wire.failing = [ReachoutLocked(until=later(hours=24))]
    message = say(maria, "aviso", NOTICE)
    sender.run_once()
    message.refresh_from_db()
    assert message.status == "queued"
    assert message.due_at > later(hours=23)


# --- ticks ----------------------------------------------------------------------------------


def tick(message: Message, status: str, *, ours: bool = True) -> TickOf:
    return TickOf(status, timezone.now(), f"wamid-m{message.pk}", message.pk if ours else None)


def test_a_tick_before_the_answer_is_kept(channel, sender, wire, maria):
    message = say(maria, "Hola")
    wire.before_answering = lambda ref: record_ticks(channel_id=channel.pk, ticks=[tick(message, "delivered")])
    sender.run_once()
    message.refresh_from_db()
    assert (message.status, message.external_id) == ("delivered", f"wamid-m{message.pk}")


def test_ticks_only_go_forward(channel, sender, maria):
    message = say(maria, "Hola")
    sender.run_once()
    for status in ("read", "delivered", "sent", "failed", "read"):
        record_ticks(channel_id=channel.pk, ticks=[tick(message, status, ours=False)])
        message.refresh_from_db()
        assert message.status == "read"


def test_a_tick_settles_a_doubt_and_raises_no_alarm(channel, maria):
    wire = Wire(PLAIN)
    sender = Sender(channel, wire.transport)
    message = say(maria, "Hola")

    class Late(list):
        def pop(self, index: int = 0):
            record_ticks(channel_id=channel.pk, ticks=[tick(message, "delivered")])
            return super().pop(index)

    wire.failing = Late([OutcomeUnknown()])
    sender.run_once()
    message.refresh_from_db()
    assert message.status == "delivered"
    assert not Activity.objects.filter(kind="error").exists()


def test_a_refusal_told_by_a_tick_is_kept_with_its_reason(channel, sender, maria):
    message = say(maria, "Hola")
    sender.run_once()
    record_ticks(
        channel_id=channel.pk, ticks=[TickOf("failed", timezone.now(), f"wamid-m{message.pk}", None, "bloqueado")]
    )
    message.refresh_from_db()
    assert (message.status, message.error) == ("failed", "bloqueado")


def test_ticks_of_other_numbers_and_of_what_people_wrote_change_nothing(channel, sender, maria):
    message = say(maria, "Hola")
    written = desk.writes(maria, "hola", external_id="in-1")
    other = Channel.objects.create(name="Otro", kind="simulator")
    ticks = [tick(message, "read"), TickOf("read", timezone.now(), "in-1")]
    assert record_ticks(channel_id=other.pk, ticks=ticks) == 0
    assert record_ticks(channel_id=channel.pk, ticks=ticks[1:]) == 0
    written.refresh_from_db()
    assert written.status == "received"


# --- what is said ---------------------------------------------------------------------------


def test_files_places_menus_and_quotes_leave_as_what_they_are(sender, wire, maria):
    media = Media(kind="document", filename="factura.pdf", mimetype="application/pdf", size=4, sha256="x")
    media.file.save("x.pdf", ContentFile(b"%PDF"))
    asked = desk.writes(maria, "¿y la factura?", external_id="in-7")
    say(maria, "Acá va", media=media, quoted=asked)
    say(maria, "", location={"latitude": "-32.89", "longitude": "-68.84", "name": "Oficina"})
    say(maria, "¿Qué querés hacer?", menu=[{"key": "1", "title": "Pagar"}])
    drain(sender)
    assert wire.texts[:2] == ["[document factura.pdf 4 B] Acá va", "[-32.89, -68.84] Oficina"]
    assert "Pagar" in wire.texts[2]
    assert wire.quotes == ["in-7", None, None]


def test_a_lost_file_fails_that_message_alone(sender, wire, maria, juan):
    media = Media.objects.create(kind="image", mimetype="image/png", sha256="y", file="chats/lost.png")
    message = say(maria, "", media=media)
    say(juan, "para Juan")
    drain(sender)
    message.refresh_from_db()
    assert message.status == "failed"
    assert "archivo" in message.error
    assert wire.texts == ["para Juan"]


@pytest.mark.parametrize("broken", [{"location": {"name": "sin coordenadas"}}, {"menu": [{"sin": "título"}]}])
def test_a_row_that_cannot_be_said_fails_alone(sender, wire, maria, juan, broken):
    message = say(maria, "x", **broken)
    say(juan, "para Juan")
    drain(sender)
    message.refresh_from_db()
    assert message.status == "failed"
    assert wire.texts == ["para Juan"]


def test_a_chat_with_an_impossible_address_fails_alone(channel, sender, wire, juan):
    chat = desk.chat_of(channel, MARIA)
    Conversation.objects.filter(pk=chat.pk).update(address="?")
    message = say(chat, "Hola")
    say(juan, "para Juan")
    drain(sender)
    message.refresh_from_db()
    assert message.status == "failed"
    assert wire.texts == ["para Juan"]


def test_refused_twice_the_same_way_never_repeats(sender, wire, maria):
    wire.failing = [Rejected("no")]
    say(maria, "Hola")
    assert drain(sender) == 1
    assert not sender.run_once(later(days=1))
