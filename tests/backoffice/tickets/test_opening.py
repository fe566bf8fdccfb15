"""A case begins: it is announced once, in the right queue, in the manual's words."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from backoffice.company.models import Company
from backoffice.company.services import set_hours
from backoffice.customers.models import Customer
from backoffice.tickets import services
from backoffice.tickets.models import Ticket, TicketPost
from backoffice.tickets.services import opening
from tests.backoffice import desk

NOTICE = (
    "🚨 Nuevo Ticket de Soporte 🚨\n"
    "Cliente: María González\n"
    "Sentimiento: {mood}\n"
    'Mensaje: "No tengo internet desde esta mañana"\n'
    "Para tomar este caso, responde a ESTE mensaje."
)
SATURDAY_NIGHT = datetime(2026, 11, 28, 20, 0, tzinfo=ZoneInfo("America/Argentina/Buenos_Aires"))
MONDAY_AT_EIGHT = datetime(2026, 11, 30, 8, 0, tzinfo=ZoneInfo("America/Argentina/Buenos_Aires"))


def test_a_case_is_announced_in_soporte_in_the_words_of_the_manual(maria, support):
    ticket = desk.case(maria)
    [text] = desk.said_in(support.conversation)
    assert text.startswith(NOTICE.format(mood="Neutro"))
    assert f"tomo {ticket.number}" in text
    assert ticket.queue == support
    assert TicketPost.objects.get(ticket=ticket).message.text == text


def test_an_angry_customer_is_marked_urgent_and_the_supervisor_timer_is_shorter(maria, channel, support):
    now = timezone.now()
    calm = desk.case(desk.chat_of(channel, desk.JUAN), now=now)
    angry = desk.case(maria, sentiment="enojado", now=now)
    text = desk.said_in(support.conversation)[-1]
    assert text.startswith("🔴 *URGENTE*\n" + NOTICE.format(mood="Enojado"))
    assert angry.priority == Ticket.Priority.URGENT
    assert desk.timers(calm, "escalate") == [now + timedelta(minutes=15)]
    assert desk.timers(angry, "escalate") == [now + timedelta(minutes=5)]


def test_a_sales_case_goes_to_ventas(maria, support, sales):
    desk.case(maria, area="sales", text="Quiero contratar")
    assert desk.said_in(support.conversation) == []
    assert desk.said_in(sales.conversation)[0].startswith("🚨 Nuevo Ticket de Ventas 🚨")


def test_numbers_follow_each_other(maria, channel, support):
    first = desk.case(maria)
    assert desk.case(desk.chat_of(channel, desk.JUAN)).number == first.number + 1


def test_a_chat_has_one_open_case_and_more_words_go_into_it(maria, support):
    ticket = desk.case(maria)
    again = desk.case(maria, text="Son un desastre, ya pasaron tres días", sentiment="enojado")
    assert again.pk == ticket.pk
    assert Ticket.objects.count() == 1
    again.refresh_from_db()
    assert (again.sentiment, again.priority) == ("enojado", Ticket.Priority.URGENT)
    assert "volvió a escribir" in desk.said_in(support.conversation)[-1]
    assert TicketPost.objects.filter(ticket=ticket).count() == 2


def test_what_is_written_while_waiting_is_kept_and_does_not_make_noise(maria, support):
    ticket = desk.case(maria)
    services.add_message(ticket=ticket, source=desk.writes(maria, "¿Hay alguien?"))
    assert [event.text for event in ticket.events.filter(kind="message")] == ["¿Hay alguien?"]
    assert len(desk.said_in(support.conversation)) == 1


def test_a_better_mood_later_does_not_calm_an_urgent_case(maria, support):
    ticket = desk.case(maria, sentiment="enojado")
    services.add_message(ticket=ticket, text="gracias", sentiment="contento")
    ticket.refresh_from_db()
    assert ticket.sentiment == "enojado"


def test_collected_data_is_completed_not_overwritten(maria, support):
    desk.case(maria, data=[{"label": "Domicilio", "value": "San Martín 450"}])
    ticket = desk.case(maria, data=[{"label": "Domicilio", "value": "otra"}, {"label": "Luces", "value": "roja"}])
    assert [item["value"] for item in ticket.data] == ["San Martín 450", "roja"]


def test_out_of_hours_it_waits_for_the_reopening(maria, support):
    company = Company.load()
    company.always_open = False
    company.save()
    set_hours(hours={day: ["08:00-12:00", "14:00-18:00"] for day in range(5)})
    ticket = desk.case(maria, now=SATURDAY_NIGHT, announce_at=MONDAY_AT_EIGHT)
    assert desk.said_in(support.conversation) == []
    assert desk.timers(ticket, "announce") == [MONDAY_AT_EIGHT]
    assert services.announce(ticket=ticket, now=MONDAY_AT_EIGHT)
    assert desk.timers(ticket, "escalate") == [MONDAY_AT_EIGHT + timedelta(minutes=15)]


def test_it_is_announced_once(maria, support):
    ticket = desk.case(maria)
    assert not services.announce(ticket=ticket)
    assert not services.announce(ticket=Ticket.objects.get(pk=ticket.pk))
    assert len(desk.said_in(support.conversation)) == 1


def test_with_no_group_it_waits_and_is_announced_when_there_is_one(maria, channel):
    ticket = desk.case(maria)
    assert ticket.state == Ticket.State.PENDING
    assert ticket.announced_at is None
    support = desk.group(channel, "support", "🎫 Soporte")
    assert services.announce_waiting(area="support") == 1
    assert services.announce_waiting(area="support") == 0
    assert len(desk.said_in(support.conversation)) == 1


def test_a_case_for_tomorrow_is_not_announced_because_a_group_is_made(maria, channel):
    desk.case(maria, announce_at=timezone.now() + timedelta(hours=9))
    desk.group(channel, "support", "🎫 Soporte")
    assert services.announce_waiting(area="support") == 0


def test_of_two_queues_the_one_with_fewer_waiting_gets_it(maria, channel, support):
    night = desk.group(channel, "support", "🎫 Soporte Noche")
    first = desk.case(maria)
    second = desk.case(desk.chat_of(channel, desk.JUAN))
    assert {first.queue, second.queue} == {support, night}


def test_whoever_joins_an_empty_queue_sees_what_waits(maria, support):
    desk.case(maria)
    assert services.repeat_notices(group=support) == 1
    first, second = desk.said_in(support.conversation)
    assert first == second
    assert TicketPost.objects.count() == 2


@pytest.mark.parametrize("name", ["", "María"])
def test_a_stranger_is_called_by_their_name_or_number(channel, support, name):
    chat = desk.chat_of(channel)
    chat.contact.name = name
    chat.contact.save()
    desk.case(chat)
    assert f"Cliente: {name or '261 234-5678'}" in desk.said_in(support.conversation)[0]


def test_opening_a_case_costs_the_same_whatever_the_history(maria, support, django_assert_max_num_queries):
    for number in range(30):
        desk.writes(maria, f"mensaje {number}")
    with django_assert_max_num_queries(44):
        desk.case(maria)


def test_who_they_are_may_be_known_later(maria, support):
    desk.case(maria)
    customer = Customer.objects.create(code="1001", name="María Laura González")
    ticket = desk.case(maria, text="soy la 1001", customer=customer)
    ticket.refresh_from_db()
    assert ticket.customer == customer


def test_two_turns_that_open_the_same_chat_make_one_case(maria, support, monkeypatch):
    first = desk.case(maria)
    real, calls = opening._open_of, []

    def blind_once(chat):
        calls.append(chat)
        return None if len(calls) == 1 else real(chat)

    monkeypatch.setattr(opening, "_open_of", blind_once)
    assert desk.case(maria, text="sigue igual") == first
    assert Ticket.objects.count() == 1


def test_opening_again_what_an_agent_attends_reaches_their_seat(maria, juan):
    ticket = desk.case(maria)
    seat = services.take(ticket=ticket, agent=juan)
    desk.case(maria, text="¿siguen ahí?")
    assert desk.said_in(seat.conversation)[-1] == "¿siguen ahí?"
