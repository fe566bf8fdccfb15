"""Agents: who they are and how many cases they attend at once."""

from collections.abc import Iterable

from django.db import transaction

from backoffice.agents.models import Agent, GroupMember, WhatsAppGroup
from backoffice.agents.outbox import Speech, tell_group
from backoffice.common.bulk import bulk_create_with_history, bulk_update_with_history
from backoffice.common.errors import DomainError
from backoffice.company.models import Company
from integrations.understanding.phones import PhoneKey, parse_phone
from integrations.understanding.words import fold

from .work import work_on_agent

COUNT_MAX = 20
KINDS = WhatsAppGroup.Kind
STATES = WhatsAppGroup.State


def clean_person(*, name: str, phone: str) -> tuple[str, PhoneKey]:
    """The name without odd spaces, and the phone understood in any of its forms (AMB-10). Raises: DomainError."""
    tidy = " ".join(name.split())
    if not tidy:
        raise DomainError("Poné el nombre del agente.", field="name")
    if len(tidy) > 60:
        raise DomainError("El nombre puede tener hasta 60 caracteres.", field="name")
    area = Company.objects.filter(pk=1).values_list("default_area_code", flat=True).first()
    number = parse_phone(phone, area or "")
    if number is None:
        raise DomainError(
            "No parece un teléfono. Poné la característica y el número, por ejemplo 3815551234.", field="phone"
        )
    return tidy, number


def known_agent(phone_key: str) -> Agent | None:
    return Agent.objects.filter(phone_key=phone_key).first()


@transaction.atomic
def create_agent(
    *,
    name: str,
    phone: str,
    group_count: int = 3,
    active: bool = True,
    main_groups: Iterable[WhatsAppGroup] | None = None,
) -> Agent:
    """An agent with as many personal groups as cases they attend at once (GRP-AGT-03…15).

    The bot makes the groups; `jobs.AGENT_GROUPS` of subject `agent:<id>` shows how it goes. Somebody who was only a
    member of a main group becomes a whole agent. Without `main_groups` they go to the Soporte group, if there is one.
    Raises: DomainError (with its field) for a bad name, phone or number of groups, or a phone already in use.
    """
    tidy, number = clean_person(name=name, phone=phone)
    _check_count(group_count)
    agent = known_agent(number.key)
    if agent is not None and agent.groups.exists():
        raise DomainError("Ya hay un agente con ese número.", field="phone")
    agent = agent or Agent(phone=number.e164, phone_key=number.key)
    agent.name, agent.group_count, agent.active = tidy, group_count, active
    agent.save()
    _add_groups(agent, range(1, group_count + 1))
    wanted = _only_support_group() if main_groups is None else main_groups
    GroupMember.objects.bulk_create(
        [GroupMember(group=group, agent=agent) for group in wanted if group.is_main], ignore_conflicts=True
    )
    work_on_agent(agent=agent, new=True)
    return agent


@transaction.atomic
def change_agent(*, agent: Agent, name: str, phone: str) -> Agent:
    """Another name or number. A new number must say LISTO again. Raises: DomainError, as `create_agent`."""
    tidy, number = clean_person(name=name, phone=phone)
    other = known_agent(number.key)
    if other is not None and other.pk != agent.pk:
        raise DomainError("Ya hay un agente con ese número.", field="phone")
    if number.key != agent.phone_key:
        agent.registered_at, agent.contact = None, None
        agent.memberships.update(state=GroupMember.State.PENDING, is_admin=False, error="")
    moved = number.key != agent.phone_key
    agent.name, agent.phone, agent.phone_key = tidy, number.e164, number.key
    agent.save()
    if moved and agent.groups.exists():
        work_on_agent(agent=agent)
    return agent


@transaction.atomic
def set_active(*, agent: Agent, active: bool) -> None:
    """An inactive agent keeps what they attend and takes nothing new (AMB-15)."""
    agent.active = active
    agent.save(update_fields=["active"])


