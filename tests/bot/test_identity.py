"""Who wrote: whatever the network calls them, a person is one contact with one chat and one lane."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backoffice.channels.models import Channel
from backoffice.conversations.models import Contact, ContactAddress, Conversation, Lane
from bot.identity import Person, contacts_of, group_chats, lane_for, learn, private_chats, touch
from integrations.whatsapp.base import Addr
from tests.backoffice import desk
from tests.cast import JUAN, MARIA

LID = Addr.lid("777000111")
PHONE = Addr.phone(MARIA.phone)


@pytest.fixture
def channel(db: None) -> Channel:
    return desk.open_for_business()


def meets(channel: Channel, addr: Addr, alt: Addr | None = None, name: str = "") -> Contact:
    person = Person(channel.pk, addr, alt, name)
    return contacts_of([person])[person]


def test_three_forms_of_a_phone_are_one_contact_in_one_batch(channel):
    people = [Person(channel.pk, Addr.phone(form)) for form in (MARIA.phone, "542612345678", "0261152345678")]
    assert len({contact.pk for contact in contacts_of(people).values()}) == 1
    assert Contact.objects.get().phone == f"+{MARIA.phone}"


def test_what_is_no_phone_we_know_is_somebody_all_the_same(channel):
    assert meets(channel, Addr.phone("999")).phone == "+999"


def test_a_hidden_number_is_a_contact_whose_phone_is_learned_later(channel):
    hidden = meets(channel, LID, name="Mari")
    assert hidden.phone_key is None
    assert meets(channel, LID, PHONE) == hidden
    hidden.refresh_from_db()
    assert (hidden.phone_key, hidden.name) == (MARIA.key, "Mari")
    assert meets(channel, PHONE) == hidden
    assert hidden.addresses.count() == 2


def test_two_contacts_seen_together_become_one(channel):
    first, second = meets(channel, LID), meets(channel, PHONE)
    assert first != second
    assert meets(channel, LID, PHONE) == first
    assert Contact.objects.get(merged_into__isnull=True) == first


def test_in_one_batch_nobody_is_left_with_the_contact_that_was_merged_away(channel):
    meets(channel, LID)
    meets(channel, PHONE)
    before, both, after = (
        Person(channel.pk, PHONE),
        Person(channel.pk, LID, PHONE),
        Person(channel.pk, PHONE, None, "M"),
    )
    found = contacts_of([before, both, after])
    assert {contact.merged_into_id for contact in found.values()} == {None}
    assert len({contact.pk for contact in found.values()}) == 1


@pytest.mark.parametrize("wrote_before", [True, False])
def test_her_two_addresses_share_a_lane_from_the_moment_they_are_known(channel, wrote_before):
    if wrote_before:
        meets(channel, LID)
    meets(channel, LID, PHONE)
    heirs = {lane.merged_into or lane for lane in Lane.objects.all()}
    assert Lane.objects.count() == 2
    assert len(heirs) == 1


def test_the_same_phone_on_another_number_of_ours_is_the_same_person(channel):
    other = Channel.objects.create(name="Otro", kind="simulator")
    assert meets(channel, PHONE) == meets(other, PHONE)
    assert ContactAddress.objects.count() == 2


def test_a_hidden_contact_whose_phone_wrote_to_another_number_is_that_person(channel):
    other = Channel.objects.create(name="Otro", kind="simulator")
    meets(other, PHONE)
    meets(channel, LID)
    meets(channel, LID, PHONE)
    assert Contact.objects.filter(merged_into__isnull=True).count() == 1


def test_identity_learned_before_anybody_wrote_is_no_contact(channel):
    learn(channel.pk, LID, PHONE)
    assert not Contact.objects.exists()


def test_identity_learned_of_one_who_wrote_is_kept_for_when_the_other_address_writes(channel):
    hidden = meets(channel, LID)
    learn(channel.pk, PHONE, LID)
    assert meets(channel, PHONE) == hidden
    hidden.refresh_from_db()
    assert hidden.phone_key == MARIA.key


def test_identity_learned_twice_is_the_same_as_once(channel):
    meets(channel, LID)
    meets(channel, PHONE)
    for _ in range(2):
        learn(channel.pk, LID, PHONE)
    assert Contact.objects.filter(merged_into__isnull=True).count() == 1


def test_a_name_is_taken_once_and_never_over_one_that_staff_wrote(channel):
    contact = meets(channel, PHONE)
    assert contact.name == ""
    assert meets(channel, PHONE, name="María").name == "María"
    assert meets(channel, PHONE, name="xX_mari_Xx").name == "María"


def test_the_chat_is_answered_where_she_wrote_from(channel):
    contact = meets(channel, LID, PHONE)
    key = (channel.pk, contact.pk)
    private_chats({key: LID}, wrote=[key])
    assert Conversation.objects.get().address == LID.key
    private_chats({key: PHONE})
    assert Conversation.objects.get().address == LID.key
    private_chats({key: PHONE}, wrote=[key])
    assert Conversation.objects.get().address == PHONE.key


def test_groups_are_found_or_made_by_their_address(channel):
    wanted = {(channel.pk, "g:1"), (channel.pk, "g:2")}
    assert set(group_chats(wanted)) == wanted
    assert group_chats(wanted) == group_chats(wanted)
    assert Conversation.objects.count() == 2


def test_the_lane_is_the_groups_or_the_phones(channel):
    group = Addr.group("120363")
    assert lane_for(3, chat=group, sender_alt=PHONE) == "3:g:120363"
    assert lane_for(3, chat=LID, sender_alt=PHONE) == f"3:p:{MARIA.key}"
    assert lane_for(3, chat=LID, sender_alt=None) == f"3:{LID.key}"
    assert lane_for(3, chat=PHONE, sender_alt=LID) == f"3:p:{MARIA.key}"


def test_who_was_seen_is_marked_once_a_minute(channel, django_assert_num_queries):
    contact, now = meets(channel, Addr.phone(JUAN.phone)), timezone.now()
    touch([contact], now)
    contact.refresh_from_db()
    assert contact.last_seen_at == now
    with django_assert_num_queries(0):
        touch([contact], now + timedelta(seconds=59))
    touch([contact], now + timedelta(seconds=60))
    contact.refresh_from_db()
    assert contact.last_seen_at == now + timedelta(seconds=60)
