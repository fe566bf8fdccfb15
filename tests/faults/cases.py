"""One ready call of each verb, with the cast: what `test_services.py` makes fail at every statement.

A case prepares what the verb needs and returns the call; the call reads its rows again each time it is made.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from backoffice.accounts import services as accounts
from backoffice.accounts.models import User
from backoffice.agents.models import Agent, WhatsAppGroup
from backoffice.billing import services as billing
from backoffice.channels import services as channels
from backoffice.channels.models import Channel
from backoffice.company import services as company
from backoffice.conversations import services as conversations
from backoffice.conversations.models import Conversation, Message
from backoffice.customers import services as customers
from backoffice.customers.models import Customer
from backoffice.dialogs import selectors as drafts
from backoffice.dialogs import services as dialogs
from backoffice.dialogs.models import CollectField, Menu, MenuOption, MenuVersion
from backoffice.simulator import models as sim
from backoffice.tickets.models import Ticket
from bot.actions import listed_actions
from tests import cast
from tests.story import StoryHere

Call = Callable[[], object]
Case = Callable[[StoryHere], Call]

# Read or compute only: there is nothing to leave half done.
NO_WRITES = {
    "agents.clean_name",
    "agents.name_warning",
    "billing.invoice_number",
    "company.check_logo",
    "company.parse_slot",
    "company.parse_slots",
    "company.parse_time",
    "company.show_slot",
    "conversations.clean_labels",
    "customers.clean_document",
    "customers.clean_name",
    "customers.clean_phone",
    "safekeeping.look_ahead",
    "tickets.find",
}
# Make a number inside the transaction of the verb that calls them, and are failed with it; the demo has its own test.
PARTS = {"customers.next_code", "simulator.take_seq", "demo.load_demo"}

CASES: dict[str, Case] = {}


def case(name: str) -> Callable[[Case], Case]:
    def keep(build: Case) -> Case:
        CASES[name] = build
        return build

    return keep


def simple(name: str, call: Call) -> None:
    """A verb that needs nothing prepared."""
    CASES[name] = lambda story: call


def atomically(call: Call) -> Call:
    """For parts that are meant to run inside their caller's transaction."""

    def run() -> object:
        with transaction.atomic():
            return call()

    return run


# --- rows ---


def admin() -> User:
    return User.objects.get(username="admin")


def agent(name: str = "Juan Pérez") -> Agent:
    return Agent.objects.get(name=name)


def group(name: str = "Soporte") -> WhatsAppGroup:
    return WhatsAppGroup.objects.get(name=name)


def channel() -> Channel:
    return Channel.objects.get()


def ticket() -> Ticket:
    return Ticket.objects.latest("pk")


def maria_chat() -> Conversation:
    return Conversation.objects.get(contact__phone_key=cast.MARIA.key)


def phone(person: cast.Person) -> sim.Phone:
    return sim.Phone.objects.get(key=person.phone)


def said_by(direction: str, chat: Conversation) -> Message:
    return chat.messages.filter(direction=direction).latest("pk")


# --- stories that lead to the verb ---


def waiting(story: StoryHere) -> None:
    story.maria.says("no tengo internet, quiero hablar con una persona")


def attended(story: StoryHere) -> None:
    waiting(story)
    story.juan.replies("lo tomo", chat=story.support)


def talking(story: StoryHere) -> None:
    attended(story)
    seat = story.group(story.ticket["group"])
    story.juan.says("hola María", chat=seat)
    story.maria.says("hola Juan")


# --- accounts, company, channels, customers, billing ---

simple("accounts.change_own_password", lambda: accounts.change_own_password(user=admin(), password="cuatro-perros"))
simple("company.add_holiday", lambda: company.add_holiday(day=date(2027, 5, 1), name="Día del trabajador"))
simple("company.set_hours", lambda: company.set_hours(hours={0: ["08:00-12:00", "14:00-18:00"], 6: []}))
simple(
    "channels.count_notice",
    atomically(lambda: channels.count_notice(channel=channel(), now=timezone.now(), stranger=True)),
)
simple("channels.record_cursor", lambda: channels.record_cursor(channel=channel(), cursor="77"))
simple("channels.record_qr", lambda: channels.record_qr(channel=channel(), qr="2@abc"))
simple("channels.record_state", lambda: channels.record_state(channel=channel(), state="disconnected", reason="corte"))
simple("channels.status_of", lambda: channels.status_of(channel()))
simple("channels.stop_notices", lambda: channels.stop_notices(channel=channel(), why="429", now=timezone.now()))


@case("channels.resume_notices")
def resume_notices(story: StoryHere) -> Call:
    channels.stop_notices(channel=channel(), why="429", now=timezone.now())
    return lambda: channels.resume_notices(channel=channel(), by=admin())


simple(
    "customers.create_customer",
    lambda: customers.create_customer(
        name="Pedro Lucero", document="28.333.444", phones=["261 555-1234", "0261 15 555-9876"]
    ),
)
simple(
    "customers.update_customer",
    lambda: customers.update_customer(
        customer=Customer.objects.get(name=cast.MARIA.name), phones=["261 444-0000"], address="San Martín 450"
    ),
)
simple(
    "billing.issue_invoice",
    lambda: billing.issue_invoice(
        customer=Customer.objects.get(name=cast.MARIA.name),
        concept="Fibra 100MB",
        total=Decimal("18500.00"),
        issued_on=date(2026, 12, 1),
        due_on=date(2026, 12, 10),
    ),
)

