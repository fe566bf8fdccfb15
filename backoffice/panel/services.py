"""The few writes that belong to no other app: what a form of ours changes in several at once."""

from django.db import transaction

from backoffice.agents import services as agents
from backoffice.agents.models import Agent


@transaction.atomic
def update_agent(*, agent: Agent, name: str, phone: str, group_count: int, active: bool) -> Agent:
    """What the form of an agent says, all or nothing: each verb runs only for what changed.

    Raises:
        DomainError: as each of the verbs of `agents.services`; nothing is kept then.
    """
    tidy = " ".join(name.split())
    if (tidy, phone.strip()) != (agent.name, agent.phone_key):
        agents.change_agent(agent=agent, name=tidy, phone=phone)
    if active != agent.active:
        agents.set_active(agent=agent, active=active)
    if group_count != agent.group_count:
        agents.change_group_count(agent=agent, count=group_count)
    return agent
