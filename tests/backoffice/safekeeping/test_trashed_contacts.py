"""A contact in the trash (OPEN-CNT-08): in no list, whole, and back as soon as they write."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backoffice.accounts.models import User
from backoffice.common import deleting
from backoffice.common.errors import DomainError
from backoffice.conversations.models import Contact, ContactLink, Conversation, Message
from backoffice.customers.services import create_customer
from backoffice.operations.selectors import unanswered
from backoffice.safekeeping import services
from backoffice.safekeeping.models import TrashItem
from backoffice.tickets import contacts, inbox
from backoffice.tickets import services as tickets
from backoffice.tickets.merging import merge_contacts
from bot.identity import welcome_back
from tests.backoffice import desk
from tests.cast import LUCIA, MARIA
from tests.story import StoryHere


@pytest.fixture
def elena(db: None) -> User:
    return User.objects.get_or_create(username="elena", defaults={"is_staff": True})[0]


@pytest.fixture
def chat(db: None) -> Conversation:
    """María's, who said something a while ago that nobody answered."""
    channel = desk.open_for_business()
    desk.group(channel, "support", "Soporte")
    chat = desk.chat_of(channel, MARIA)
    desk.writes(chat, "hola")
    Conversation.objects.update(last_message_at=timezone.now() - timedelta(minutes=30))
    return chat


def maria() -> Contact:
    return Contact.objects.get(phone_key=MARIA.key)


def lists(user: User) -> list[bool]:
    """Whether María is in Contactos, in Conversaciones and in «Sin responder»."""
    found = contacts.everybody(), inbox.chats(user=user), unanswered()
    return [bool(rows) for rows in found]


def test_they_are_in_no_list_and_restoring_brings_all_back(admin: Client, chat: Conversation, elena: User) -> None:
    assert lists(elena) == [True, True, True]
    page = reverse("admin:panel_trash_contact", args=[maria().pk])
    assert "30 días" in admin.get(page).text
    assert maria().trashed_at is None
    assert "Quedó en la papelera" in admin.post(page, follow=True).text
    assert lists(elena) == [False, False, False]
    with pytest.raises(DomainError, match="está en la papelera"):
        tickets.take_chat(conversation=chat, contact=maria(), user=elena)
    assert "1 contacto, 1 mensaje" in admin.get(reverse("admin:safekeeping_trashitem_changelist")).text
    admin.post(reverse("admin:panel_restore_trash", args=[TrashItem.objects.get().pk]))
    assert lists(elena) == [True, True, True]
    assert not TrashItem.objects.exists()


def test_who_writes_again_is_back_by_themselves(story: StoryHere, elena: User) -> None:
    story.maria.says("hola")
    item = services.trash_contact(contact=maria(), by=elena)
    assert TrashItem.objects.shown().get() == item
    story.maria.says("¿siguen ahí?")
    assert maria().trashed_at is None
    assert not TrashItem.objects.shown().exists()
    with pytest.raises(DomainError, match="ya no está en la papelera"):
        services.restore(item=item, by=elena)
    assert services.trash_contact(contact=maria(), by=elena) == item


def test_of_whom_nobody_deleted_nothing_is_asked(chat: Conversation, django_assert_num_queries: Any) -> None:
    contact = maria()
    with django_assert_num_queries(0):
        welcome_back([contact])


def test_an_open_case_or_being_an_agent_stand_in_the_way(chat: Conversation, elena: User) -> None:
    case = desk.case(chat)
    with pytest.raises(DomainError, match="Tiene un caso abierto"):
        services.trash_contact(contact=maria(), by=elena)
    tickets.close(ticket=case, actor="Juan", reason="listo")
    desk.agent(chat.channel, LUCIA, groups=0)
    with pytest.raises(DomainError, match="número de un agente"):
        services.trash_contact(contact=Contact.objects.get(phone_key=LUCIA.key), by=elena)
    services.trash_contact(contact=maria(), by=elena)
    with pytest.raises(DomainError, match="ya está en la papelera"):
        services.trash_contact(contact=maria(), by=elena)


def test_after_thirty_days_they_are_anonymised_or_wait_for_what_stands_in_the_way(
    chat: Conversation, elena: User
) -> None:
    services.trash_contact(contact=maria(), by=elena)
    TrashItem.objects.update(expires_at=timezone.now())
    unread = Contact(pk=maria().pk)
    case = tickets.open_ticket(conversation=chat, contact=unread, area="support", subject="", message="")
    assert services.purge_expired(now=timezone.now(), after=0) is not None
    assert maria().anonymised_at is None
    tickets.close(ticket=case, actor="Juan", reason="listo")
    Message.objects.update(status="sent", due_at=None)
    services.purge_expired(now=timezone.now(), after=0)
    gone = Contact.objects.get(conversations=chat)
    assert (gone.name, gone.phone_key) == ("", None)
    assert not TrashItem.objects.exists()


def test_joining_takes_them_out_and_a_link_in_the_trash_follows_them(chat: Conversation, elena: User) -> None:
    customer = create_customer(name="María González", phones=["261 234-5678"])
    ContactLink.objects.create(contact=maria(), customer=customer, how="phone")
    deleting.delete(customer, by=elena)
    other = desk.chat_of(chat.channel, LUCIA).contact
    assert other is not None
    services.trash_contact(contact=maria(), by=elena)
    merge_contacts(keep=other, lose=maria())
    assert not Contact.objects.filter(trashed_at__isnull=False).exists()
    services.restore(item=TrashItem.objects.shown().get(), by=elena)
    assert ContactLink.objects.get().contact == other
