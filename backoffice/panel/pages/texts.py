"""«Textos del bot»: every sentence, what it says today, edit and restore."""

from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from backoffice.common.errors import DomainError
from backoffice.dialogs import services, texts
from backoffice.dialogs.models import BotText
from backoffice.panel.pages.base import page, show

# What a key begins with → the section staff look in, in the order of a conversation.
SECTIONS: dict[str, str] = {
    "greeting": "Saludos y charla",
    "talk": "Saludos y charla",
    "menu": "Menús y cuando no entiende",
    "lost": "Menús y cuando no entiende",
    "rescue": "Menús y cuando no entiende",
    "identify": "Identificar al cliente",
    "balance": "Cuenta, facturas y pagos",
    "pay": "Cuenta, facturas y pagos",
    "paid": "Cuenta, facturas y pagos",
    "invoice": "Cuenta, facturas y pagos",
    "suspended": "Cuenta, facturas y pagos",
    "problem": "Problemas de Internet",
    "faq": "Problemas de Internet",
    "request": "Ventas y otros pedidos",
    "sales": "Ventas y otros pedidos",
    "plans": "Ventas y otros pedidos",
    "coverage": "Ventas y otros pedidos",
    "collect": "Pedir datos",
    "media": "Fotos, audios y ubicaciones",
    "human": "Pasar con una persona",
    "waiting": "Pasar con una persona",
    "rating": "Calificación de la atención",
    "offer": "Opciones que ofrece",
    "optout": "BAJA y ALTA",
    "subject": "Lo que se lee en el ticket",
    "ticket": "Lo que se lee en el ticket",
    "info": "Lo que se lee en el ticket",
    "area": "Lo que se lee en el ticket",
    "prompt": "Instrucciones para la IA (se usan cuando conectes una)",
}
OTHERS = "Otros textos"
DESK = "desk."


@dataclass
class Shown:
    """A sentence on the screen: `text` is what the bot says now, or what was typed and refused."""

    key: str
    section: str
    where: str
    text: str
    default: str
    blanks: tuple[str, ...]
    changed: bool
    error: str = ""

    @property
    def anchor(self) -> str:
        return self.key.replace(".", "-")


@page("dialogs.view_bottext")
def bot_texts(request: HttpRequest) -> HttpResponse:
    return _show(request, _sentences())


@page("dialogs.change_bottext")
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    key, text = request.POST.get("clave", ""), request.POST.get("texto", "")
    try:
        services.change_text(key=key, text=text)
    except DomainError as error:
        sentences = _sentences()
        for sentence in sentences:
            if sentence.key == key:
                sentence.text, sentence.error = text, error.message
        return _show(request, sentences)
    messages.success(request, "Texto guardado. El bot ya lo usa.")
    return _to(key)


@page("dialogs.change_bottext")
@require_POST
def restore(request: HttpRequest) -> HttpResponse:
    key = request.POST.get("clave", "")
    services.restore_text(key=key)
    messages.success(request, "Se restauró el texto original.")
    return _to(key)


def _to(key: str) -> HttpResponse:
    return redirect(f"{reverse('admin:panel_texts')}#{key.replace('.', '-')}")


def _sentences() -> list[Shown]:
    changed = dict(BotText.objects.values_list("key", "text"))
    return [
        Shown(
            key=key,
            section=_section(key, one.where),
            where=one.where.split(":", 1)[-1].strip() if key.startswith(DESK) else one.where,
            text=changed.get(key, one.default),
            default=one.default,
            blanks=(texts.ALWAYS, *one.variables),
            changed=key in changed,
        )
        for key, one in texts.SENTENCES.items()
    ]


def _section(key: str, where: str) -> str:
    """What agents read goes by group, as its `where` says; the rest by what the key begins with."""
    return where.split(":", 1)[0] if key.startswith(DESK) else SECTIONS.get(key.split(".", 1)[0], OTHERS)


def _show(request: HttpRequest, sentences: list[Shown]) -> HttpResponse:
    query, only_changed = request.GET.get("q", "").strip().lower(), "cambiados" in request.GET
    found = [
        one
        for one in sentences
        if one.error
        or ((not query or query in f"{one.where} {one.text}".lower()) and (one.changed or not only_changed))
    ]
    order = list(dict.fromkeys([*SECTIONS.values(), OTHERS, *(one.section for one in sentences)]))
    found.sort(key=lambda one: order.index(one.section))
    sections = [(name, list(rows)) for name, rows in groupby(found, key=lambda one: one.section)]
    figures = {"total": len(sentences), "changed": sum(one.changed for one in sentences)}
    return show(
        request,
        "panel/texts.html",
        "Textos del bot",
        sections=sections,
        query=query,
        only_changed=only_changed,
        opened=bool(query or only_changed),
        **figures,
    )
