"""A person with a hidden number turns out to be one we know: nothing of either is lost."""

from datetime import timedelta

import pytest

from backoffice.conversations.models import (
    Contact,
    ContactAddress,
    ContactLink,
    Conversation,
    DialogState,
    InboxEvent,
    Lane,
    Message,
)
from backoffice.customers.models import Customer
from backoffice.tickets.merging import merge_contacts
from backoffice.tickets.models import Ticket
from bot.intake import take_in
from integrations.whatsapp.base import Addr, MessageIn
from tests import cast
from tests.story import StoryHere

pytestmark = pytest.mark.flow


def hides(story: StoryHere, privacy: str) -> None:
    """What the network tells of her from now on: nothing, a LID with the number beside it, or the number."""
    story.network.post("/faults", {"kind": "hide_number", "phone": cast.MARIA.phone, "privacy": privacy})


def by_number(story: StoryHere, text: str) -> None:
    """A line that came with the phone alone, as networks do until they tell both addresses."""
    who = Addr.phone(cast.MARIA.phone)
    moment = story.now
    line = MessageIn(f"evt-{text}", f"wa-{text}", who, who, moment, text=text, sender_name=cast.MARIA.name)
    take_in(story.channel, story.transport, [line])
    story.goes_on()


def two_marias(story: StoryHere) -> tuple[Contact, Contact]:
    """María wrote by her number, and before that as somebody whose number is hidden: nothing ties the two yet."""
    hides(story, "hidden")
    story.maria.says("quiero hablar con una persona")
    by_number(story, "hola")
    known = Contact.objects.get(phone_key=cast.MARIA.key)
    hidden = Contact.objects.get(addresses__kind=ContactAddress.Kind.LID)
    assert known.pk != hidden.pk
    return known, hidden


def test_messages_tickets_and_addresses_end_in_one_contact(story: StoryHere) -> None:
    known, hidden = two_marias(story)
    said = Message.objects.filter(conversation__contact__in=[known, hidden]).count()
    merge_contacts(keep=known, lose=hidden)
    assert Message.objects.filter(conversation__contact=known).count() == said
    assert Ticket.objects.get().contact == known
    assert ContactAddress.objects.filter(contact=known).count() == 2
    assert not Conversation.objects.filter(contact=hidden).exists()
    hidden.refresh_from_db()
    assert hidden.merged_into == known


def test_what_waited_for_the_second_runs_in_the_lane_of_the_first(story: StoryHere) -> None:
    known, hidden = two_marias(story)
    story.maria.writes("¿siguen ahí?")
    story.listens()
    merge_contacts(keep=known, lose=hidden)
    lanes = Lane.objects.filter(merged_into__isnull=False)
    assert lanes.count() == 1
    assert not InboxEvent.objects.filter(lane__in=lanes, state=InboxEvent.State.PENDING).exists()
    story.goes_on()
    assert Message.objects.filter(text="¿siguen ahí?", conversation__contact=known).count() == 1


def test_merging_again_changes_nothing(story: StoryHere) -> None:
    known, hidden = two_marias(story)
    merge_contacts(keep=known, lose=hidden)
    before = Message.objects.count(), Ticket.objects.count(), ContactAddress.objects.count()
    merge_contacts(keep=known, lose=Contact.objects.get(pk=hidden.pk))
    merge_contacts(keep=known, lose=known)
    assert (Message.objects.count(), Ticket.objects.count(), ContactAddress.objects.count()) == before


def test_two_open_cases_become_one_that_tells_of_the_other(story: StoryHere) -> None:
    two_marias(story)
    by_number(story, "quiero hablar con una persona, por favor")
    known = Contact.objects.get(phone_key=cast.MARIA.key)
    hidden = Contact.objects.get(addresses__kind=ContactAddress.Kind.LID)
    merge_contacts(keep=known, lose=hidden)
    first, second = Ticket.objects.order_by("number")
    assert first.is_open
    assert (second.state, second.close_reason) == ("cerrado", f"Unido al ticket #{first.number}")
    assert first.events.filter(text__contains=f"#{second.number}").exists()


def test_the_newest_dialogue_goes_on_and_links_are_not_doubled(story: StoryHere) -> None:
    known, hidden = two_marias(story)
    customer = Customer.objects.get(name=cast.MARIA.name)
    for contact in (known, hidden):
        ContactLink.objects.get_or_create(contact=contact, customer=customer, defaults={"how": "phone"})
    newest = DialogState.objects.get(contact=hidden)
    DialogState.objects.filter(contact=known).update(updated_at=newest.updated_at - timedelta(hours=1))
    merge_contacts(keep=known, lose=hidden)
    assert DialogState.objects.get(contact=known).pk == newest.pk
    assert ContactLink.objects.filter(contact=known).count() == 1


def test_a_number_learned_by_the_network_merges_by_itself(story: StoryHere) -> None:
    two_marias(story)
    hides(story, "lid")
    story.maria.says("hola otra vez")
    people = Contact.objects.filter(merged_into__isnull=True, addresses__isnull=False, agent__isnull=True)
    assert people.distinct().count() == 1
