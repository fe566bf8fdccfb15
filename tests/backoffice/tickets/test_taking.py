"""The first who asks gets the case, in a free seat; everybody else is told why not."""

import threading
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction

from backoffice.agents.models import Agent
from backoffice.company.models import Company
from backoffice.company.services import set_hours
from backoffice.conversations.models import Message
from backoffice.tickets import services
from backoffice.tickets.errors import (
    AgentInactive,
    AllGroupsBusy,
    AlreadyTaken,
    AlreadyYours,
    NoGroups,
    NotRegistered,
    TicketClosed,
    TicketUnknown,
)
from backoffice.tickets.models import Ticket
from backoffice.tickets.services import taking
from tests.backoffice import desk
from tests.cast import ANA, ELENA, JUAN, LUCIA, MARIA

COMMANDS = ("/fin [motivo]", "/info", "/cliente", "/nota", "/transferir", "/ayuda")


def test_juan_takes_it_and_both_groups_say_so(maria, juan, support):
    ticket = desk.case(maria, data=[{"label": "Domicilio", "value": "San Martín 450"}])
    seat = services.take(ticket=ticket, agent=juan)
    said = desk.said_in(support.conversation)
    assert said[-1] == "✅ Juan Pérez ha tomado el caso. La conversación continúa en su grupo personal."
    [text] = desk.said_in(seat.conversation)
    assert text.startswith(
        "📱 Nuevo Caso Asignado\nCliente: María González\nAgente: Juan Pérez\n"
        'Mensaje: "No tengo internet desde esta mañana"'
    )
    assert "📱 Puedes empezar a atender. El cliente recibirá tus mensajes automáticamente." in text
    assert "Domicilio: San Martín 450" in text
    for command in COMMANDS:
        assert command in text
    ticket.refresh_from_db()
    assert (ticket.state, ticket.agent, ticket.group) == (Ticket.State.IN_PROGRESS, juan, seat)


def test_the_confirmation_quotes_the_post_so_that_people_see_which_case_it_is(maria, juan, support):
    ticket = desk.case(maria)
    services.take(ticket=ticket, agent=juan)
    first, last = Message.objects.filter(conversation=support.conversation).order_by("pk")
    assert last.quoted == first


def test_the_customers_lane_hears_who_attends(maria, juan):
    ticket = desk.case(maria)
    services.take(ticket=ticket, agent=juan)
    assert desk.signals(maria, "ticket_taken") == [
        {"ticket_id": ticket.pk, "number": ticket.number, "agent_name": "Juan Pérez"}
    ]


def test_what_was_written_and_sent_while_waiting_comes_along(maria, juan):
    ticket = desk.case(maria)
    services.add_message(ticket=ticket, source=desk.writes(maria, "¿Hay alguien?"))
    place = desk.writes(maria, location={"latitude": -32.9, "longitude": -68.8})
    services.add_message(ticket=ticket, source=place)
    seat = services.take(ticket=ticket, agent=juan)
    text, brought = Message.objects.filter(conversation=seat.conversation).order_by("pk")
    assert "Mientras esperaba escribió:\n• ¿Hay alguien?" in text.text
    assert brought.relay_of == place
    assert brought.location == place.location


def test_the_second_agent_is_told_who_has_it(maria, juan, ana):
    ticket = desk.case(maria)
    services.take(ticket=ticket, agent=juan)
    with pytest.raises(AlreadyTaken, match=r"Ya lo tomó Juan Pérez\.") as refused:
        services.take(ticket=Ticket.objects.get(pk=ticket.pk), agent=ana)
    assert refused.value.by == "Juan Pérez"


def test_taking_it_twice_reminds_where_it_is(maria, juan):
    ticket = desk.case(maria)
    services.take(ticket=ticket, agent=juan)
    with pytest.raises(AlreadyYours, match="Chat soporte Juan N°1"):
        services.take(ticket=ticket, agent=juan)


def test_three_cases_fill_three_seats_and_the_fourth_waits(channel, juan):
    people = [MARIA, ANA, ELENA, LUCIA]
    tickets = [desk.case(desk.chat_of(channel, person)) for person in people]
    seats = [services.take(ticket=ticket, agent=juan).number for ticket in tickets[:3]]
    assert seats == [1, 2, 3]
    with pytest.raises(AllGroupsBusy, match="Todos los grupos del agente están ocupados"):
        services.take(ticket=tickets[3], agent=juan)
    tickets[3].refresh_from_db()
    assert tickets[3].state == Ticket.State.PENDING


