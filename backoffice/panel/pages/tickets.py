"""A ticket as a page: who, what, its whole story, and what can be done about it."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from backoffice.agents.models import Agent
from backoffice.billing.selectors import accounts
from backoffice.panel.pages.base import back, page, person, show
from backoffice.panel.pages.chats import live_chat
from backoffice.tickets import services
from backoffice.tickets.models import Ticket

VIEW, TAKE, CLOSE = "tickets.view_ticket", "tickets.take_ticket", "tickets.close_ticket"
ASSIGN = "tickets.change_ticket"


@page(VIEW)
def ticket(request: HttpRequest, pk: int) -> HttpResponse:
    case = get_object_or_404(
        Ticket.objects.select_related("contact", "customer", "agent", "user", "queue", "group", "conversation"), pk=pk
    )
    return show(
        request,
        "panel/ticket.html",
        f"Ticket #{case.number}",
        ticket=case,
        events=case.events.all(),
        **(live_chat(case.contact) if request.user.has_perm("conversations.view_contact") else {}),
        account=accounts([case.customer_id]).get(case.customer_id) if case.customer_id else None,
        agents=_agents() if case.is_open and request.user.has_perm(ASSIGN) else [],
        areas=Ticket.Area.choices,
        mine=case.state == Ticket.State.IN_PROGRESS and case.user_id == request.user.pk,
    )


def _agents() -> list[Agent]:
    """Who may be given a case, with how many groups they have free."""
    ready = Q(groups__kind="personal", groups__state="ready", groups__bot_removed=False)
    busy = Q(groups__tickets__state="en_progreso")
    rows = Agent.objects.filter(active=True, registered_at__isnull=False)
    return list(
        rows.annotate(
            seats=Count("groups", filter=ready, distinct=True),
            cases=Count("groups__tickets", filter=busy, distinct=True),
        ).order_by("name")
    )


@page(TAKE)
@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    case = services.find(ticket_id=pk)
    services.take_in_panel(ticket=case, user=person(request))
    messages.success(request, f"Tomaste el ticket #{case.number}. Respondele al cliente desde acá.")
    return redirect("admin:panel_ticket", pk=pk)


@page(TAKE)
@require_POST
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    services.reply_from_panel(
        ticket=services.find(ticket_id=pk), user=person(request), text=request.POST.get("text", "")
    )
    return back(request)


@page(TAKE, CLOSE)
@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    services.note(ticket=services.find(ticket_id=pk), actor=str(request.user), text=request.POST.get("text", ""))
    messages.success(request, "Nota guardada. El cliente no la ve.")
    return redirect("admin:panel_ticket", pk=pk)


@page(CLOSE)
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    case = services.find(ticket_id=pk)
    services.close(ticket=case, actor=str(request.user), reason=request.POST.get("reason", ""))
    messages.success(request, f"Ticket #{case.number} cerrado.")
    return redirect("admin:panel_ticket", pk=pk)


@page(CLOSE)
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    case = services.find(ticket_id=pk)
    services.reopen(ticket=case, actor=str(request.user))
    messages.success(request, f"Ticket #{case.number} reabierto.")
    return redirect("admin:panel_ticket", pk=pk)


@page(ASSIGN)
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it to an agent, or pass it to the other area: `a` is "agente:<id>" or "area:<value>"."""
    case = services.find(ticket_id=pk)
    kind, _, value = request.POST.get("a", "").partition(":")
    if kind == "agente":
        agent = get_object_or_404(Agent, pk=value[:18] if value.isdecimal() else 0)
        if case.state == Ticket.State.PENDING:
            services.assign(ticket=case, agent=agent, by=str(request.user))
        else:
            services.transfer(ticket=case, actor=str(request.user), agent=agent, note=request.POST.get("note", ""))
        messages.success(request, f"El ticket quedó con {agent.name}.")
    else:
        services.transfer(ticket=case, actor=str(request.user), area=value, note=request.POST.get("note", ""))
        messages.success(request, f"El ticket pasó a {case.get_area_display()}.")
    return redirect("admin:panel_ticket", pk=pk)
