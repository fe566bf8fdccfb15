"""An order's «+» and its PDF. The list and «Editar» are of its admin (`sales/admin.py`)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from backoffice.panel.pages.base import page
from backoffice.sales import selectors
from backoffice.sales.models import SalesOrder

VIEW = "sales.view_salesorder"


@page(VIEW)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What is behind «+», asked for when it is opened."""
    order = _order(pk)
    context = {"order": order, "facts": selectors.facts(order), "steps": selectors.story(order)}
    return render(request, "sales/order_detail.html", context)


@page(VIEW)
@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    made = selectors.order_document(_order(pk))
    answer = HttpResponse(made.data, content_type=made.mimetype)
    answer.headers["Content-Disposition"] = content_disposition_header(True, made.filename) or ""
    return answer


def _order(pk: int) -> SalesOrder:
    return get_object_or_404(
        SalesOrder.objects.select_related("contact", "customer", "branch", "plan", "ticket"), pk=pk
    )
