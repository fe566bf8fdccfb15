"""«Sin responder»: whom the bot left alone."""

import pytest

from backoffice.agents.models import Agent
from backoffice.channels.models import Channel
from backoffice.conversations.models import Contact, Conversation, Message
from backoffice.operations.selectors import unanswered
from backoffice.tickets.models import Ticket
from tests.backoffice.operations.conftest import ago, said

pytestmark = pytest.mark.django_db


def test_a_message_nobody_answered_for_ten_minutes_is_listed(maria, django_assert_num_queries):
    said(maria, "no tengo internet", at=ago(minutes=11))
    with django_assert_num_queries(1):
        [chat] = unanswered()
        assert (str(chat.contact), chat.last_text, chat.channel.name) == (
            "María González",
            "no tengo internet",
            "WhatsApp",
        )


@pytest.mark.parametrize("span", [{"minutes": 9}, {"days": 8}])
def test_neither_too_soon_nor_for_ever(maria, span):
    said(maria, "hola", at=ago(**span))
    assert not unanswered().exists()


def test_an_answer_takes_it_off_the_list(maria):
    said(maria, "hola", at=ago(minutes=20))
    said(maria, "¡Hola, María!", at=ago(minutes=19), direction="out")
    assert not unanswered().exists()


@pytest.mark.parametrize("priority", [Message.Priority.NOTICE, Message.Priority.BULK])
def test_a_notice_of_the_isp_answers_nobody(maria, priority):
    said(maria, "no tengo internet", at=ago(minutes=20))
    said(maria, "Tu factura vence el 10", at=ago(minutes=15), direction="out", priority=priority)
    [chat] = unanswered()
    assert chat.last_text == "no tengo internet"


def test_an_open_case_takes_it_off_and_a_closed_one_does_not(maria):
    said(maria, "hola", at=ago(minutes=20))
    ticket = Ticket.objects.create(number=1, contact=maria.contact, conversation=maria, subject="Sin internet")
    assert not unanswered().exists()
    ticket.state = Ticket.State.CLOSED
    ticket.save()
    assert unanswered().count() == 1


def test_groups_agents_and_previews_are_not_customers(maria):
    said(maria, "LISTO", at=ago(minutes=20))
    Agent.objects.create(name="Juan Pérez", phone="2615550101", phone_key="2615550101", contact=maria.contact)
    group = Conversation.objects.create(channel=maria.channel, kind="group", address="g:1")
    said(group, "lo tomo", at=ago(minutes=20))
    preview = Channel.objects.create(name="Prueba", kind=Channel.Kind.PREVIEW)
    someone = Contact.objects.create(name="Prueba")
    said(Conversation.objects.create(channel=preview, contact=someone, address="p:1"), "hola", at=ago(minutes=20))
    assert not unanswered().exists()


def test_the_oldest_comes_first(channel, maria):
    pedro = Conversation.objects.create(channel=channel, contact=Contact.objects.create(name="Pedro"), address="p:2")
    said(maria, "hola", at=ago(minutes=20))
    said(pedro, "hola", at=ago(minutes=40))
    assert list(unanswered()) == [pedro, maria]
