"""«Grupos y agentes»: the three main groups as cards, the agents and their personal groups (GRP-SET, MEM, AGT)."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from backoffice.agents import services
from backoffice.agents.models import Agent, GroupMember, WhatsAppGroup
from backoffice.common.errors import DomainError
from backoffice.common.models import Job
from backoffice.panel.pages.base import back, page, show
from backoffice.panel.services import update_agent

VIEW, EDIT = "agents.view_agent", "agents.change_agent"
KINDS, STATES = WhatsAppGroup.Kind, WhatsAppGroup.State
DEFAULT_COUNT = 3
SHOW_DONE = timedelta(minutes=10)


@dataclass(frozen=True)
class Kind:
    """A type of main group, in the words of the manual."""

    value: str
    icon: str
    title: str
    button: str
    about: str
    suggested: str


MAIN_KINDS = (
    Kind(
        KINDS.SUPPORT,
        "🎧",
        "Grupo de Soporte",
        "Crear Grupo de Soporte",
        "Acá llegan todos los tickets de soporte que necesitan una persona.",
        "🎫 Soporte - I-Bot",
    ),
    Kind(
        KINDS.SALES,
        "💼",
        "Grupo de Ventas",
        "Crear Grupo de Ventas",
        "Acá llegan los interesados que quieren hablar con un vendedor.",
        "💰 Ventas - I-Bot",
    ),
    Kind(
        KINDS.SUPERVISOR,
        "👔",
        "Grupo de Supervisor (opcional)",
        "Crear Grupo de Supervisor",
        "Recibe los avisos de tickets que nadie atendió o que hay que escalar.",
        "👔 Supervisores - I-Bot",
    ),
)


@page(VIEW)
def groups(request: HttpRequest) -> HttpResponse:
    return _show(request)


@page(VIEW)
def live(request: HttpRequest) -> HttpResponse:
    """Cards and agents again when something moved; 204 otherwise."""
    context = _context()
    if context["version"] == request.GET.get("v"):
        return HttpResponse(status=204)
    return render(request, "panel/groups_live.html", context)


def _show(request: HttpRequest, **typed: Any) -> HttpResponse:
    """The page; `typed` carries a refused form back: its name, its values and its errors by field."""
    return show(request, "panel/groups.html", "Grupos y agentes", **_context(), **typed)


def _context() -> dict[str, Any]:
    main, agents, jobs = _main_groups(), _agents(), _jobs()
    for group in main:
        group.form_name = f"integrante-{group.pk}"  # type: ignore[attr-defined]
    for agent in agents:
        agent.form_name = f"agente-{agent.pk}"  # type: ignore[attr-defined]
    cards = [
        {
            "kind": kind,
            "form_name": f"grupo-{kind.value}",
            "groups": [group for group in main if group.kind == kind.value],
        }
        for kind in MAIN_KINDS
    ]
    rows = [_row(agent, jobs.get(f"agent:{agent.pk}")) for agent in agents]
    state = (
        [
            (group.pk, group.state, group.name, group.bot_removed, [(m.pk, m.state) for m in group.members.all()])
            for group in main
        ],
        [_seen(agent) for agent in agents],
        [(row["show_job"], row["job"] and (row["job"].state, row["job"].steps, row["job"].error)) for row in rows],
    )
    version = hashlib.sha256(repr(state).encode()).hexdigest()[:16]
    return {"cards": cards, "rows": rows, "jobs": jobs, "version": version, "default_count": DEFAULT_COUNT}


def _row(agent: Agent, job: Job | None) -> dict[str, Any]:
    """An agent with its work: shown while it goes on, when it failed, and for a while after it ended well."""
    recent = timezone.now() - SHOW_DONE
    shown = job is not None and (job.state != Job.State.DONE or (job.finished_at or recent) > recent)
    return {"agent": agent, "job": job, "show_job": shown}


def _seen(agent: Agent) -> tuple[Any, ...]:
    own = [(group.pk, group.state, group.busy) for group in agent.own_groups]  # type: ignore[attr-defined]
    return agent.pk, agent.name, agent.phone, agent.active, agent.registered_at, agent.group_count, own


def _main_groups() -> list[WhatsAppGroup]:
    members = Prefetch("members", GroupMember.objects.select_related("agent").order_by("agent__name"))
    rows = WhatsAppGroup.objects.exclude(kind=KINDS.PERSONAL).exclude(state=STATES.RETIRED)
    return list(rows.prefetch_related(members).order_by("pk"))


def _agents() -> list[Agent]:
    busy = Count("tickets", filter=Q(tickets__state="en_progreso"))
    own = WhatsAppGroup.objects.filter(kind=KINDS.PERSONAL).exclude(state=STATES.RETIRED).annotate(busy=busy)
    return list(
        Agent.objects.prefetch_related(Prefetch("groups", own.order_by("number"), to_attr="own_groups")).order_by(
            "name"
        )
    )


def _jobs() -> dict[str, Job]:
    """The last job of each agent or group, newest wins."""
    rows = Job.objects.filter(Q(subject__startswith="agent:") | Q(subject__startswith="group:"))
    return {job.subject: job for job in rows.order_by("-pk")[:200][::-1]}


@page(EDIT)
@require_POST
def create_group(request: HttpRequest) -> HttpResponse:
    kind, name = request.POST.get("kind", ""), request.POST.get("name", "")
    try:
        group = services.create_main_group(kind=kind, name=name)
    except DomainError as error:
        return _show(request, form=f"grupo-{kind}", typed=request.POST, errors=_by_field(error))
    messages.success(request, f"Se está creando «{group.name}» en WhatsApp. Tarda unos segundos.")
    warning = services.name_warning(group.name)
    if warning:
        messages.warning(request, warning)
    return redirect("admin:panel_groups")


@page(EDIT)
@require_POST
def add_member(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody new by name and phone, or an agent of ours chosen from the list."""
    group = get_object_or_404(WhatsAppGroup, pk=pk)
    chosen = request.POST.get("agent", "")
    agent = Agent.objects.filter(pk=chosen[:18]).first() if chosen.isdecimal() else None
    try:
        member = services.add_member(
            group=group, agent=agent, name=request.POST.get("name", ""), phone=request.POST.get("phone", "")
        )
    except DomainError as error:
        return _show(request, form=f"integrante-{pk}", typed=request.POST, errors=_by_field(error))
    messages.success(request, f"Se agrega a {member.agent.name} a «{group.name}».")
    return redirect("admin:panel_groups")


