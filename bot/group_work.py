"""One step of a group's job: what is missing on the network, by the rows, and how it went."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from backoffice.agents import services as agents
from backoffice.agents.models import Agent, AttentionSettings, GroupMember, WhatsAppGroup
from backoffice.agents.services.jobs import AGENT_GROUPS, MAIN_GROUP, REMOVE_MEMBER
from backoffice.agents.services.work import CREATING, agent_result, agent_steps
from backoffice.channels.models import Channel
from backoffice.common.models import Job
from backoffice.common.services import jobs
from backoffice.conversations.models import Conversation
from backoffice.tickets import services as tickets
from backoffice.tickets.models import Ticket
from integrations.whatsapp.base import Addr, Cap, MemberResult, Transport

MADE_WITH = 2
"""WhatsApp looks askance at big new groups: they begin with two people, the rest are added one by one."""
STATES = WhatsAppGroup.State
MEMBER = GroupMember.State


@dataclass
class Work(ABC):
    """A job that this process holds. `target` is what the call being made is about, for whoever explains a failure."""

    job: Job
    channel: Channel
    transport: Transport
    now: datetime
    target: WhatsAppGroup | GroupMember | None = None

    @abstractmethod
    def groups_to_make(self) -> list[WhatsAppGroup]:
        """Those of this job that the network does not have yet."""

    @abstractmethod
    def memberships(self) -> QuerySet[GroupMember]:
        """Everyone this job puts somewhere."""

    @abstractmethod
    def tell_progress(self, phase: int) -> None:
        """Put in `job.steps` what staff see while phase 2 (groups), 3 (permissions) or 4 (people) runs."""

    @abstractmethod
    def finish(self) -> None:
        """Nothing is missing: end the job and do what follows, in one transaction."""

    def go_on(self) -> None:
        """Make the first change that is missing, or end. Raises: integrations.errors."""
        missing = self.groups_to_make()
        if missing:
            self.tell_progress(2)
            self._make(missing[0])
            self._pause(60, 120)
            return
        reachable = self.memberships().filter(group__state=STATES.READY, group__bot_removed=False)
        rows = reachable.filter(group__conversation__channel=self.channel).select_related(
            "group__conversation", "agent__contact"
        )
        if member := self._unpromoted(rows):
            self.tell_progress(3)
            self._promote(member)
            self._pause(2, 5)
        elif member := rows.filter(state=MEMBER.PENDING).order_by("pk").first():
            self.tell_progress(4)
            self._add(member)
            self._pause(10, 20)
        else:
            self.tell_progress(4)
            self.finish()

    def _make(self, group: WhatsAppGroup) -> None:
        self.target = group
        found = self._made_before(group)
        if found is not None:
            self._store(group, found)
            return
        self.job.payload = self.job.payload | {"creating": group.pk}
        if not jobs.keep(job=self.job):
            return
        first = list(group.members.filter(state=MEMBER.PENDING).select_related("agent").order_by("pk")[:MADE_WITH])
        people = [address(member.agent) for member in first]
        made = self.transport.create_group(group.name, people, client_ref=self._reference(group))
        self._store(group, made.group)
        for member, result in zip(first, made.members, strict=False):
            self._record(member, result)

    def _reference(self, group: WhatsAppGroup) -> str:
        """Repeating it gives the same group; a group made anew after we were taken out has another one."""
        after = self.job.payload.get("after", {}).get(str(group.pk))
        return f"group:{group.pk}:{after}" if after else f"group:{group.pk}"

    def _made_before(self, group: WhatsAppGroup) -> Addr | None:
        """The group of a creation that was cut before it was stored, where the network would make it twice."""
        if Cap.IDEMPOTENT_SEND in self.transport.caps or self.job.payload.get("creating") != group.pk:
            return None
        known = set(Conversation.objects.filter(channel=self.channel, kind="group").values_list("address", flat=True))
        ours = (info.group for info in self.transport.list_groups() if info.name == group.name)
        return next((found for found in ours if found.key not in known), None)

    def _store(self, group: WhatsAppGroup, found: Addr) -> None:
        agents.group_ready(group=group, channel=self.channel, address=found.key)
        self.job.payload = {key: value for key, value in self.job.payload.items() if key != "creating"}

    def _unpromoted(self, rows: QuerySet[GroupMember]) -> GroupMember | None:
        if Cap.GROUP_ADMIN not in self.transport.caps or not AttentionSettings.load().make_admins:
            return None
        return rows.filter(state=MEMBER.ADDED, is_admin=False, error="").order_by("pk").first()

    def _promote(self, member: GroupMember) -> None:
        self.target = member
        result = self.transport.change_members(chat(member), "promote", [address(member.agent)])[0]
        error = "" if result.status == "ok" else "No se pudo hacer administrador."
        agents.record_member(member=member, state=MEMBER.ADDED, is_admin=not error, error=error)

    def _add(self, member: GroupMember) -> None:
        self.target = member
        self._record(member, self.transport.change_members(chat(member), "add", [address(member.agent)])[0])

    def _record(self, member: GroupMember, result: MemberResult) -> None:
        if result.status == "ok":
            agents.record_member(member=member, state=MEMBER.ADDED)
        elif result.status == "needs_invite" and Cap.INVITE_LINK in self.transport.caps:
            member.refresh_from_db()
            agents.invite(member=member, link=self.transport.invite_link(chat(member)))
        else:
            missing = result.status == "not_on_whatsapp"
            reason = "Ese número no tiene WhatsApp." if missing else result.detail or "No se pudo agregar."
            agents.record_member(member=member, state=MEMBER.FAILED, error=reason)

    def _pause(self, least: int, most: int) -> None:
        """Go on at once, or like a person would where the number could be banned for its hurry. Seconds."""
        self.job.attempts, self.job.error = 0, ""
        prudent = Cap.ANTIBAN in self.transport.caps or self.channel.policy == Channel.Policy.PRUDENT
        seconds = least + self.job.pk * 7 % (most - least) if prudent else 0
        jobs.keep(job=self.job, until=self.now + timedelta(seconds=seconds))

    def _end(self, text: str, *, failed: bool) -> bool:
        """False when more work arrived meanwhile: the job goes on."""
        steps = [*self.job.steps, jobs.step(text, "failed" if failed else "done")]
        state = Job.State.FAILED if failed else Job.State.DONE
        if jobs.finish(job=self.job, state=state, steps=steps):
            return True
        jobs.let_go(job=self.job)
        return False


class AgentWork(Work):
    """An agent's personal groups, and the agent in them and in their main groups."""

    @property
    def _agent_id(self) -> int:
        return int(self.job.subject.partition(":")[2])

    @property
    def agent(self) -> Agent:
        return Agent.objects.get(pk=self._agent_id)

    def groups_to_make(self) -> list[WhatsAppGroup]:
        return list(self._groups().filter(state=STATES.PENDING, conversation__isnull=True).order_by("number"))

    def memberships(self) -> QuerySet[GroupMember]:
        return GroupMember.objects.filter(agent_id=self._agent_id)

    def go_on(self) -> None:
        if Agent.objects.filter(pk=self._agent_id).exists():
            super().go_on()
        else:
            jobs.finish(job=self.job, state=Job.State.CANCELLED, steps=self.job.steps, error="El agente ya no existe.")

    def tell_progress(self, phase: int) -> None:
        agent, phase = self.agent, max(phase, self.job.payload.get("phase", 0))
        self.job.payload = self.job.payload | {"phase": phase}
        texts = agent_steps(count=agent.group_count, new=bool(self.job.payload.get("new")))
        self.job.steps = [jobs.step(text, "done") for text in texts[: phase - 1]]
        now = texts[phase - 1]
        if phase == 2:
            now = f"{now} ({self._groups().filter(state=STATES.READY).count()}/{agent.group_count})"
        self.job.steps.append(jobs.step(now))

    @transaction.atomic
    def finish(self) -> None:
        agent, new = self.agent, bool(self.job.payload.get("new"))
        made = self._groups().filter(state=STATES.READY).count()
        self.job.steps = [jobs.step(text, "done") for text in agent_steps(count=agent.group_count, new=new)]
        result = agent_result(name=agent.name, count=made, wanted=agent.group_count, new=new)
        if self._end(result, failed=made < agent.group_count) and agent.registered_at is None and made:
            agents.ask_registration(agent=agent)

    def _groups(self) -> QuerySet[WhatsAppGroup]:
        mine = WhatsAppGroup.objects.filter(agent_id=self._agent_id)
        return mine.filter(kind=WhatsAppGroup.Kind.PERSONAL).exclude(state=STATES.RETIRED)