# --- dialogs ---


def root() -> Menu:
    return Menu.objects.get(is_root=True)


def first_option() -> MenuOption:
    option = root().options.order_by("position", "pk").first()
    assert option is not None
    return option


def save_option() -> object:
    option = MenuOption(menu=root(), title="Consulta", action_id="collect", text="Contame", position=9)
    return dialogs.save_option(option=option, fields=[CollectField(label="Domicilio", question="¿Dónde vivís?")])


simple("dialogs.change_text", lambda: dialogs.change_text(key="rescue.handed_over", text="Ya te atiende una persona."))
simple("dialogs.save_menu", lambda: dialogs.save_menu(menu=Menu(title="Promociones", text="¿Cuál te interesa?")))
simple("dialogs.save_option", save_option)
simple("dialogs.move_option", lambda: dialogs.move_option(option=first_option(), menu=root(), place=1))
simple("dialogs.delete_option", lambda: dialogs.delete_option(option=first_option()))
simple("dialogs.publish_as_it_is", lambda: dialogs.publish_as_it_is(note="De fábrica"))
simple("dialogs.synchronise_actions", lambda: dialogs.synchronise_actions(listed_actions()[1:]))


@case("dialogs.restore_text")
def restore_text(story: StoryHere) -> Call:
    dialogs.change_text(key="rescue.handed_over", text="Ya te atiende una persona.")
    return lambda: dialogs.restore_text(key="rescue.handed_over")


@case("dialogs.delete_menu")
def delete_menu(story: StoryHere) -> Call:
    made = dialogs.save_menu(menu=Menu(title="Promociones", text="¿Cuál?"))
    return lambda: dialogs.delete_menu(menu=Menu.objects.get(pk=made.pk))


def change_draft() -> None:
    option = first_option()
    option.title = "📡 Sin señal"
    option.save()


def publish_draft() -> object:
    return dialogs.publish(seen=drafts.draft().stamp, author=None, note="Otro nombre", despite_warnings=True)


def first_version() -> MenuVersion:
    return MenuVersion.objects.get(number=1)


@case("dialogs.publish")
def publish_menus(story: StoryHere) -> Call:
    change_draft()
    return publish_draft


@case("dialogs.bring_back")
def bring_back_menus(story: StoryHere) -> Call:
    change_draft()
    dialogs.save_menu(menu=Menu(title="Promociones", text="¿Cuál?"))
    first_option().delete()
    return lambda: dialogs.bring_back(version=first_version(), seen=drafts.draft().stamp)


@case("dialogs.roll_back")
def roll_back_menus(story: StoryHere) -> Call:
    change_draft()
    publish_draft()
    return lambda: dialogs.roll_back(version=first_version(), seen=drafts.draft().stamp, author=None)


# --- conversations ---


@case("conversations.mark_spoken")
def mark_spoken(story: StoryHere) -> Call:
    story.maria.says("hola")
    return atomically(lambda: conversations.mark_spoken(chats=[maria_chat().pk], at=timezone.now()))


@case("conversations.queue_message")
def queue_message(story: StoryHere) -> Call:
    story.maria.says("hola")
    return atomically(lambda: conversations.queue_message(conversation=maria_chat(), author="bot", text="¿Seguís ahí?"))


@case("conversations.receive")
def receive(story: StoryHere) -> Call:
    return lambda: conversations.receive(
        lane="1:p:2612345678",
        source="channel:1",
        external_id="wamid.1",
        kind="message",
        payload={"text": "hola"},
        wait=timedelta(seconds=3),
    )


@case("conversations.receive_many")
def receive_many(story: StoryHere) -> Call:
    story.maria.says("hola")
    told = [("1:p:2612345678", "wamid.1"), ("1:p:2617654321", "wamid.2"), ("1:p:2612345678", "wamid.3")]
    arrivals = [conversations.Arrival(lane, "channel:1", name, "message", {"text": "hola"}) for lane, name in told]
    return lambda: conversations.receive_many([*arrivals, arrivals[0]])


simple(
    "conversations.set_aside",
    lambda: conversations.set_aside(channel_id=1, external_id="evt-9", payload={"kind": "unheard of"}),
)


simple(
    "conversations.keep_raw",
    lambda: conversations.keep_raw(channel_id=1, external_id="evt-9", payload={"kind": "reaction"}),
)


@case("conversations.record_ticks")
def record_ticks(story: StoryHere) -> Call:
    story.maria.says("hola")
    sent = said_by("out", maria_chat())
    Message.objects.filter(pk=sent.pk).update(status="sent")
    tick = conversations.TickOf("read", datetime(2026, 11, 24, 14, tzinfo=UTC), sent.external_id or "", sent.pk)
    return lambda: conversations.record_ticks(channel_id=sent.channel_id, ticks=[tick, tick])


@case("conversations.settle")
def settle(story: StoryHere) -> Call:
    story.maria.says("hola")
    Message.objects.filter(direction="out").update(status="uncertain", due_at=timezone.now())
    return lambda: conversations.settle(message=said_by("out", maria_chat()), decision="resend", by=admin())


simple(
    "conversations.store_media",
    lambda: conversations.store_media(data=b"%PDF-1.4", kind="document", filename="a.pdf", mimetype="application/pdf"),
)
