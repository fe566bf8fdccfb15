"""Two contacts that turn out to be one person: nothing of either is lost, and doing it again does no harm."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from backoffice.channels.models import Channel
from backoffice.common.errors import DomainError
from backoffice.common.models import Activity
from backoffice.conversations.lanes import lane_key, lane_of
from backoffice.conversations.models import (
    ChatMark,
    Contact,
    ContactAddress,
    ContactLink,
    Conversation,
    DialogState,
    InboxEvent,
    Label,
    Lane,
    Message,
)
from backoffice.conversations.services import receive
from backoffice.customers.models import Customer
from backoffice.customers.services import create_customer
from backoffice.tickets import merging, services
from backoffice.tickets.merging import join_lanes, merge_contacts
from backoffice.tickets.models import Ticket
from integrations.whatsapp.base import Addr
from tests.backoffice import desk
from tests.cast import ANA, JUAN, MARIA, Person

LID = "777000111"


@pytest.fixture
def channel(db: None) -> Channel:
    return desk.open_for_business()


@pytest.fixture
def known(channel: Channel) -> Contact:
    """María by her phone."""
    chat = desk.chat_of(channel, MARIA)
    ContactAddress.objects.create(contact=chat.contact, channel=channel, kind="p", key=MARIA.key, value=MARIA.phone)
    return chat.contact


@pytest.fixture
def hidden(channel: Channel, known: Contact) -> Contact:
    """María too, though nobody knows it yet: her number is hidden."""
    contact = Contact.objects.create(name="Mari", notes="Llama de tarde")
    ContactAddress.objects.create(contact=contact, channel=channel, kind="l", key=LID, value=LID)
    Conversation.objects.create(channel=channel, contact=contact, address=f"l:{LID}")
    return contact


def chat(contact: Contact) -> Conversation:
    return Conversation.objects.get(contact=contact)


def event(key: str, name: str) -> None:
    receive(lane=key, source="channel:1", external_id=name, kind="message", payload={})


def test_her_messages_are_one_chat_in_the_order_they_were_written(known, hidden):
    desk.writes(chat(known), "uno", external_id="1")
    desk.writes(chat(hidden), "dos", external_id="2")
    desk.writes(chat(known), "tres", external_id="3")
    merge_contacts(keep=known, lose=hidden)
    assert [row.text for row in chat(known).messages.order_by("pk")] == ["uno", "dos", "tres"]
    assert not Conversation.objects.filter(contact=hidden).exists()


def test_both_lanes_are_one_and_what_waits_in_either_runs(channel, known, hidden):
    by_phone, by_lid = f"{channel.pk}:p:{MARIA.key}", f"{channel.pk}:l:{LID}"
    event(by_lid, "1")
    merge_contacts(keep=known, lose=hidden)
    event(by_lid, "2")
    event(by_phone, "3")
    heir = Lane.objects.get(key=by_phone)
    assert set(InboxEvent.objects.values_list("lane_id", flat=True)) == {heir.pk}
    assert heir.ready_at <= timezone.now()
    lost = Lane.objects.get(key=by_lid)
    assert (lost.merged_into, lost.ready_at) == (heir, None)


def test_a_turn_under_way_in_the_lane_that_ends_is_dropped_and_runs_again(channel, known, hidden):
    by_lid = f"{channel.pk}:l:{LID}"
    event(by_lid, "1")
    Lane.objects.filter(key=by_lid).update(token="t", lease_until=timezone.now(), ready_at=None)
    merge_contacts(keep=known, lose=hidden)
    assert not Lane.objects.filter(token="t").exists()
    assert Lane.objects.filter(ready_at__isnull=False, events__state=0).count() == 1


def test_several_addresses_of_one_contact_are_one_lane(channel, known):
    ContactAddress.objects.create(contact=known, channel=channel, kind="l", key=LID, value=LID)
    event(f"{channel.pk}:l:{LID}", "1")
    join_lanes(contact=known)
    join_lanes(contact=known)
    assert InboxEvent.objects.get().lane.key == f"{channel.pk}:p:{MARIA.key}"


def test_her_open_case_goes_along(known, hidden):
    ticket = desk.case(chat(hidden))
    merge_contacts(keep=known, lose=hidden)
    ticket.refresh_from_db()
    assert (ticket.contact, ticket.conversation, ticket.is_open) == (known, chat(known), True)


def test_of_two_open_cases_one_goes_on_and_tells_of_the_other(known, hidden):
    first, second = desk.case(chat(known)), desk.case(chat(hidden), "y la factura?")
    merge_contacts(keep=known, lose=hidden)
    assert list(Ticket.objects.exclude(state="cerrado").values_list("pk", flat=True)) == [first.pk]
    second.refresh_from_db()
    assert second.close_reason == f"Unido al ticket #{first.number}"
    assert first.events.filter(text__contains="y la factura?").exists()


def test_what_either_proved_stays_proved(known, hidden):
    customer = Customer.objects.create(name="María González", code="C1")
    other = Customer.objects.create(name="Su mamá", code="C2")
    ContactLink.objects.create(contact=known, customer=customer, how="phone")
    ContactLink.objects.create(contact=hidden, customer=customer, how="document", verified_at=timezone.now())
    ContactLink.objects.create(contact=hidden, customer=other, how="staff")
    merge_contacts(keep=known, lose=hidden)
    links = {link.customer_id: link for link in ContactLink.objects.filter(contact=known)}
    assert set(links) == {customer.pk, other.pk}
    assert links[customer.pk].verified_at is not None
    assert not ContactLink.objects.filter(contact=hidden).exists()


@pytest.mark.parametrize("newest", ["known", "hidden"])
def test_the_dialogue_goes_on_where_she_was_last(known, hidden, newest):
    now = timezone.now()
    for name, contact in (("known", known), ("hidden", hidden)):
        age = timedelta(0) if name == newest else timedelta(hours=1)
        DialogState.objects.create(contact=contact, menu=name, updated_at=now - age)
    merge_contacts(keep=known, lose=hidden)
    assert DialogState.objects.get().menu == newest
    assert DialogState.objects.get().contact == known


def test_who_she_is_and_what_was_noted_of_her_is_kept(known, hidden):
    now = timezone.now()
    Contact.objects.filter(pk=hidden.pk).update(last_seen_at=now, opted_out_at=now)
    Contact.objects.filter(pk=known.pk).update(name="", notes="Vecina de Elena")
    merge_contacts(keep=Contact.objects.get(pk=known.pk), lose=Contact.objects.get(pk=hidden.pk))
    known.refresh_from_db()
    assert (known.name, known.notes) == ("Mari", "Vecina de Elena\nLlama de tarde")
    assert (known.last_seen_at, known.opted_out_at) == (now, now)


def test_the_phone_moves_to_a_contact_that_had_none(known, hidden):
    merge_contacts(keep=hidden, lose=known)
    hidden.refresh_from_db()
    assert (hidden.phone, hidden.phone_key) == (f"+{MARIA.phone}", MARIA.key)
    known.refresh_from_db()
    assert (known.merged_into, known.phone_key) == (hidden, None)


def test_two_who_merge_the_same_pair_the_other_way_round_leave_one_of_them_alive(known, hidden, monkeypatch):
    join = merging._join_lanes

    def meanwhile(keep, lose):
        join(keep, lose)
        Contact.objects.filter(pk=keep.pk).update(merged_into=lose)

    monkeypatch.setattr(merging, "_join_lanes", meanwhile)
    with pytest.raises(DomainError, match="ya se unió a otro"), transaction.atomic():
        merge_contacts(keep=known, lose=hidden)
    assert Contact.objects.filter(merged_into__isnull=False).count() == 0


def test_an_agent_stays_an_agent(channel, known):
    juan = desk.agent(channel, JUAN, groups=0)
    merge_contacts(keep=known, lose=juan.contact)
    juan.refresh_from_db()
    assert juan.contact == known


def test_on_a_number_where_only_one_of_them_wrote_the_chat_changes_hands(known):
    other = Channel.objects.create(name="Otro", kind="simulator")
    contact = Contact.objects.create(name="Mari")
    ContactAddress.objects.create(contact=contact, channel=other, kind="l", key=LID, value=LID)
    mine = Conversation.objects.create(channel=other, contact=contact, address=f"l:{LID}")
    event(f"{other.pk}:l:{LID}", "1")
    merge_contacts(keep=known, lose=contact)
    mine.refresh_from_db()
    assert mine.contact == known
    assert InboxEvent.objects.get().lane.key == f"{other.pk}:l:{LID}"


def test_once_more_does_nothing(known, hidden):
    desk.writes(chat(hidden), "hola", external_id="1")
    merge_contacts(keep=known, lose=hidden)
    hidden.refresh_from_db()
    merge_contacts(keep=known, lose=hidden)
    merge_contacts(keep=known, lose=known)
    assert Message.objects.count() == 1
    assert Contact.objects.filter(merged_into__isnull=True).count() == 1


# --- by hand, from the panel: two numbers of one person --------------------------------------

AT_WORK = Person("María (trabajo)", "5492614440000")


@pytest.fixture
def at_work(channel: Channel, known: Contact) -> Contact:
    """María again, by the phone of her job."""
    contact = desk.chat_of(channel, AT_WORK).contact
    ContactAddress.objects.create(contact=contact, channel=channel, kind="p", key=AT_WORK.key, value=AT_WORK.phone)
    return contact


def test_two_numbers_become_one_chat_and_both_reach_it(channel, known, at_work):
    desk.writes(chat(known), "uno", external_id="1")
    desk.writes(chat(at_work), "dos", external_id="2")
    merge_contacts(keep=known, lose=at_work, by="Elena Soto")
    assert [row.text for row in chat(known).messages.order_by("pk")] == ["uno", "dos"]
    assert {row.value for row in known.addresses.all()} == {MARIA.phone, AT_WORK.phone}
    for phone in (MARIA.phone, AT_WORK.phone):
        event(lane_key(channel.pk, Addr.phone(phone)), phone)
    assert len(set(InboxEvent.objects.values_list("lane_id", flat=True))) == 1
    assert Activity.objects.filter(text__startswith="Elena Soto unió a María (trabajo) con María González").exists()


def test_answers_go_to_the_number_from_which_she_wrote_last(known, at_work):
    now = timezone.now()
    Conversation.objects.filter(contact=known).update(last_message_at=now - timedelta(days=9))
    Conversation.objects.filter(contact=at_work).update(last_message_at=now)
    merge_contacts(keep=known, lose=at_work, by="Elena Soto")
    kept = chat(known)
    assert (kept.address, kept.last_message_at) == (f"p:{AT_WORK.phone}", now)
    event(lane_of(kept), "1")
    assert InboxEvent.objects.get().lane.merged_into is None


def test_whose_accounts_each_number_showed_the_merged_one_still_shows(known, at_work):
    hers = create_customer(name="María González", phones=["261 234-5678"])
    shop = create_customer(name="Kiosco María", phones=["261 444-0000"])
    merge_contacts(keep=known, lose=at_work, by="Elena Soto")
    assert set(known.links.values_list("customer", "how")) == {(hers.pk, "phone"), (shop.pk, "phone")}


def test_an_agent_whose_case_joins_anothers_is_told_in_their_group(channel, known, at_work):
    desk.group(channel, "support", "Soporte")
    juan, ana = desk.agent(channel, JUAN), desk.agent(channel, ANA)
    first, second = desk.case(chat(known)), desk.case(chat(at_work))
    services.take(ticket=first, agent=juan)
    seat = services.take(ticket=second, agent=ana)
    merge_contacts(keep=known, lose=at_work, by="Elena Soto")
    assert desk.said_in(seat.conversation)[-1] == f"↪️ El caso #{second.number} pasó a formar parte del #{first.number}."
    assert services.taking.free_groups(ana)[0] == seat


def test_her_labels_go_along_and_what_was_read_is_read_anew(known, at_work, django_user_model):
    at_work.labels.add(Label.objects.create(name="VIP"))
    known.labels.add(Label.objects.create(name="Obra nueva"))
    elena = django_user_model.objects.create(username="elena")
    ChatMark.objects.create(user=elena, contact=at_work, upto=9)
    merge_contacts(keep=known, lose=at_work, by="Elena Soto")
    assert set(known.labels.values_list("name", flat=True)) == {"VIP", "Obra nueva"}
    assert not ChatMark.objects.exists()


def test_two_agents_are_not_one_person(channel):
    juan, ana = desk.agent(channel, JUAN, groups=0), desk.agent(channel, ANA, groups=0)
    with pytest.raises(DomainError, match="Los dos son agentes"):
        merge_contacts(keep=juan.contact, lose=ana.contact, by="Elena Soto")


def test_what_was_merged_away_takes_nobody_in(known, at_work, hidden):
    merge_contacts(keep=known, lose=at_work, by="Elena Soto")
    with pytest.raises(DomainError, match="ya se unió a otro"):
        merge_contacts(keep=at_work, lose=hidden, by="Elena Soto")