class MainGroupWork(Work):
    """A main group and its members. When it is ready, the cases that waited for it are announced."""

    @property
    def group(self) -> WhatsAppGroup | None:
        return WhatsAppGroup.objects.filter(pk=int(self.job.subject.partition(":")[2])).first()

    def groups_to_make(self) -> list[WhatsAppGroup]:
        group = self.group
        waits = group is not None and group.state == STATES.PENDING and group.conversation_id is None
        return [group] if group is not None and waits else []

    def memberships(self) -> QuerySet[GroupMember]:
        return GroupMember.objects.filter(group_id=int(self.job.subject.partition(":")[2]))

    def tell_progress(self, phase: int) -> None:
        group = self.group
        made = CREATING.format(name=group.name if group else "")
        texts = [made, "Configurando permisos...", "Agregando agentes al grupo..."]
        self.job.steps = [jobs.step(text, "done") for text in texts[: phase - 2]] + [jobs.step(texts[phase - 2])]
        if phase > 2 and not self.memberships().filter(state=MEMBER.ADDED).exists():
            self.job.payload = self.job.payload | {"was_empty": True}

    @transaction.atomic
    def finish(self) -> None:
        group = self.group
        was_empty = self.job.payload.get("was_empty")
        self.job.steps = [jobs.step(step["text"], "done") for step in self.job.steps]
        if group is None or group.state != STATES.READY:
            self._end("El grupo no se pudo crear.", failed=True)
            return
        if not self._end(f"✅ Grupo «{group.name}» configurado.", failed=False) or group.kind not in Ticket.Area.values:
            return
        tickets.announce_waiting(area=group.kind, now=self.now)
        if was_empty and self.memberships().filter(state=MEMBER.ADDED).exists():
            tickets.repeat_notices(group=group)


