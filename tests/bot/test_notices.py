"""Which of the ISP's notices leave, when, and to whom: decided as late as can be, once."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from backoffice.channels.models import Channel
from backoffice.conversations.models import Contact, Conversation, Message
from backoffice.customers.models import Customer, CustomerPhone
from backoffice.notices import doors, services
from backoffice.notices.models import Gateway, GatewayNotice
from backoffice.operations.models import BotControl
from bot import notices as module
from bot.notices import IN_OUTBOX, Feeder
from integrations.understanding.notices import Notice
from tests.backoffice import desk
from tests.cast import ANA, JUAN, LUCIA, MARIA
from tests.story import ZONE

NOON = datetime(2026, 11, 24, 12, tzinfo=ZONE)
NIGHT = datetime(2026, 11, 24, 23, 30, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def channel(db: None) -> Channel:
    return desk.open_for_business()


@pytest.fixture
def gateway(channel: Channel) -> Gateway:
    return Gateway.objects.create(name="MikroWisp", slug="mikrowisp", channel=channel)


@pytest.fixture
def feeder(channel: Channel) -> Feeder:
    return Feeder(channel)


def comes(gateway: Gateway, text: str = "Hola", to: str = MARIA.phone, **extra: str) -> GatewayNotice:
    door = doors.open_door(gateway, "261")
    return services.store_notice(notice=services.read_notice(door=door, notice=Notice(to, text, **extra), raw={}))


def state(notice: GatewayNotice) -> str:
    notice.refresh_from_db()
    return notice.state


def outbox() -> list[str]:
    return list(Message.objects.filter(status="queued").order_by("pk").values_list("text", flat=True))


def set_mode(mode: str) -> None:
    control = BotControl.load()
    control.mode = mode
    control.save()


# --- who gets it ------------------------------------------------------------------------------


def test_a_notice_goes_into_the_customer_s_own_chat(gateway, feeder):
    chat = desk.chat_of(gateway.channel, MARIA)
    notice = comes(gateway, "Tu factura vence mañana")
    assert feeder.run_once() == 1
    assert state(notice) == "queued"
    message = notice.message
    told = (message.conversation, message.text, message.author_name, message.priority, message.author)
    assert told == (chat, "Tu factura vence mañana", "MikroWisp", Message.Priority.NOTICE, "system")
    assert feeder.run_once() == 0


@pytest.mark.parametrize("written", ["2612345678", "542612345678", "5492612345678", "0261152345678"])
def test_one_person_however_the_number_comes(gateway, feeder, written):
    chat = desk.chat_of(gateway.channel, MARIA)
    notice = comes(gateway, to=written)
    feeder.run_once()
    assert state(notice) == "queued"
    assert notice.message.conversation == chat
    assert Contact.objects.count() == 1


def test_who_never_wrote_gets_a_chat_called_after_the_customer(gateway, feeder):
    maria = Customer.objects.create(code="1", name=MARIA.name)
    CustomerPhone.objects.create(customer=maria, number=f"+{MARIA.phone}", key=MARIA.key)
    for person in (MARIA, LUCIA):
        comes(gateway, f"para {person.key}", to=person.key)
    feeder.run_once()
    contacts = dict(Contact.objects.values_list("phone_key", "name"))
    assert contacts == {MARIA.key: MARIA.name, LUCIA.key: ""}
    assert set(Conversation.objects.values_list("address", flat=True)) == {f"p:{MARIA.phone}", f"p:{LUCIA.phone}"}


def test_a_file_goes_as_its_link(gateway, feeder):
    comes(gateway, "Tu factura", media_url="https://isp.ar/f/7.pdf")
    feeder.run_once()
    assert outbox() == ["Tu factura\nhttps://isp.ar/f/7.pdf"]


def test_each_number_sends_only_the_notices_of_its_gateways(gateway, feeder):
    other = Gateway.objects.create(
        name="Otro", slug="otro", channel=Channel.objects.create(name="Otro", kind="simulator")
    )
    notice = comes(other)
    assert feeder.run_once() == 0
    assert Feeder(other.channel).run_once() == 1
    assert state(notice) == "queued"


# --- in which order, and how many -------------------------------------------------------------


def test_payments_before_invoices_before_cuts_before_the_rest(gateway, feeder):
    for text in ("Feliz año", "Mañana te suspendemos el servicio", "Ya está tu factura", "Recibimos tu pago"):
        comes(gateway, text)
    feeder.run_once()
    assert outbox() == [
        "Recibimos tu pago",
        "Ya está tu factura",
        "Mañana te suspendemos el servicio",
        "Feliz año",
    ]


def test_only_a_few_are_in_the_outbox_and_a_payment_that_comes_later_is_the_next(gateway, feeder):
    for number in range(IN_OUTBOX + 10):
        comes(gateway, f"aviso {number}", to=f"26155500{number:02d}")
    assert feeder.run_once() == IN_OUTBOX
    assert feeder.run_once() == 0
    comes(gateway, "Recibimos tu pago")
    Message.objects.filter(text="aviso 0").update(status="sent", due_at=None)
    assert feeder.run_once() == 1
    assert outbox()[-1] == "Recibimos tu pago"


def test_a_day_has_its_limit_and_the_rest_wait_for_tomorrow(gateway, feeder, clock):
    gateway.daily_cap, gateway.expiry_hours = 2, 48
    gateway.save()
    for person in (MARIA, JUAN, ANA):
        comes(gateway, to=person.phone)
    assert feeder.run_once() == 2
    assert feeder.run_once() == 0
    clock.shift(timedelta(days=1))
    assert feeder.run_once() == 1


# --- when -------------------------------------------------------------------------------------


def test_at_night_only_what_answers_the_customer_leaves(gateway, feeder, clock):
    clock.move_to(NIGHT)
    comes(gateway, "Ya está tu factura")
    comes(gateway, "Recibimos tu pago")
    feeder.run_once()
    assert outbox() == ["Recibimos tu pago"]
    clock.move_to(NIGHT + timedelta(hours=8, minutes=31))
    feeder.run_once()
    assert outbox() == ["Recibimos tu pago", "Ya está tu factura"]


def test_without_hours_it_leaves_at_any(gateway, feeder, clock):
    clock.move_to(NIGHT)
    gateway.opens = gateway.closes = None
    gateway.save()
    comes(gateway)
    assert feeder.run_once() == 1


def test_stopped_holds_them_and_the_other_modes_let_them_go(gateway, feeder):
    set_mode("parado")
    held = comes(gateway)
    assert feeder.run_once() == 0
    assert state(held) == "received"
    for mode in ("emergencia", "solo_gateway", "completo"):
        set_mode(mode)
        comes(gateway, f"en {mode}")
        feeder.run_once()
    assert outbox() == ["Hola", "en emergencia", "en solo_gateway", "en completo"]


def test_a_gateway_that_is_switched_off_keeps_what_it_has(gateway, feeder):
    notice = comes(gateway)
    gateway.enabled = False
    gateway.save()
    assert feeder.run_once() == 0
    assert state(notice) == "received"


# --- which do not leave -----------------------------------------------------------------------


def test_the_same_notice_again_within_ten_minutes_is_not_sent(gateway, feeder, clock):
    first, again = comes(gateway), comes(gateway)
    other = comes(gateway, "Otra cosa")
    feeder.run_once()
    assert [state(one) for one in (first, again, other)] == ["queued", "duplicate", "queued"]
    clock.shift(timedelta(minutes=9))
    late = comes(gateway, to=MARIA.key)
    feeder.run_once()
    assert state(late) == "duplicate"
    clock.shift(timedelta(minutes=2))
    anew = comes(gateway)
    feeder.run_once()
    assert state(anew) == "queued"


def test_what_could_not_be_sent_may_be_repeated(gateway, feeder):
    comes(gateway)
    feeder.run_once()
    Message.objects.update(status="failed", due_at=None)
    again = comes(gateway)
    feeder.run_once()
    assert state(again) == "queued"


def test_who_tries_it_from_the_panel_repeats_nothing(gateway, feeder, django_user_model):
    comes(gateway)
    tried = services.read_notice(door=doors.open_door(gateway, "261"), notice=Notice(MARIA.phone, "Hola"), raw={})
    services.store_notice(notice=tried, by=django_user_model.objects.create_user("elena"))
    feeder.run_once()
    assert outbox() == ["Hola", "Hola"]


def test_sc24_who_said_baja_gets_what_is_of_their_service_and_nothing_else(gateway, feeder):
    """«Los avisos de tu servicio (facturas, cortes) siguen llegando.»"""
    Contact.objects.create(phone=f"+{MARIA.phone}", phone_key=MARIA.key, opted_out_at=timezone.now())
    general = comes(gateway, "¡Feliz año! Sumá 100 megas por $ 2.000")
    for text in ("Recibimos tu pago", "Ya está tu factura", "Mañana te suspendemos el servicio", "Te reconectamos"):
        comes(gateway, text)
    feeder.run_once()
    assert (state(general), general.reason) == ("suppressed", module.UNWANTED)
    assert len(outbox()) == 4


def test_what_is_old_is_not_worth_saying(gateway, feeder, clock):
    set_mode("parado")
    old = comes(gateway, "Mañana te cortamos")
    clock.shift(timedelta(hours=12, seconds=1))
    new = comes(gateway, "Otra cosa")
    feeder.run_once()
    assert (state(old), old.reason) == ("expired", "No pudo salir en 12 h.")
    assert state(new) == "received"


def test_what_waited_too_long_in_the_outbox_is_taken_out(gateway, feeder, clock):
    unsent, gone = comes(gateway, "uno"), comes(gateway, "dos")
    feeder.run_once()
    Message.objects.filter(text="dos").update(status="sent", due_at=None)
    clock.shift(timedelta(hours=13))
    assert feeder.run_once() == 1
    assert (state(unsent), unsent.message.status) == ("expired", "discarded")
    assert state(gone) == "queued"


# --- what it costs, and when it breaks --------------------------------------------------------


def test_whoever_is_killed_in_the_middle_leaves_nothing_half_done(gateway, feeder, monkeypatch):
    notices = [comes(gateway, to=person.phone) for person in (MARIA, JUAN)]
    real = module.mark_spoken

    def killed(**_):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "mark_spoken", killed)
    with pytest.raises(KeyboardInterrupt):
        feeder.run_once()
    assert [state(one) for one in notices] == ["received", "received"]
    assert outbox() == []
    monkeypatch.setattr(module, "mark_spoken", real)
    feeder.run_once()
    assert outbox() == ["Hola", "Hola"]


def test_what_is_cancelled_before_its_turn_does_not_leave(gateway, feeder):
    notice = comes(gateway)
    services.cancel(notice=notice, by=None)
    assert feeder.run_once() == 0
    assert outbox() == []


def test_thousands_that_wait_cost_no_more_queries_than_a_few(gateway, feeder, django_assert_max_num_queries):
    first = comes(gateway, "aviso", to="2615550000")
    rows = [
        GatewayNotice(gateway=gateway, phone_raw="x", phone=first.phone, phone_key=first.phone_key, text=f"{n}",
                      fingerprint=f"{n}")
        for n in range(2_000)
    ]  # fmt: skip
    GatewayNotice.objects.bulk_create(rows)
    with django_assert_max_num_queries(36):
        assert feeder.run_once() == IN_OUTBOX
    with django_assert_max_num_queries(6):
        assert feeder.run_once() == 0


def test_the_next_ones_are_found_by_the_index_of_what_waits(gateway):
    waiting = GatewayNotice.objects.filter(gateway=gateway, due_at__isnull=False).order_by("priority", "id")[:20]
    if connection.vendor == "sqlite":
        assert "notice_waiting" in waiting.explain()
        assert "TEMP B-TREE" not in waiting.explain()
