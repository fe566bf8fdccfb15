"""What the bot says with the company's data, also while they are being typed. A fragment under the form."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from backoffice.company.models import Company
from backoffice.company.selectors import schedule
from backoffice.dialogs.texts import all_texts
from backoffice.panel.pages.base import page
from integrations.understanding.blanks import fill
from integrations.understanding.dates import spoken_when

_TYPED = ("name", "closed_message", "holiday_message", "bank_alias", "bank_cbu", "bank_holder")


@dataclass(frozen=True)
class Said:
    """A moment and what the customer reads then."""

    when: str
    text: str


@page("company.view_company")
def preview(request: HttpRequest) -> HttpResponse:
    """With what was typed if it comes, else with what is kept. Nothing is saved."""
    company = Company.load()
    for field in _TYPED:
        if field in request.POST:
            setattr(company, field, request.POST[field].strip()[:1000])
    return render(request, "panel/company_says.html", {"says": _says(company)})


def _says(company: Company) -> list[Said]:
    texts, hours, now = all_texts(), schedule(), timezone.now()
    opening = hours.next_opening(hours.next_closing(now) or now)
    reopens = spoken_when(opening, now.astimezone(hours.zone)) if opening else texts["human.no_date"]
    values = {"empresa": company.name, "apertura": reopens, "feriado": "Navidad"}
    pay = _where_to_transfer(company, texts)
    return [
        Said("A quien escribe por primera vez", fill(texts["greeting.stranger"], values)),
        Said("A quien pide una persona fuera de hora", fill(company.closed_message or texts["human.closed"], values)),
        Said("Si es feriado", fill(company.holiday_message or texts["human.holiday"], values)),
        Said("A quien quiere pagar", fill(texts["pay.bank"], {"datos": pay}) if pay else texts["pay.no_bank"]),
    ]


def _where_to_transfer(company: Company, texts: dict[str, str]) -> str:
    """One datum a line; empty when the company gave neither alias nor CBU, as the bot has it."""
    if not (company.bank_alias or company.bank_cbu):
        return ""
    data = {"alias": company.bank_alias, "cbu": company.bank_cbu, "titular": company.bank_holder}
    keys = {"alias": "pay.alias", "cbu": "pay.cbu", "titular": "pay.holder"}
    return "\n".join(fill(texts[keys[name]], {name: value}) for name, value in data.items() if value)
