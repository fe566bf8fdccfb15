"""The right to be forgotten (Ley 25.326): nothing of a person is left, and what was counted still is."""

from typing import Any

import pytest
from django.apps import apps
from django.db.models import Count

from backoffice.accounts.models import AuditEvent, User
from backoffice.common import deleting
from backoffice.common.errors import DomainError
from backoffice.common.models import Activity
from backoffice.conversations.models import (
    ChatMark,
    Contact,
    ContactLink,
    Conversation,
    InboxEvent,
    Label,
    Media,
    Message,
)
from backoffice.conversations.services import keep_raw, queue_message, receive, save_contact_notes, set_labels
from backoffice.customers.models import Customer, CustomerPhone
from backoffice.customers.services import create_customer
from backoffice.notices.models import Gateway, GatewayNotice
from backoffice.safekeeping.models import TrashItem
from backoffice.safekeeping.services import anonymise
from backoffice.sales.models import SalesOrder
from backoffice.sales.services import edit_order
from backoffice.simulator.services import ensure_phone
from backoffice.tickets import services as tickets
from backoffice.tickets.merging import merge_contacts
from backoffice.tickets.models import Ticket
from tests.backoffice import desk
from tests.backoffice.safekeeping import traces
from tests.cast import JUAN, LUCIA, MARIA, Person
from tests.security.house import PNG
from tests.story import StoryHere

PHOTO = PNG + b"Firulais"
ZULMA = Person("Zulma Iturbe", "5492617770123")
HERS = ["Zulma", "7770123", "Firulais", "Yapeyú"]
"""Her name, her number however it is written without spaces, and a word of all that was said or noted."""


def zulma() -> Contact:
    return Contact.objects.get(phone_key=ZULMA.key)


def forget(contact: Contact, reason: str = "pedido") -> None:
    anonymise(
        contact=contact, by=User.objects.get_or_create(username="elena", is_staff=True)[0], reason=reason, looked={}
    )


def figures() -> dict[str, Any]:
    """What the reports add up."""
    by_state = GatewayNotice.objects.order_by("state").values_list("state").annotate(Count("pk"))
    return {
        "contacts": list(Contact.objects.order_by("pk").values_list("created_at", "last_seen_at")),
        "messages": list(Message.objects.order_by("pk").values_list("direction", "author", "status", "created_at")),
        "tickets": list(Ticket.objects.order_by("pk").values_list("number", "state", "sentiment", "agent", "rating")),
        "when": list(Ticket.objects.order_by("pk").values_list("opened_at", "taken_at", "closed_at")),
        "notices": list(by_state),
        "orders": list(SalesOrder.objects.order_by("pk").values_list("number", "state", "amount", "received_at")),
        "events": InboxEvent.objects.count(),
    }


def told_everywhere(story: StoryHere) -> None:
    """Zulma in every room there is: the chat, two agents' groups, a photo, notes, labels, notices, the console."""
    ensure_phone(number=ZULMA.phone, name=ZULMA.name)
    hers = story.phone(ZULMA.phone, ZULMA.name)
    story.do("keep_orders")
    hers.says("hola, soy Zulma Iturbe")
    hers.says("Firulais rompió el cable, quiero hablar con una persona")
    story.juan.replies("lo tomo", chat=story.support)
    seat = story.group(story.ticket["group"])
    hers.sends("image", PHOTO, text="mirá a Firulais", filename="Firulais.png")
    story.juan.says("Zulma, ¿seguís en Yapeyú 450?", chat=seat)
    story.juan.says("/nota Firulais es un perro", chat=seat)
    story.juan.says("/transferir Ana mirá lo de Firulais", chat=seat)
    second = story.seat("Ana")
    hers.says("sí, Yapeyú 450")
    story.ana.says("Ya vamos a Yapeyú", chat=second)
    story.ana.says("/fin Firulais está bien", chat=second)
    hers.says("1")
    order = SalesOrder.objects.latest("pk")
    edit_order(order=order, by=None, values={"comments": "Pasar por Yapeyú 450"}, state="resuelto")
    contact = zulma()
    save_contact_notes(contact=contact, notes="Tiene a Firulais")
    set_labels(contact=contact, labels=[], new="Obra nueva")
    ChatMark.objects.create(user=User.objects.get(username="admin"), contact=contact, upto=1)
    label = Label.objects.create(name="Perros")
    contact.labels.add(label)
    deleting.delete(label)
    old = create_customer(name="Zulma Iturbe", address="Yapeyú 450", phones=["261 777-0123"])
    ContactLink.objects.create(contact=contact, customer=old, how="phone")
    deleting.delete(old)
    Customer.history.filter(code=old.code).delete()
    CustomerPhone.history.filter(number=f"+{ZULMA.phone}").delete()
    gateway = Gateway.objects.create(name="MikroWisp", slug="mikrowisp", channel=story.channel)
    GatewayNotice.objects.create(
        gateway=gateway, phone_raw=ZULMA.phone, phone=f"+{ZULMA.phone}", phone_key=ZULMA.key, text="Zulma, vence hoy",
        fingerprint="f", ref="Yapeyú-1", raw={"to": ZULMA.phone, "message": "Zulma"}, state="expired", due_at=None,
    )  # fmt: skip
    payload = {"call": {"from": ZULMA.phone, "words": "Firulais"}}
    keep_raw(channel_id=story.channel.pk, external_id="una-llamada", payload=payload)
    Activity.note(Activity.Kind.ERROR, "Mensaje a Zulma Iturbe: no se pudo")