def test_a_closed_case_frees_its_seat(channel, juan):
    first, second = (desk.case(desk.chat_of(channel, person)) for person in (MARIA, ANA))
    Agent.objects.get(pk=juan.pk).groups.filter(number__gt=1).delete()
    services.take(ticket=first, agent=juan)
    services.close(ticket=first, actor="Juan Pérez")
    assert services.take(ticket=second, agent=juan).number == 1


def test_whoever_did_not_say_listo_cannot_take(maria, channel, support):
    with pytest.raises(NotRegistered):
        services.take(ticket=desk.case(maria), agent=desk.agent(channel, JUAN, registered=False))


def test_an_inactive_agent_cannot_take(maria, juan):
    juan.active = False
    with pytest.raises(AgentInactive):
        services.take(ticket=desk.case(maria), agent=juan)


def test_with_no_group_made_there_is_nowhere_to_attend(maria, channel, support):
    with pytest.raises(NoGroups):
        services.take(ticket=desk.case(maria), agent=desk.agent(channel, JUAN, groups=0))


def test_a_closed_case_cannot_be_taken(maria, juan):
    ticket = desk.case(maria)
    services.close(ticket=ticket, actor="Elena Soto")
    with pytest.raises(TicketClosed):
        services.take(ticket=ticket, agent=juan)


def test_out_of_hours_an_agent_may_take_and_it_is_noted(maria, juan):
    company = Company.load()
    company.always_open = False
    company.save()
    set_hours(hours={0: ["08:00-12:00"]})
    night = datetime(2026, 11, 28, 20, 0, tzinfo=ZoneInfo("America/Argentina/Buenos_Aires"))
    ticket = desk.case(maria, now=night)
    services.take(ticket=ticket, agent=juan, now=night)
    assert "Fuera del horario" in ticket.events.get(kind="taken").text


def test_a_case_is_found_by_the_number_people_read(maria, support):
    ticket = desk.case(maria)
    assert services.find(number=ticket.number) == ticket
    with pytest.raises(TicketUnknown, match="#999"):
        services.find(number=999)


def test_elena_takes_one_in_the_panel_and_the_group_hears(maria, support, django_user_model):
    elena = django_user_model.objects.create(username="elena", first_name="Elena", last_name="Soto")
    ticket = desk.case(maria)
    services.take_in_panel(ticket=ticket, user=elena)
    services.take_in_panel(ticket=ticket, user=elena)
    assert desk.said_in(support.conversation)[-1] == (
        "✅ Elena Soto ha tomado el caso. La conversación continúa en el panel."
    )
    assert ticket.events.filter(kind="taken").count() == 1


def test_what_elena_has_in_the_panel_juan_cannot_take(maria, juan, django_user_model):
    elena = django_user_model.objects.create(username="elena", first_name="Elena", last_name="Soto")
    ticket = desk.case(maria)
    services.take_in_panel(ticket=ticket, user=elena)
    with pytest.raises(AlreadyTaken, match="Elena Soto"):
        services.take(ticket=ticket, agent=juan)


def test_elena_assigns_it_to_ana(maria, ana, support):
    ticket = desk.case(maria)
    services.assign(ticket=ticket, agent=ana, by="Elena Soto")
    event = ticket.events.get(kind="taken")
    assert (event.actor, event.text) == ("Ana Ruiz", "En «Chat soporte Ana N°1». Se lo asignó Elena Soto.")


def test_a_refusal_is_kept_in_the_story(maria, juan, ana):
    ticket = desk.case(maria)
    services.take(ticket=ticket, agent=juan)
    services.note_refusal(ticket=ticket, agent=ana, refusal=AlreadyTaken(by="Juan Pérez"))
    assert ticket.events.get(kind="refused").text == "Ya lo tomó Juan Pérez."


def test_the_database_refuses_two_open_cases_in_a_seat(maria, channel, juan):
    ticket = desk.case(maria)
    seat = services.take(ticket=ticket, agent=juan)
    other = desk.case(desk.chat_of(channel, LUCIA))
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(pk=other.pk).update(state=Ticket.State.IN_PROGRESS, agent=juan, group=seat)


