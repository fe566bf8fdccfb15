"""«Probar una pregunta»: which frequent question the bot would answer with."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from backoffice.catalog.models import Faq
from backoffice.panel.pages.base import page
from integrations.understanding.faqs import FaqEntry, match


@page("catalog.view_faq")
def try_question(request: HttpRequest) -> HttpResponse:
    """A fragment with the answer a customer would get, or the advice when there is none."""
    question = request.GET.get("pregunta", "").strip()[:400]
    faqs = {str(faq.pk): faq for faq in Faq.objects.filter(active=True)}
    entries = [FaqEntry(key, faq.question, _phrases(faq)) for key, faq in faqs.items()]
    found = match(question, entries) if question else None
    context = {
        "question": question,
        "found": faqs[found.key] if found else None,
        "sure": round(found.score * 100) if found else 0,
    }
    return render(request, "panel/faq_answer.html", context)


def _phrases(faq: Faq) -> tuple[str, ...]:
    return tuple(part.strip() for part in faq.keywords.split(",") if part.strip())