def test_of_somebody_who_left_traces_everywhere_nothing_is_left(
    story: StoryHere, django_capture_on_commit_callbacks: Any
) -> None:
    told_everywhere(story)
    story.maria.says("hola")
    seen = traces.where(HERS)
    rooms = "contact. message. inboxevent. ticket. ticketevent. salesorder. gatewaynotice. activity. lane."
    for place in [
        *rooms.split(),
        "conversation.",
        "contactaddress.",
        "media.",
        "simulator.message.",
        "wireevent.",
        "trashitem.",
        "phone.",
        "chats/",
    ]:
        assert any(place in one for one in seen), f"the story leaves nothing in {place}"
    before, others = figures(), traces.where(["María González"])
    with django_capture_on_commit_callbacks(execute=True):
        forget(zulma())
    assert traces.where(HERS) == {}
    assert TrashItem.objects.get().rows[1:] == [], "the label is still there, without her"
    assert figures() == before
    assert traces.where(["María González"]) == others
    line = AuditEvent.objects.first()
    assert line is not None
    assert (line.who_name, line.text) == (
        "Elena Soto (elena)",
        f"Anonimizó al contacto {Contact.objects.get(anonymised_at__isnull=False).pk}: "
        "La persona lo pidió (Ley 25.326)",
    )


def test_who_writes_again_is_somebody_new(story: StoryHere) -> None:
    hers = story.phone(ZULMA.phone, ZULMA.name)
    hers.says("hola, soy Zulma Iturbe")
    hers.says("menú")
    old = zulma()
    forget(old)
    hers.says("hola")
    new = zulma()
    assert new.pk != old.pk
    assert [row.text for row in Message.objects.filter(conversation__contact=new, direction="in")] == ["hola"]
    assert set(Message.objects.filter(conversation__contact=old).values_list("text", flat=True)) == {"(anonimizado)"}
    assert str(Contact.objects.get(pk=old.pk)) == "Contacto anonimizado"


@pytest.fixture
def chat(db: None) -> Conversation:
    """María's, on a channel of a company that is open, and at rest."""
    channel = desk.open_for_business()
    desk.group(channel, "support", "Soporte")
    return desk.chat_of(channel, MARIA)


def an_open_case(chat: Conversation) -> None:
    desk.case(chat)


def a_message_in_the_outbox(chat: Conversation) -> None:
    queue_message(conversation=chat, author="bot", text="ya te contesto")


def a_message_to_answer(chat: Conversation) -> None:
    key = f"{chat.channel_id}:p:{MARIA.key}"
    receive(lane=key, source=f"channel:{chat.channel_id}", external_id="1", kind="message", payload={})


def a_notice_that_waits(chat: Conversation) -> None:
    gateway = Gateway.objects.create(name="MikroWisp", slug="mikrowisp", channel=chat.channel)
    GatewayNotice.objects.create(gateway=gateway, phone_raw="261", phone_key=MARIA.key)


