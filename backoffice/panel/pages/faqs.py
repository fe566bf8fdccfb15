"""«Preguntas frecuentes» in the order the bot and people read them, and «Probá una pregunta»."""

import re
from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.views.decorators.http import require_POST

from backoffice.catalog import services
from backoffice.catalog.models import Faq
from backoffice.catalog.selectors import facts, installation_cost
from backoffice.company.models import Company
from backoffice.panel.pages.base import page, show
from integrations.understanding.blanks import fill
from integrations.understanding.faqs import ENOUGH, FaqEntry, ranked

_KEY = re.compile(r"[0-9]{1,18}")


@dataclass
class Category:
    """A heading with its questions, in order."""

    name: str
    faqs: list[Faq]


@page("catalog.view_faq")
def faqs(request: HttpRequest) -> HttpResponse:
    """One area at a time, by category; a category is where its first question is."""
    area = request.GET.get("area", "")
    if area not in Faq.Area.values:
        area = Faq.Area.SALES if area == "ventas" else Faq.Area.SUPPORT
    rows = list(Faq.objects.all())
    here = [row for row in rows if row.area == area]
    first = {name: min(i for i, row in enumerate(here) if row.category == name) for name in {r.category for r in here}}
    here.sort(key=lambda row: first[row.category])
    context = {
        "area": area,
        "areas": [(key, label, sum(row.area == key for row in rows)) for key, label in Faq.Area.choices],
        "categories": [Category(name, list(found)) for name, found in groupby(here, key=lambda row: row.category)],
    }
    return show(request, "panel/faqs.html", "Preguntas frecuentes", **context)


@page("catalog.change_faq")
@require_POST
def arrange(request: HttpRequest) -> HttpResponse:
    """Keep an order: «categoria» once for each, followed by its questions as «pregunta-<which category>»."""
    area = request.POST.get("area", "")
    if area not in Faq.Area.values:
        return HttpResponseBadRequest("¿De qué área?")
    order = [
        (name, [int(key) for key in request.POST.getlist(f"pregunta-{place}") if _KEY.fullmatch(key)])
        for place, name in enumerate(request.POST.getlist("categoria"))
    ]
    services.arrange_faqs(area=area, order=order)
    return HttpResponse(status=204)


@page("catalog.view_faq")
def try_question(request: HttpRequest) -> HttpResponse:
    """A fragment with the answer a customer would get, how sure that is, and what came close (FAQV-01, FAQS-01)."""
    question = request.GET.get("pregunta", "").strip()[:400]
    rows = {str(faq.pk): faq for faq in Faq.objects.filter(active=True)} if question else {}
    entries = [FaqEntry(key, faq.question, faq.phrases) for key, faq in rows.items()]
    found = [(rows[one.key], round(one.score * 100), one.score >= ENOUGH) for one in ranked(question, entries)]
    answered = bool(found) and found[0][2]
    context = {
        "question": question,
        "found": found[0][0] if answered else None,
        "sure": found[0][1] if answered else 0,
        "answer": _said(found[0][0]) if answered else "",
        "others": found[1:] if answered else found,
        "enough": round(ENOUGH * 100),
    }
    return render(request, "panel/faq_answer.html", context)


def _said(faq: Faq) -> str:
    """The answer with its blanks filled, as the bot says it."""
    return fill(faq.answer, facts(Company.load(), installation_cost()))