@page(EDIT)
@require_POST
def remove_member(request: HttpRequest, pk: int, agent_pk: int) -> HttpResponse:
    group, agent = get_object_or_404(WhatsAppGroup, pk=pk), get_object_or_404(Agent, pk=agent_pk)
    services.remove_member(group=group, agent=agent)
    messages.success(request, f"Se saca a {agent.name} de «{group.name}».")
    return redirect("admin:panel_groups")


@page(EDIT)
@require_POST
def retry_group(request: HttpRequest, pk: int) -> HttpResponse:
    group = get_object_or_404(WhatsAppGroup, pk=pk)
    services.retry_group(group=group)
    messages.success(request, f"Se intenta de nuevo con «{group.name}».")
    return redirect("admin:panel_groups")


@page(EDIT)
@require_POST
def create_agent(request: HttpRequest) -> HttpResponse:
    """GRP-AGT-02…14; the four steps show live on the page, which may be closed meanwhile (AMB-58)."""
    data = request.POST
    try:
        agent = services.create_agent(
            name=data.get("name", ""),
            phone=data.get("phone", ""),
            group_count=_count(data.get("group_count", "")),
            active=data.get("active", "1") == "1",
        )
    except DomainError as error:
        return _show(request, form="agente", typed=data, errors=_by_field(error))
    messages.success(request, f"Se está creando el agente {agent.name}. Podés cerrar esta página: sigue solo.")
    return redirect("admin:panel_groups")


@page(EDIT)
@require_POST
def change_agent(request: HttpRequest, pk: int) -> HttpResponse:
    agent = get_object_or_404(Agent, pk=pk)
    data = request.POST
    try:
        update_agent(
            agent=agent,
            name=data.get("name", ""),
            phone=data.get("phone", ""),
            group_count=_count(data.get("group_count", "")),
            active=data.get("active", "1") == "1",
        )
    except DomainError as error:
        return _show(request, form=f"agente-{pk}", typed=data, errors=_by_field(error))
    messages.success(request, f"Se guardaron los cambios de {agent.name}.")
    return redirect("admin:panel_groups")


@page(EDIT)
@require_POST
def ask_registration(request: HttpRequest, pk: int) -> HttpResponse:
    agent = get_object_or_404(Agent.objects.select_related("contact"), pk=pk)
    services.ask_registration(agent=agent)
    messages.success(request, f"Se le pidió a {agent.name} que responda LISTO.")
    return back(request, "admin:panel_groups")


def _count(text: str) -> int:
    typed = text.strip()
    if not typed.isdecimal() or len(typed) > 3:
        raise DomainError("Poné cuántos grupos, por ejemplo 3.", field="group_count")
    return int(typed)


def _by_field(error: DomainError) -> dict[str, str]:
    return {error.field or "all": error.message}
