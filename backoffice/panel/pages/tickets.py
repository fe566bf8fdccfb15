"""A ticket as a page: who, what, its whole story, and what can be done about it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from backoffice.accounts.models import User
from backoffice.agents.models import Agent
from backoffice.billing.selectors import accounts
from backoffice.panel.pages.base import back, page, person, show
from backoffice.tickets import selectors, services, timeline
from backoffice.tickets.models import Ticket
from backoffice.tickets.phrases import holder, signature

VIEW, TAKE, CLOSE = "tickets.view_ticket", "tickets.take_ticket", "tickets.close_ticket"
ASSIGN = "tickets.change_ticket"


@page(VIEW)
def ticket(request: HttpRequest, pk: int) -> HttpResponse:
    case = get_object_or_404(
        Ticket.objects.select_related("contact", "customer", "agent", "user", "queue", "group", "conversation"), pk=pk
    )
    passes = case.is_open and request.user.has_perm(ASSIGN)
    return show(
        request,
        "panel/ticket.html",
        f"Ticket #{case.number}",
        ticket=case,
        attended_by=holder(case),
        events=case.events.all(),
        contact=case.contact,
        screen=timeline.screen(case.contact) if request.user.has_perm("conversations.view_contact") else None,
        account=accounts([case.customer_id]).get(case.customer_id) if case.customer_id else None,
        seats=selectors.seats() if passes else [],
        takers=selectors.takers() if passes else [],
        areas=Ticket.Area.choices,
        mine=case.state == Ticket.State.IN_PROGRESS and case.user_id == request.user.pk,
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
    services.note(
        ticket=services.find(ticket_id=pk), actor=signature(person(request)), text=request.POST.get("text", "")
    )
    messages.success(request, "Nota guardada. El cliente no la ve.")
    return redirect("admin:panel_ticket", pk=pk)


@page(CLOSE)
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    case = services.find(ticket_id=pk)
    services.close(ticket=case, actor=signature(person(request)), reason=request.POST.get("reason", ""))
    messages.success(request, f"Ticket #{case.number} cerrado.")
    return redirect("admin:panel_ticket", pk=pk)


@page(CLOSE)
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    case = services.find(ticket_id=pk)
    services.reopen(ticket=case, actor=signature(person(request)))
    messages.success(request, f"Ticket #{case.number} reabierto.")
    return redirect("admin:panel_ticket", pk=pk)


@page(ASSIGN)
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    messages.success(request, pass_case(request, services.find(ticket_id=pk), holder=None))
    return redirect("admin:panel_ticket", pk=pk)


def pass_case(request: HttpRequest, case: Ticket, *, holder: User | None) -> str:
    """Give it to somebody at the panel, an agent or an area: `a` is "usuario:<id>", "agente:<id>" or "area:<value>".

    With a `holder`, only while they attend it. Returns what was done, in words.
    """
    kind, _, value = request.POST.get("a", "").partition(":")
    wanted = int(value[:18]) if value.isascii() and value.isdecimal() else 0
    actor, note = signature(person(request)), request.POST.get("note", "").strip()
    if kind == "usuario":
        user = get_object_or_404(User, pk=wanted)
        services.transfer(ticket=case, actor=actor, user=user, note=note, holder=holder)
        return f"El caso #{case.number} quedó con {signature(user)}."
    if kind == "agente":
        agent = get_object_or_404(Agent, pk=wanted)
        if case.state == Ticket.State.PENDING and holder is None:
            services.assign(ticket=case, agent=agent, by=actor)
        else:
            services.transfer(ticket=case, actor=actor, agent=agent, note=note, holder=holder)
        return f"El caso #{case.number} quedó con {agent.name}."
    services.transfer(ticket=case, actor=actor, area=value, note=note, holder=holder)
    return f"El caso #{case.number} pasó a {case.get_area_display()}."
