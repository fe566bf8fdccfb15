"""Attending from the panel (AMB-08): the same service as the groups, one winner, and the loser is told who has it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from backoffice.accounts.models import User
from backoffice.common.errors import DomainError
from backoffice.conversations.lanes import lane_of
from backoffice.conversations.models import Conversation, Lane, Message
from backoffice.conversations.services import receive
from backoffice.tickets import services
from backoffice.tickets.errors import AlreadyTaken, NotYours, TicketClosed, TransferToSelf
from backoffice.tickets.models import Ticket
from backoffice.tickets.phrases import signature
from tests.backoffice import desk
from tests.backoffice.tickets.test_taking import at_once


@pytest.fixture
def elena(db: None) -> User:
    return _attends("elena", "Elena Soto")


@pytest.fixture
def olga(db: None) -> User:
    return _attends("olga", "Olga Díaz")


def _attends(username: str, name: str) -> User:
    first, last = name.split()
    user = User.objects.create(username=username, first_name=first, last_name=last, is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="take_ticket"))
    return user


def _take(chat: Conversation, user: User) -> Ticket:
    return services.take_chat(conversation=chat, contact=chat.contact, user=user)


# --- taking ----------------------------------------------------------------------------------


def test_elena_takes_a_chat_from_the_bot_and_no_group_is_bothered(maria, support, elena):
    desk.writes(maria, "¿me pueden llamar?")
    ticket = _take(maria, elena)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.user, ticket.message) == ("en_progreso", elena, "¿me pueden llamar?")
    assert desk.said_in(support.conversation) == []
    assert desk.signals(maria, "ticket_taken")[0]["agent_name"] == "Elena Soto"
    assert list(ticket.events.values_list("kind", flat=True)) == ["opened", "taken"]


def test_what_the_bot_was_about_to_answer_is_not_said(maria, elena):
    receive(lane=lane_of(maria), source="channel:1", external_id="1", kind="message", payload={})
    Lane.objects.update(token="t", lease_until=timezone.now() + timedelta(seconds=30), ready_at=None)
    _take(maria, elena)
    lane = Lane.objects.get(key=lane_of(maria))
    assert (lane.token, lane.lease_until) == ("", None)
    assert lane.ready_at is not None


def test_taking_it_twice_is_taking_it_once(maria, elena):
    assert _take(maria, elena) == _take(maria, elena)
    assert Ticket.objects.count() == 1


def test_a_case_that_waits_is_the_one_she_takes(maria, support, elena):
    waiting = desk.case(maria)
    assert _take(maria, elena) == waiting


def test_of_two_who_take_the_same_chat_one_wins_and_the_other_hears_who(maria, elena, olga):
    _take(maria, elena)
    with pytest.raises(AlreadyTaken, match="Elena Soto"):
        _take(maria, olga)
    assert Ticket.objects.get().user == elena


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_make_one_case(channel):
    chat, elena, olga = desk.chat_of(channel), _attends("elena", "Elena Soto"), _attends("olga", "Olga Díaz")
    results = at_once(lambda: _take(chat, elena), lambda: _take(chat, olga))
    [refused] = [one for one in results if isinstance(one, AlreadyTaken)]
    assert refused.by == str(Ticket.objects.get().user)
    assert len(desk.signals(chat, "ticket_taken")) == 1


def test_what_an_agent_has_is_not_taken_by_taking(maria, juan, elena):
    services.take(ticket=desk.case(maria), agent=juan)
    with pytest.raises(AlreadyTaken, match="Juan Pérez"):
        _take(maria, elena)


def test_a_supervisor_takes_it_over_and_the_group_and_maria_are_told(maria, juan, elena):
    ticket = desk.case(maria)
    seat = services.take(ticket=ticket, agent=juan)
    services.transfer(ticket=ticket, actor="Elena Soto", user=elena)
    ticket.refresh_from_db()
    assert (ticket.user, ticket.agent, ticket.group) == (elena, None, None)
    assert desk.said_in(seat.conversation)[-1] == f"↪️ El caso #{ticket.number} pasó a Elena Soto."
    assert desk.said_in(maria)[-1] == "Te paso con Elena Soto, que sigue con tu caso."
    assert seat in services.taking.free_groups(juan)


# --- writing ---------------------------------------------------------------------------------


def test_she_is_called_as_the_agent_she_is(maria, ana, elena):
    ana.user = elena
    ana.save()
    sent = services.reply_from_panel(ticket=_take(maria, elena), user=User.objects.get(pk=elena.pk), text="Hola")
    assert (sent.author_name, sent.priority) == ("Ana Ruiz", Message.Priority.AGENT)
    assert signature(User.objects.get(pk=elena.pk)) == "Ana Ruiz"


def test_whoever_lost_the_case_writes_nothing_and_hears_who_has_it(maria, elena, olga):
    ticket = _take(maria, elena)
    services.transfer(ticket=ticket, actor="Elena Soto", user=olga)
    with pytest.raises(NotYours, match="ahora lo atiende Olga Díaz"):
        services.reply_from_panel(ticket=ticket, user=elena, text="¿sigue igual?")
    assert "¿sigue igual?" not in desk.said_in(maria)


def test_what_is_too_long_for_whatsapp_is_refused(maria, elena):
    with pytest.raises(DomainError, match="hasta 4000 letras"):
        services.reply_from_panel(ticket=_take(maria, elena), user=elena, text="a" * 4001)


# --- passing it on ---------------------------------------------------------------------------


def test_elena_passes_it_to_olga_with_a_note(maria, elena, olga):
    ticket = _take(maria, elena)
    services.transfer(ticket=ticket, actor="Elena Soto", user=olga, note="quiere mudarse", holder=elena)
    ticket.refresh_from_db()
    assert ticket.user == olga
    assert ticket.events.get(kind="transferred").text == "A Olga Díaz. quiere mudarse"


def test_elena_passes_it_to_juan_in_his_group(maria, juan, elena):
    ticket = _take(maria, elena)
    services.transfer(ticket=ticket, actor="Elena Soto", agent=juan, holder=elena)
    ticket.refresh_from_db()
    assert (ticket.user, ticket.agent) == (None, juan)
    assert "Nuevo Caso Asignado" in desk.said_in(ticket.group.conversation)[-1]


def test_elena_puts_it_back_in_the_queue_of_an_area(maria, sales, elena):
    ticket = _take(maria, elena)
    services.transfer(ticket=ticket, actor="Elena Soto", area="sales", holder=elena)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.user, ticket.queue) == ("pendiente", None, sales)
    assert "Nuevo Lead" in desk.said_in(sales.conversation)[-1] or desk.said_in(sales.conversation)


def test_what_waited_in_a_queue_and_was_given_at_the_panel_says_so_there(maria, support, elena):
    ticket = desk.case(maria)
    services.transfer(ticket=ticket, actor="Supervisor", user=elena)
    assert desk.said_in(support.conversation)[-1] == f"↪️ El caso #{ticket.number} pasó a Elena Soto."


def test_it_goes_only_to_somebody_who_attends(maria, elena, django_user_model):
    nobody = django_user_model.objects.create(username="oper", first_name="Pedro", is_staff=True)
    with pytest.raises(DomainError, match="Pedro no puede atender casos"):
        services.transfer(ticket=_take(maria, elena), actor="Elena Soto", user=nobody)


def test_to_oneself_it_does_not_move(maria, elena):
    with pytest.raises(TransferToSelf):
        services.transfer(ticket=_take(maria, elena), actor="Elena Soto", user=elena)


def test_of_two_who_move_it_at_once_the_second_hears_where_it_went(maria, elena, olga, juan):
    seen_by_one, seen_by_other = _take(maria, elena), Ticket.objects.get()
    services.transfer(ticket=seen_by_one, actor="Supervisor", user=olga)
    with pytest.raises(AlreadyTaken, match="Olga Díaz"):
        services.transfer(ticket=seen_by_other, actor="Supervisor", agent=juan)
    with pytest.raises(AlreadyTaken, match="Olga Díaz"):
        services.transfer(ticket=seen_by_other, actor="Supervisor", area="support")


# --- the end ---------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["close", "give_back"])
def test_whoever_lost_it_does_not_end_it(maria, elena, olga, verb):
    ticket = _take(maria, elena)
    services.transfer(ticket=ticket, actor="Supervisor", user=olga)
    with pytest.raises(NotYours, match="Olga Díaz"):
        getattr(services, verb)(ticket=ticket, actor="Elena Soto", holder=elena)
    services.transfer(ticket=ticket, actor="Supervisor", area="support")
    with pytest.raises(NotYours, match="volvió a quedar en espera"):
        getattr(services, verb)(ticket=ticket, actor="Elena Soto", holder=elena)
    services.close(ticket=ticket, actor="Supervisor")
    with pytest.raises(TicketClosed):
        getattr(services, verb)(ticket=ticket, actor="Elena Soto", holder=elena)


def test_given_back_to_the_bot_it_is_closed_and_nobody_asks_for_a_mark(maria, elena):
    ticket = _take(maria, elena)
    services.give_back(ticket=ticket, actor="Elena Soto", holder=elena)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.close_reason) == ("cerrado", "Volvió al bot")
    assert desk.signals(maria, "ticket_given_back")[0]["agent_name"] == "Elena Soto"
    assert desk.signals(maria, "ticket_closed") == []
