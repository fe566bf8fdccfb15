"""One ready call of each verb, with the cast: what `test_services.py` makes fail at every statement.

A case prepares what the verb needs and returns the call; the call reads its rows again each time it is made.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from backoffice.accounts import services as accounts
from backoffice.accounts.models import User
from backoffice.agents import services as agents
from backoffice.agents.models import Agent, GroupMember, WhatsAppGroup
from backoffice.billing import services as billing
from backoffice.catalog.models import Zone
from backoffice.channels import services as channels
from backoffice.channels.models import Channel
from backoffice.company import services as company
from backoffice.conversations import services as conversations
from backoffice.conversations.models import Contact, Conversation, Message
from backoffice.customers import services as customers
from backoffice.customers.models import Customer
from backoffice.dialogs import services as dialogs
from backoffice.dialogs.models import CollectField, Menu, MenuOption
from backoffice.operations import services as operations
from backoffice.panel import services as panel
from backoffice.simulator import models as sim
from backoffice.simulator import services as network
from backoffice.tickets import services as tickets
from backoffice.tickets.errors import AllGroupsBusy
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
    "company.parse_date",
    "company.parse_slot",
    "company.parse_slots",
    "company.parse_time",
    "company.show_slot",
    "customers.clean_document",
    "customers.clean_name",
    "customers.clean_phone",
    "tickets.find",
}
# Make a number or a row inside the transaction of the verb that calls them; they are failed with it.
PARTS = {"customers.next_code", "simulator.take_seq", "demo.load_demo"}

# Their one transaction is their caller's, or the one of the function they try.
TRANSACTION_ELSEWHERE = {
    "conversations.mark_spoken",
    "conversations.queue_message",
    "simulator.bot_sends",
    "simulator.collect",
    "simulator.create_group",
    "simulator.phone_writes",
}

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
simple("channels.ask_restart", lambda: channels.ask_restart(channel=channel()))
simple("channels.record_cursor", lambda: channels.record_cursor(channel=channel(), cursor="77"))
simple("channels.record_qr", lambda: channels.record_qr(channel=channel(), qr="2@abc"))
simple("channels.record_state", lambda: channels.record_state(channel=channel(), state="disconnected", reason="corte"))
simple("channels.status_of", lambda: channels.status_of(channel()))
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
simple("dialogs.move_option", lambda: dialogs.move_option(option=first_option(), up=False))
simple("dialogs.delete_option", lambda: dialogs.delete_option(option=first_option()))
simple("dialogs.synchronise_actions", lambda: dialogs.synchronise_actions(listed_actions()[1:]))


@case("dialogs.restore_text")
def restore_text(story: StoryHere) -> Call:
    dialogs.change_text(key="rescue.handed_over", text="Ya te atiende una persona.")
    return lambda: dialogs.restore_text(key="rescue.handed_over")


@case("dialogs.delete_menu")
def delete_menu(story: StoryHere) -> Call:
    made = dialogs.save_menu(menu=Menu(title="Promociones", text="¿Cuál?"))
    return lambda: dialogs.delete_menu(menu=Menu.objects.get(pk=made.pk))


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
    Message.objects.filter(direction="out").update(status="uncertain")
    return lambda: conversations.settle(message=said_by("out", maria_chat()), decision="resend")


simple(
    "conversations.store_media",
    lambda: conversations.store_media(data=b"%PDF-1.4", kind="document", filename="a.pdf", mimetype="application/pdf"),
)

# --- agents ---


def new_agent() -> Agent:
    return agents.create_agent(name="Carlos Díaz", phone="2615550777", group_count=2, main_groups=[group()])


def new_member() -> GroupMember:
    return GroupMember.objects.filter(agent__name="Carlos Díaz").latest("pk")


@case("agents.ask_registration")
def ask_registration(story: StoryHere) -> Call:
    new_agent()
    return lambda: agents.ask_registration(agent=agent("Carlos Díaz"))


@case("agents.register")
def register(story: StoryHere) -> Call:
    new_agent()
    Contact.objects.create(name="Carlos", phone="+5492615550777", phone_key="2615550777")
    return lambda: agents.register(agent=agent("Carlos Díaz"), contact=Contact.objects.get(phone_key="2615550777"))


@case("agents.group_ready")
def group_ready(story: StoryHere) -> Call:
    made = agents.create_main_group(kind="support", name="Soporte noche")
    WhatsAppGroup.objects.filter(name="Soporte").update(state="pending")
    waiting(story)
    return lambda: agents.group_ready(
        group=WhatsAppGroup.objects.get(pk=made.pk), channel=channel(), address="g:120363000000000001"
    )


@case("agents.group_failed")
def group_failed(story: StoryHere) -> Call:
    agents.create_main_group(kind="support", name="Soporte noche")
    return lambda: agents.group_failed(group=group("Soporte noche"), error="unknown error")


@case("agents.retry_group")
def retry_group(story: StoryHere) -> Call:
    agents.create_main_group(kind="support", name="Soporte noche")
    agents.group_failed(group=group("Soporte noche"), error="unknown error")
    return lambda: agents.retry_group(group=group("Soporte noche"))


@case("agents.invite")
def invite(story: StoryHere) -> Call:
    new_agent()
    return lambda: agents.invite(member=new_member(), link="https://chat.whatsapp.com/abc")


@case("agents.record_member")
def record_member(story: StoryHere) -> Call:
    new_agent()
    return lambda: agents.record_member(member=new_member(), state="added", is_admin=True)


@case("agents.member_joined")
def member_joined(story: StoryHere) -> Call:
    new_agent()
    return lambda: agents.member_joined(group=new_member().group, phone_key="2615550777")


simple("agents.add_member", lambda: agents.add_member(group=group("Ventas"), name="Carlos Díaz", phone="2615550777"))
simple("agents.remove_member", lambda: agents.remove_member(group=group(), agent=agent("Ana Ruiz")))
simple("agents.bot_removed", lambda: agents.bot_removed(group=group()))
simple("agents.change_agent", lambda: agents.change_agent(agent=agent(), name="Juan P.", phone="2615550101"))
simple("agents.change_group_count", lambda: agents.change_group_count(agent=agent(), count=5))
simple("agents.create_agent", new_agent)
simple("agents.create_main_group", lambda: agents.create_main_group(kind="support", name="Soporte noche"))
simple("agents.set_active", lambda: agents.set_active(agent=agent(), active=False))

# --- tickets ---


@case("tickets.open_ticket")
def open_ticket(story: StoryHere) -> Call:
    story.maria.says("hola")
    return lambda: tickets.open_ticket(
        conversation=maria_chat(),
        contact=Contact.objects.get(phone_key=cast.MARIA.key),
        area="support",
        subject="Sin internet",
        message="no anda",
        sentiment="frustrado",
        data=[{"label": "Domicilio", "value": "San Martín 450"}],
    )


def after(lead: Callable[[StoryHere], None], call: Call) -> Case:
    def build(story: StoryHere) -> Call:
        lead(story)
        return call

    return build


def quiet(lead: Callable[[StoryHere], None]) -> Callable[[StoryHere], None]:
    """As if the case had not been announced."""

    def run(story: StoryHere) -> None:
        lead(story)
        Ticket.objects.update(announced_at=None, queue=None)

    return run


def closed(story: StoryHere) -> None:
    attended(story)
    tickets.close(ticket=ticket(), actor="Juan Pérez", reason="Listo")


def in_panel(story: StoryHere) -> None:
    waiting(story)
    tickets.take_in_panel(ticket=ticket(), user=admin())


CASES |= {
    "tickets.add_message": after(waiting, lambda: tickets.add_message(ticket=ticket(), text="sigo sin servicio")),
    "tickets.announce": after(quiet(waiting), lambda: tickets.announce(ticket=ticket())),
    "tickets.announce_waiting": after(quiet(waiting), lambda: tickets.announce_waiting(area="support")),
    "tickets.repeat_notices": after(waiting, lambda: tickets.repeat_notices(group=group())),
    "tickets.take": after(waiting, lambda: tickets.take(ticket=ticket(), agent=agent())),
    "tickets.take_in_panel": after(waiting, lambda: tickets.take_in_panel(ticket=ticket(), user=admin())),
    "tickets.assign": after(waiting, lambda: tickets.assign(ticket=ticket(), agent=agent(), by="Elena Soto")),
    "tickets.note": after(waiting, lambda: tickets.note(ticket=ticket(), actor="Juan Pérez", text="ojo")),
    "tickets.note_refusal": after(
        waiting, lambda: tickets.note_refusal(ticket=ticket(), agent=agent(), refusal=AllGroupsBusy(agente="Juan"))
    ),
    "tickets.escalate": after(
        waiting, lambda: tickets.escalate(ticket=ticket(), now=timezone.now() + timedelta(hours=1))
    ),
    "tickets.transfer": after(
        attended, lambda: tickets.transfer(ticket=ticket(), actor="Juan Pérez", area="sales", note="quiere mudarse")
    ),
    "tickets.bot_left": after(attended, lambda: tickets.bot_left(group=WhatsAppGroup.objects.get(tickets=ticket()))),
    "tickets.close": after(attended, lambda: tickets.close(ticket=ticket(), actor="Juan Pérez", reason="Listo")),
    "tickets.rate": after(closed, lambda: tickets.rate(ticket=ticket(), rating=5)),
    "tickets.reopen": after(closed, lambda: tickets.reopen(ticket=ticket(), actor="Elena Soto")),
    "tickets.reply_from_panel": after(
        in_panel, lambda: tickets.reply_from_panel(ticket=ticket(), user=admin(), text="Hola, te ayudo")
    ),
    "tickets.relay_to_agent": after(
        talking, lambda: tickets.relay_to_agent(ticket=ticket(), source=said_by("in", maria_chat()))
    ),
    "tickets.relay_to_customer": after(
        talking,
        lambda: tickets.relay_to_customer(
            ticket=ticket(), source=said_by("in", Conversation.objects.get(group__tickets=ticket()))
        ),
    ),
}

# --- operations, panel ---

simple("operations.ask_restart", lambda: operations.ask_restart(by=admin()))
simple(
    "operations.change_mode",
    lambda: operations.change_mode(
        mode="emergencia", by=admin(), emergency_text="Corte", zones=[Zone.objects.all()[0]]
    ),
)
simple(
    "panel.update_agent",
    lambda: panel.update_agent(agent=agent(), name="Juan P.", phone="2615550101", group_count=4, active=True),
)


@case("panel.save_contact_notes")
def save_contact_notes(story: StoryHere) -> Call:
    story.maria.says("hola")
    return lambda: panel.save_contact_notes(contact=Contact.objects.get(phone_key=cast.MARIA.key), notes="Llamar")


# --- the stand-in network: it is where «delivered once» is seen, so it must not lose or double either ---


def bot_message() -> network.BotMessage:
    return network.BotMessage(phone=phone(cast.MARIA), group=None, text="hola", client_ref="m999")


def simulated_group() -> sim.Group:
    return sim.Group.objects.get(name="Soporte")


simple("simulator.acknowledge", lambda: network.acknowledge(seq=1))
simple("simulator.add_fault", lambda: network.add_fault(fault=network.NetworkFault(kind="duplicate")))
simple("simulator.ban", lambda: network.ban(until=timezone.now() + timedelta(minutes=5)))
simple("simulator.begin_pairing", lambda: network.begin_pairing())
simple("simulator.bot_sends", lambda: network.bot_sends(new=bot_message()))
simple("simulator.bot_types", lambda: network.bot_types(chat=phone(cast.MARIA), on=True))
simple(
    "simulator.change_members",
    lambda: network.change_members(group=simulated_group(), op="add", phones=[phone(cast.LUCIA)]),
)
simple("simulator.create_group", lambda: network.create_group(name="Otro", phones=[phone(cast.JUAN)], client_ref="g9"))
simple("simulator.ensure_phone", lambda: network.ensure_phone(number="5492619998877", name="Pedro"))
simple("simulator.ensure_phones", lambda: network.ensure_phones(numbers=["5492619998877", "5492619998866"]))
simple("simulator.leave_group", lambda: network.leave_group(group=simulated_group(), phone=phone(cast.JUAN)))
simple("simulator.link", lambda: network.link())
simple("simulator.set_account", lambda: network.set_account(name="FibraSur Norte"))
simple("simulator.set_privacy", lambda: network.set_privacy(phone=phone(cast.MARIA), privacy="hidden"))
simple("simulator.unlink", lambda: network.unlink(reason="prueba"))
simple(
    "simulator.phone_writes",
    lambda: network.phone_writes(phone=phone(cast.MARIA), new=network.NewMessage(number=cast.MARIA.phone, text="hola")),
)


@case("simulator.lift_ban")
def lift_ban(story: StoryHere) -> Call:
    network.ban(until=timezone.now() - timedelta(minutes=5))
    return lambda: network.lift_ban()


@case("simulator.clear_faults")
def clear_faults(story: StoryHere) -> Call:
    network.add_fault(fault=network.NetworkFault(kind="duplicate"))
    return lambda: network.clear_faults()


@case("simulator.take_fault")
def take_fault(story: StoryHere) -> Call:
    network.add_fault(fault=network.NetworkFault(kind="duplicate"))
    return lambda: network.take_fault(kinds=("duplicate",))


@case("simulator.bot_reads")
def bot_reads(story: StoryHere) -> Call:
    written = story.maria.writes("hola")
    return lambda: network.bot_reads(chat=Q(phone=phone(cast.MARIA)), message_ids=[written])


@case("simulator.phone_reads")
def phone_reads(story: StoryHere) -> Call:
    story.maria.says("hola")
    newest = sim.Network.objects.get().seq
    return lambda: network.phone_reads(phone=phone(cast.MARIA), member=None, upto=newest)


@case("simulator.collect")
def collect(story: StoryHere) -> Call:
    story.maria.writes("hola")
    return atomically(lambda: network.collect(after=None))