@transaction.atomic
def change_group_count(*, agent: Agent, count: int) -> None:
    """Attend more or fewer cases at once (AMB-11). More are made by the bot; fewer frees only idle groups.

    Raises: DomainError (field `group_count`) out of range, or when too many of the groups hold a case.
    """
    _check_count(count)
    agent.group_count = count
    agent.save(update_fields=["group_count"])
    live = list(agent.groups.filter(kind=KINDS.PERSONAL).exclude(state=STATES.RETIRED).order_by("number"))
    if count < len(live):
        _retire(agent, live, count)
    elif count > len(live):
        _raise_to(agent, live, count)


def _check_count(count: int) -> None:
    if not 1 <= count <= COUNT_MAX:
        raise DomainError(f"Poné un número entre 1 y {COUNT_MAX}.", field="group_count")


def _only_support_group() -> list[WhatsAppGroup]:
    found = list(WhatsAppGroup.objects.filter(kind=KINDS.SUPPORT).exclude(state=STATES.RETIRED)[:2])
    return found if len(found) == 1 else []


def _retire(agent: Agent, live: list[WhatsAppGroup], count: int) -> None:
    """Those never made go first, then the last ones. Tickets belong to a later app: they are seen by their relation."""
    busy = set(WhatsAppGroup.objects.filter(agent=agent, tickets__state="en_progreso").values_list("pk", flat=True))
    idle = [group for group in live if group.pk not in busy]
    leaving = len(live) - count
    if len(idle) < leaving:
        cases = "un caso" if len(busy) == 1 else f"{len(busy)} casos"
        raise DomainError(
            f"{agent.name} está atendiendo {cases}: cerrá alguno con /fin antes de bajar a {count}.",
            field="group_count",
        )
    idle.sort(key=lambda group: (group.state != STATES.READY, group.number), reverse=True)
    retired = idle[:leaving]
    speech = Speech.load()
    for group in retired:
        group.state = STATES.RETIRED
        tell_group(group, speech.say("desk.retired"))
    bulk_update_with_history(retired, ["state"])


def _raise_to(agent: Agent, live: list[WhatsAppGroup], count: int) -> None:
    """Retired groups come back before new ones are asked for: WhatsApp limits how many are made."""
    back = list(agent.groups.filter(kind=KINDS.PERSONAL, state=STATES.RETIRED).order_by("number")[: count - len(live)])
    for group in back:
        group.state = STATES.READY if group.conversation_id and not group.bot_removed else STATES.PENDING
    bulk_update_with_history(back, ["state"])
    missing = count - len(live) - len(back)
    taken = {group.number for group in (*live, *back)}
    _add_groups(agent, [number for number in range(1, COUNT_MAX * 2) if number not in taken][:missing])
    if missing or any(group.state == STATES.PENDING for group in back):
        work_on_agent(agent=agent)


def _add_groups(agent: Agent, numbers: Iterable[int]) -> None:
    title = _title(agent)
    groups = bulk_create_with_history(
        [
            WhatsAppGroup(kind=KINDS.PERSONAL, agent=agent, number=number, name=f"Chat soporte {title} N°{number}")
            for number in numbers
        ]
    )
    GroupMember.objects.bulk_create([GroupMember(group=group, agent=agent) for group in groups])


def _title(agent: Agent) -> str:
    """«Juan»; «Juan Pérez» when another Juan has groups; with the end of the number when even that is the same."""
    others = Agent.objects.exclude(pk=agent.pk).filter(groups__kind=KINDS.PERSONAL).distinct()
    names = {fold(name) for name in others.values_list("name", flat=True)}
    if fold(agent.name) in names:
        return f"{agent.name} {agent.phone_key[-4:]}"
    if fold(agent.first_name) in {name.split(" ", 1)[0] for name in names}:
        return agent.name
    return agent.first_name
