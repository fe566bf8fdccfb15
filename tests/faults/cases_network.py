"""Cases of operations, of the panel, and of the stand-in network: it must not lose or double either."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from backoffice.catalog.models import Zone
from backoffice.conversations import services as conversations
from backoffice.conversations.models import Contact, Message
from backoffice.operations import services as operations
from backoffice.panel import services as panel
from backoffice.simulator import models as sim
from backoffice.simulator import services as network
from tests import cast
from tests.faults.cases import (
    CASES,
    Call,
    Case,
    admin,
    agent,
    atomically,
    case,
    phone,
    simple,
)
from tests.story import StoryHere

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


def about_maria(call: Callable[[Contact], object]) -> Case:
    """With María known, for she wrote."""

    def build(story: StoryHere) -> Call:
        story.maria.says("hola")
        return lambda: call(Contact.objects.get(phone_key=cast.MARIA.key))

    return build


CASES |= {
    "conversations.save_contact_notes": about_maria(
        lambda maria: conversations.save_contact_notes(contact=maria, notes="Llamar")
    ),
    "conversations.set_labels": about_maria(
        lambda maria: conversations.set_labels(contact=maria, labels=[], new="Obra nueva")
    ),
    "conversations.mark_read": about_maria(
        lambda maria: conversations.mark_read(contact=maria, user=admin(), upto=Message.objects.latest("pk").pk)
    ),
}


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
