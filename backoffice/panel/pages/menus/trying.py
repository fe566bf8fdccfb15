"""«Probalo como cualquier cliente»: a talk with the bot over the draft, which writes nothing and sends nothing."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from backoffice.common.errors import DomainError
from backoffice.customers.models import Customer
from backoffice.dialogs import selectors
from backoffice.dialogs.rehearsal import packed, stage, unpacked
from backoffice.panel.pages.base import page, require, show
from backoffice.panel.pages.menus.outline import VIEW

SEES_ACCOUNTS = ("customers.view_customer", "billing.view_invoice")
FOUND = 8
TEXT_MAX = 1000


@page(VIEW)
def rehearse(request: HttpRequest) -> HttpResponse:
    """Choose who writes, then talk. The bot tells accounts, so it takes the permissions to see them."""
    _may_hear_accounts(request)
    term, chosen = request.GET.get("buscar", "").strip()[:80], request.GET.get("cliente", "")
    customer = Customer.objects.filter(pk=int(chosen)).first() if chosen.isdecimal() and len(chosen) < 10 else None
    return show(
        request,
        "panel/menus/try.html",
        "Probar los menús",
        term=term,
        found=_matching(term) if term else (),
        customer=customer,
        dialogue=packed({"customer": customer.pk if customer is not None else None}),
    )


def _may_hear_accounts(request: HttpRequest) -> None:
    for permission in SEES_ACCOUNTS:
        require(request, permission)


def _matching(term: str) -> list[Customer]:
    by_name = Q()
    for word in term.split():
        by_name &= Q(name__icontains=word)
    digits = "".join(character for character in term if character.isdecimal())
    by_number = Q(code__iexact=term) | Q(document__startswith=term)
    if len(digits) >= 6:
        by_number |= Q(phones__key__endswith=digits[-10:])
    return list(Customer.objects.filter(by_name | by_number).distinct().order_by("name")[:FOUND])


@page(VIEW)
@require_POST
def rehearse_turn(request: HttpRequest) -> HttpResponse:
    """What was written and what the bot answers, as the next lines of the talk, with the dialogue as it stands."""
    _may_hear_accounts(request)
    text, choice = request.POST.get("texto", "").strip()[:TEXT_MAX], request.POST.get("opcion", "")[:120]
    context: dict[str, Any] = {"text": text, "dialogue": request.POST.get("charla", "")}
    try:
        dialogue = unpacked(context["dialogue"])
        if text:
            context["reply"], after = stage().answer(selectors.draft(), dialogue, text, choice)
            context["dialogue"] = packed(after)
    except DomainError as error:
        context["refused"] = error.message
    return render(request, "panel/menus/turn.html", context)