def she_works_here(chat: Conversation) -> None:
    desk.agent(chat.channel, MARIA, groups=0)


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (an_open_case, "caso abierto"),
        (a_message_in_the_outbox, "todavía no salieron"),
        (a_message_to_answer, "Acaba de escribir"),
        (a_notice_that_waits, "aviso de tu sistema por salir"),
        (she_works_here, "número de un agente"),
    ],
)
def test_what_is_under_way_is_waited_for(chat: Conversation, happens: Any, why: str) -> None:
    happens(chat)
    with pytest.raises(DomainError, match=why):
        forget(Contact.objects.get(phone_key=MARIA.key))
    assert Contact.objects.get(phone_key=MARIA.key).name == MARIA.name


def test_it_is_done_once_for_a_reason_of_ours_and_nobody_writes_to_them_again(chat: Conversation) -> None:
    contact = Contact.objects.get(phone_key=MARIA.key)
    case = desk.case(chat)
    tickets.close(ticket=case, actor="Juan", reason="Era María González")
    Message.objects.update(status="sent", due_at=None)
    with pytest.raises(DomainError, match="Elegí el motivo"):
        forget(contact, reason="porque sí, María")
    forget(contact)
    with pytest.raises(DomainError, match="ya está anonimizado"):
        forget(contact)
    for again in (
        lambda: tickets.reopen(ticket=case, actor="Juan"),
        lambda: tickets.take_chat(conversation=chat, contact=contact, user=User.objects.get(username="elena")),
        lambda: merge_contacts(keep=Contact.objects.create(name="Mari"), lose=contact, by="Elena"),
    ):
        with pytest.raises(DomainError, match="se anonimizó"):
            again()


def test_who_was_joined_to_them_goes_too_and_what_others_sent_stays(
    chat: Conversation, django_capture_on_commit_callbacks: Any
) -> None:
    contact = Contact.objects.get(phone_key=MARIA.key)
    work = desk.chat_of(chat.channel, LUCIA)
    shared = Media.objects.create(kind="image", file="chats/x.png", mimetype="image/png", sha256="x")
    desk.writes(chat, "mirá", media=shared)
    other = desk.chat_of(chat.channel, JUAN)
    desk.writes(other, "mirá", media=shared)
    merge_contacts(keep=contact, lose=Contact.objects.get(pk=work.contact_id), by="Elena")
    with django_capture_on_commit_callbacks(execute=True) as after:
        forget(contact)
    assert traces.where(["Lucía", "7778899", "María", "2345678"]) == {}
    assert Message.objects.get(conversation=other).media == shared
    assert len(after) == 1


def test_a_lost_message_and_a_dead_letter_are_not_tried_again(chat: Conversation) -> None:
    contact = Contact.objects.get(phone_key=MARIA.key)
    queue_message(conversation=chat, author="bot", text="no salió")
    Message.objects.update(status="failed", due_at=None, error=f"{MARIA.phone} no existe")
    a_message_to_answer(chat)
    InboxEvent.objects.update(state=InboxEvent.State.DEAD, ready_at=None)
    forget(contact)
    assert Message.objects.get().status == "discarded"
    assert InboxEvent.objects.get().state == InboxEvent.State.DISCARDED


ROOMS = {
    "agents.agent", "agents.registrationrequest", "agents.whatsappgroup", "conversations.chatmark",
    "conversations.contact", "conversations.contact_labels", "conversations.contactaddress",
    "conversations.contactlink", "conversations.conversation", "conversations.dialogstate", "conversations.inboxevent",
    "conversations.message", "notices.gatewaynotice", "tickets.ticket", "tickets.ticketevent", "tickets.ticketpost",
    "agents.historicalagent", "agents.historicalwhatsappgroup", "sales.historicalsalesorder", "sales.salesorder",
    "safekeeping.trashitem",
}  # fmt: skip
"""What points to a person, their chat, their case or what arrived from them, and `erasing.py` knows (or needs not)."""


def test_a_new_table_about_people_is_not_forgotten() -> None:
    about = {Contact, Conversation, Message, Ticket, apps.get_model("conversations", "lane")}
    found = {
        model._meta.label_lower
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.related_model in about and model._meta.label_lower != "conversations.lane"
    }
    assert found == ROOMS, "say in safekeeping/erasing.py what is erased of it"
