"""Who is in a main group."""

from django.db import transaction

from backoffice.agents.models import Agent, GroupMember, WhatsAppGroup
from backoffice.agents.outbox import Speech, private_chat, tell
from backoffice.common.errors import DomainError
from backoffice.common.models import Job
from backoffice.common.services.jobs import step
from integrations.whatsapp.base import Addr

from . import jobs
from .people import clean_person, known_agent
from .work import work_on


@transaction.atomic
def add_member(*, group: WhatsAppGroup, name: str = "", phone: str = "", agent: Agent | None = None) -> GroupMember:
    """Put somebody in a main group: an agent of ours, or name and phone (GRP-MEM-01…07).

    A phone that belongs to an agent is that agent. The bot adds them as administrator, as the settings say.
    Raises: DomainError for a bad name or phone, or a personal group.
    """
    if not group.is_main:
        raise DomainError("En un grupo personal están solo su agente y el bot.")
    if agent is None:
        tidy, number = clean_person(name=name, phone=phone)
        agent = known_agent(number.key) or Agent.objects.create(name=tidy, phone=number.e164, phone_key=number.key)
    member, new = GroupMember.objects.get_or_create(group=group, agent=agent)
    if not new and member.state in (GroupMember.State.ADDED, GroupMember.State.INVITED):
        raise DomainError(f"{agent.name} ya está en ese grupo.", field="phone")
    if not new:
        GroupMember.objects.filter(pk=member.pk).update(state=GroupMember.State.PENDING, error="")
        member.refresh_from_db()
    work_on(group=group)
    return member


@transaction.atomic
def remove_member(*, group: WhatsAppGroup, agent: Agent) -> Job | None:
    """Take somebody out of a main group; the job that tells the network, when there is a group to tell."""
    gone, _ = GroupMember.objects.filter(group=group, agent=agent).delete()
    if not gone:
        raise DomainError(f"{agent.name} no está en ese grupo.")
    if group.conversation is None:
        return None
    return jobs.start(
        kind=jobs.REMOVE_MEMBER,
        channel_id=group.conversation.channel_id,
        subject=f"group:{group.pk}:agent:{agent.pk}",
        steps=[step(f"Sacando a {agent.name} de «{group.name}»...")],
        payload={"group": group.pk, "address": Addr.phone(agent.phone).key},
    )


@transaction.atomic
def record_member(*, member: GroupMember, state: str, is_admin: bool = False, error: str = "") -> None:
    """What the network answered about one person."""
    GroupMember.objects.filter(pk=member.pk).update(state=state, is_admin=is_admin, error=error[:200])


@transaction.atomic
def member_joined(*, group: WhatsAppGroup, phone_key: str) -> bool:
    """Somebody came in by the link: an agent we wait for is then in. False when it is nobody of ours."""
    waiting = GroupMember.objects.filter(group=group, agent__phone_key=phone_key).exclude(state=GroupMember.State.ADDED)
    if not waiting.update(state=GroupMember.State.ADDED, error=""):
        return False
    work_on(group=group)
    return True


@transaction.atomic
def invite(*, member: GroupMember, link: str) -> None:
    """Their privacy refuses being added: the link goes to them in private."""
    group = member.group
    if group.conversation is None:
        return
    chat = private_chat(agent=member.agent, channel=group.conversation.channel)
    speech = Speech.load()
    tell(chat, speech.say("desk.invite", agente=member.agent.first_name, grupo=group.name, enlace=link))
    record_member(member=member, state=GroupMember.State.INVITED, error="Tiene que entrar por el enlace.")