def test_taking_costs_the_same_whatever_the_history(maria, juan, django_assert_max_num_queries):
    ticket = desk.case(maria)
    for number in range(15):
        services.add_message(ticket=ticket, source=desk.writes(maria, f"línea {number}"))
    with django_assert_max_num_queries(50):
        services.take(ticket=ticket, agent=juan)


def at_once(*acts) -> list[object]:
    """Run each in its own thread and connection, all let go at the same moment; what each gave or raised."""
    start = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(place: int) -> None:
        start.wait()
        try:
            results[place] = acts[place]()
        except (AlreadyTaken, AllGroupsBusy) as refused:
            results[place] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_two_agents_at_once_and_exactly_one_gets_it():
    channel = desk.open_for_business()
    support = desk.group(channel, "support", "🎫 Soporte")
    juan, ana = desk.agent(channel, JUAN), desk.agent(channel, ANA)
    ticket = desk.case(desk.chat_of(channel))
    results = at_once(
        lambda: services.take(ticket=Ticket.objects.get(pk=ticket.pk), agent=juan),
        lambda: services.take(ticket=Ticket.objects.get(pk=ticket.pk), agent=ana),
    )
    refused = [one for one in results if isinstance(one, AlreadyTaken)]
    ticket.refresh_from_db()
    assert len(refused) == 1
    assert refused[0].by == ticket.agent.name
    assert sum("ha tomado el caso" in text for text in desk.said_in(support.conversation)) == 1
    assert len(desk.signals(ticket.conversation, "ticket_taken")) == 1


@pytest.mark.django_db(transaction=True)
def test_juan_takes_two_cases_at_once_and_each_has_its_own_seat():
    channel = desk.open_for_business()
    desk.group(channel, "support", "🎫 Soporte")
    juan = desk.agent(channel, JUAN, groups=2)
    first, second = (desk.case(desk.chat_of(channel, person)) for person in (MARIA, LUCIA))
    results = at_once(
        lambda: services.take(ticket=Ticket.objects.get(pk=first.pk), agent=juan).number,
        lambda: services.take(ticket=Ticket.objects.get(pk=second.pk), agent=juan).number,
    )
    assert sorted(map(str, results)) == ["1", "2"]


@pytest.mark.django_db(transaction=True)
def test_the_same_case_opened_twice_at_once_is_one():
    channel = desk.open_for_business()
    desk.group(channel, "support", "🎫 Soporte")
    chat = desk.chat_of(channel)
    at_once(lambda: desk.case(chat), lambda: desk.case(chat, text="y sigue sin andar"))
    assert Ticket.objects.count() == 1


def test_a_seat_that_another_case_got_meanwhile_is_skipped(channel, juan, monkeypatch):
    first, second = (desk.case(desk.chat_of(channel, person)) for person in (MARIA, LUCIA))
    services.take(ticket=first, agent=juan)
    every = list(juan.groups.select_related("conversation").order_by("number"))
    monkeypatch.setattr(taking, "free_groups", lambda agent: every)
    assert services.take(ticket=second, agent=juan).number == 2


def test_when_every_seat_fills_meanwhile_whoever_was_faster_still_counts(maria, juan, ana, monkeypatch):
    ticket = desk.case(maria)
    services.take(ticket=ticket, agent=juan)
    monkeypatch.setattr(taking, "free_groups", lambda agent: [])
    with pytest.raises(AlreadyTaken):
        services.take(ticket=ticket, agent=ana)


def test_only_who_may_take_may_be_given(maria, juan):
    ticket = desk.case(maria)
    juan.registered_at = None
    with pytest.raises(NotRegistered):
        services.assign(ticket=ticket, agent=juan, by="Elena Soto")
    juan.active = False
    with pytest.raises(AgentInactive):
        services.assign(ticket=ticket, agent=juan, by="Elena Soto")


def test_elena_is_told_when_it_is_somebody_elses(maria, juan, django_user_model):
    elena = django_user_model.objects.create(username="elena")
    ticket = desk.case(maria)
    services.take(ticket=ticket, agent=juan)
    with pytest.raises(AlreadyTaken, match="Juan Pérez"):
        services.take_in_panel(ticket=ticket, user=elena)