class RemovalWork(Work):
    """Somebody is taken out of a main group."""

    def groups_to_make(self) -> list[WhatsAppGroup]:
        return []

    def memberships(self) -> QuerySet[GroupMember]:
        return GroupMember.objects.none()

    def tell_progress(self, phase: int) -> None:
        """The one step was told when it was asked."""

    def finish(self) -> None:
        group = WhatsAppGroup.objects.select_related("conversation").filter(pk=self.job.payload["group"]).first()
        self.target = group
        if group is not None and group.conversation is not None and not group.bot_removed:
            person = Addr.parse(self.job.payload["address"])
            self.transport.change_members(Addr.parse(group.conversation.address), "remove", [person])
        self.job.steps = [jobs.step(step["text"], "done") for step in self.job.steps]
        self._end("✅ Listo.", failed=False)


_KINDS: dict[str, type[Work]] = {
    AGENT_GROUPS: AgentWork,
    MAIN_GROUP: MainGroupWork,
    REMOVE_MEMBER: RemovalWork,
}


def work_of(job: Job, channel: Channel, transport: Transport, now: datetime) -> Work:
    return _KINDS[job.kind](job, channel, transport, now)


def address(agent: Agent) -> Addr:
    return Addr.phone(agent.phone)


def chat(member: GroupMember) -> Addr:
    """The group's address. Only members of groups that are made get here."""
    conversation = member.group.conversation
    if conversation is None:
        raise ValueError(f"{member.group} is not made")
    return Addr.parse(conversation.address)
