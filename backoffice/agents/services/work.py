"""Asking the bot's process to bring groups to what their rows say, with the progress that staff see."""

from backoffice.agents.models import Agent, WhatsAppGroup
from backoffice.common.models import Job
from backoffice.common.services.jobs import step

from . import jobs

CREATING = "Creando el grupo «{name}» en WhatsApp..."


def count_of_groups(count: int) -> str:
    return "1 grupo" if count == 1 else f"{count} grupos"


def agent_steps(*, count: int, new: bool) -> tuple[str, str, str, str]:
    """The four steps of GRP-AGT-10…13; the first says «actualizando» when the agent was there already."""
    verb = "Creando" if new else "Actualizando"
    return (
        f"Paso 1/4: {verb} agente en base de datos...",
        f"Paso 2/4: Creando {count_of_groups(count)} de WhatsApp...",
        "Paso 3/4: Configurando permisos de grupos...",
        "Paso 4/4: Agregando agente a grupos...",
    )


def agent_result(*, name: str, count: int, wanted: int, new: bool) -> str:
    """The line that ends the four steps (GRP-AGT-14)."""
    if count < wanted:
        return f"⚠️ Agente {name}: quedaron {count} de {count_of_groups(wanted)}. Reintentá o bajá la cantidad."
    if new:
        return f"✅ ¡Agente {name} creado con {count_of_groups(count)}!"
    return f"✅ ¡Agente {name} ahora tiene {count_of_groups(count)}!"


def work_on_agent(*, agent: Agent, new: bool = False, after: dict[str, int] | None = None) -> Job:
    """See that the bot makes the agent's groups, puts them in, and asks for LISTO at the end."""
    first, second, *_ = agent_steps(count=agent.group_count, new=new)
    payload: dict[str, object] = {"new": True} if new else {}
    return jobs.start(
        kind=jobs.AGENT_GROUPS,
        channel_id=jobs.staff_channel().pk,
        subject=f"agent:{agent.pk}",
        steps=[step(first, "done"), step(second)],
        payload=payload | ({"after": after} if after else {}),
    )


def work_on(*, group: WhatsAppGroup, after: dict[str, int] | None = None) -> Job:
    """See that the bot makes a group and puts its members in. `after` names the chat it replaces, if it was lost."""
    if group.agent is not None:
        return work_on_agent(agent=group.agent, after=after)
    chat = group.conversation
    return jobs.start(
        kind=jobs.MAIN_GROUP,
        channel_id=chat.channel_id if chat else jobs.staff_channel().pk,
        subject=f"group:{group.pk}",
        steps=[step(CREATING.format(name=group.name), "done" if chat else "running")],
        payload={"after": after} if after else None,
    )
