"""Cases of the desk's verbs: agents, their groups, and tickets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from backoffice.agents import services as agents
from backoffice.agents.models import Agent, GroupMember, WhatsAppGroup
from backoffice.common.models import Job
from backoffice.common.services import jobs
from backoffice.conversations.models import Contact, Conversation
from backoffice.safekeeping import services as safekeeping
from backoffice.tickets import services as tickets
from backoffice.tickets.errors import AllGroupsBusy
from backoffice.tickets.models import Ticket
from tests import cast
from tests.faults.cases import (
    CASES,
    Call,
    Case,
    admin,
    agent,
    attended,
    case,
    channel,
    group,
    maria_chat,
    said_by,
    simple,
    talking,
    ticket,
    waiting,
)
from tests.story import StoryHere

# --- agents ---


def new_agent(groups: int = 2) -> Agent:
    return agents.create_agent(name="Carlos Díaz", phone="2615550777", group_count=groups, main_groups=[group()])


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


def held(call: Callable[[Job], object]) -> Case:
    """With the job of Carlos's groups, as the bot's process holds it."""

    def build(story: StoryHere) -> Call:
        new_agent()
        Job.objects.update(state=Job.State.RUNNING, token=str(uuid4()), lease_until=timezone.now())
        return lambda: call(Job.objects.latest("pk"))

    return build


CASES |= {
    "common.jobs.keep": held(lambda job: jobs.keep(job=job, until=timezone.now())),
    "common.jobs.let_go": held(lambda job: jobs.let_go(job=job)),
    "common.jobs.advance": held(lambda job: jobs.advance(job=job)),
    "common.jobs.cancel": held(lambda job: jobs.cancel(job=job)),
    "common.jobs.finish": held(lambda job: jobs.finish(job=job, state=Job.State.DONE, steps=job.steps)),
}


@case("common.jobs.enqueue")
def enqueue(story: StoryHere) -> Call:
    return lambda: jobs.enqueue(kind="rehearsal", owner="worker")


@case("common.jobs.claim")
def claim(story: StoryHere) -> Call:
    jobs.enqueue(kind="rehearsal", owner="worker")
    return lambda: jobs.claim(owner="worker", now=timezone.now())


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


def chatting(story: StoryHere) -> None:
    story.maria.says("hola")


def maria_contact() -> Contact:
    return Contact.objects.get(phone_key=cast.MARIA.key)


def in_panel(story: StoryHere) -> None:
    waiting(story)
    tickets.take_in_panel(ticket=ticket(), user=admin())


@case("safekeeping.anonymise")
def anonymise(story: StoryHere) -> Call:
    closed(story)
    story.goes_on()
    return lambda: safekeeping.anonymise(contact=maria_contact(), by=admin(), reason="pedido", looked={})


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
    "tickets.give_back": after(in_panel, lambda: tickets.give_back(ticket=ticket(), actor="Elena", holder=admin())),
    "tickets.take_chat": after(
        chatting, lambda: tickets.take_chat(conversation=maria_chat(), contact=maria_contact(), user=admin())
    ),
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
