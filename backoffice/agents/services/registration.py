"""LISTO: how an agent's WhatsApp number is bound to who they are here (GRP-REG)."""

from django.db import transaction
from django.db.models import Case, IntegerField, Value, When
from django.utils import timezone

from backoffice.agents.errors import AlreadyRegistered, WrongNumber
from backoffice.agents.models import Agent, GroupMember, RegistrationRequest, WhatsAppGroup
from backoffice.agents.outbox import Speech, private_chat, tell
from backoffice.common.models import Activity
from backoffice.conversations.models import Contact, Conversation
from integrations.understanding.words import fold

from . import jobs

KINDS = WhatsAppGroup.Kind
STATES = WhatsAppGroup.State


@transaction.atomic
def ask_registration(*, agent: Agent, conversation: Conversation | None = None) -> RegistrationRequest:
    """Ask the agent to answer LISTO: in `conversation`, else in a main group of theirs, else in private (AMB-12).

    Raises: DomainError when no channel carries the groups.
    """
    chat = conversation or _main_chat(agent) or private_chat(agent=agent, channel=jobs.staff_channel())
    speech = Speech.load()
    mention = "".join(word.capitalize() for word in fold(agent.name).split())
    message = tell(
        chat, speech.say("desk.registration", agente=agent.name, grupos=_ready_groups(agent), mencion=mention)
    )
    return RegistrationRequest.objects.create(agent=agent, message=message)


@transaction.atomic
def register(*, agent: Agent, contact: Contact, conversation: Conversation | None = None) -> None:
    """They answered LISTO: from now on what this contact does is done by this agent.

    They are welcomed in `conversation`, or without it where they were last asked.
    A contact whose number is hidden is believed; one whose number is known must have the agent's.
    Raises: WrongNumber, AlreadyRegistered.
    """
    agent = Agent.objects.select_for_update().get(pk=agent.pk)
    if contact.phone_key and contact.phone_key != agent.phone_key:
        raise WrongNumber(agente=agent.name)
    if Agent.objects.filter(contact=contact).exclude(pk=agent.pk).exists():
        raise WrongNumber(agente=agent.name)
    if agent.registered_at is not None and agent.contact_id == contact.pk:
        raise AlreadyRegistered(agente=agent.first_name)
    agent.contact, agent.registered_at = contact, timezone.now()
    agent.save(update_fields=["contact", "registered_at"])
    Contact.objects.filter(pk=contact.pk, name="").update(name=agent.name)
    chat = conversation or _asked_in(agent) or private_chat(agent=agent, channel=jobs.staff_channel())
    tell(chat, Speech.load().say("desk.registered", agente=agent.name, grupos=_ready_groups(agent)))
    Activity.note(Activity.Kind.AGENT, f"{agent.name} completó su registro.")


def _asked_in(agent: Agent) -> Conversation | None:
    last = agent.registration_requests.select_related("message__conversation").order_by("pk").last()
    return last.message.conversation if last else None


def _ready_groups(agent: Agent) -> int:
    return agent.groups.filter(kind=KINDS.PERSONAL, state=STATES.READY).count()


def _main_chat(agent: Agent) -> Conversation | None:
    """Soporte before Ventas before Supervisor, among the groups where the agent already is."""
    order = Case(
        When(group__kind=KINDS.SUPPORT, then=Value(0)),
        When(group__kind=KINDS.SALES, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    member = (
        GroupMember.objects.filter(agent=agent, state=GroupMember.State.ADDED, group__state=STATES.READY)
        .filter(group__bot_removed=False, group__conversation__isnull=False)
        .exclude(group__kind=KINDS.PERSONAL)
        .select_related("group__conversation")
        .order_by(order, "group_id")
        .first()
    )
    return member.group.conversation if member else None
