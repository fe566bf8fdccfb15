"""The closing screen (ISPBOT-END-01): what the bot can already do, and where to see it done.

Only what the product does today; whoever builds another ability adds it here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from backoffice.panel.setup.base import Way
from backoffice.panel.setup.progress import Progress

SIMULATOR = "simulator"


@dataclass(frozen=True)
class Ability:
    """Something the bot does once the steps of `needs` are done; it is tried at the first of `ways` that opens."""

    icon: str
    title: str
    text: str
    needs: tuple[str, ...]
    ways: tuple[Way, ...]


_TRY_MENUS = Way("Probar los menús", "panel_try_menus", "dialogs.view_menu")
_SIMULATOR = Way("Probalo en el simulador", SIMULATOR, "channels.view_channel")

ABILITIES = (
    Ability(
        "💬",
        "Atender a cualquier hora",
        "Saluda por el nombre, muestra el menú y entiende lo que le escriben.",
        ("whatsapp",),
        (_SIMULATOR, _TRY_MENUS),
    ),
    Ability(
        "❓",
        "Contestar preguntas",
        "Responde solo lo que más preguntan, de soporte y de ventas.",
        ("faqs",),
        (Way("Probá una pregunta", "panel_faqs", "catalog.view_faq"),),
    ),
    Ability(
        "🛒",
        "Vender",
        "Cuenta los planes con la promoción de hoy, dice si llegás a su zona y le pasa el interesado a Ventas.",
        ("plans", "zones"),
        (_TRY_MENUS,),
    ),
    Ability(
        "💰",
        "Ayudar a cobrar",
        "Le dice a cada cliente cuánto debe, le manda la factura y le muestra cómo pagar.",
        ("customers", "company"),
        (_TRY_MENUS,),
    ),
    Ability(
        "🎫",
        "Pasar el caso a una persona",
        "Abre un ticket con lo que el cliente contó y avisa en el grupo; lo toma el primero que contesta.",
        ("team", "whatsapp"),
        (_SIMULATOR, Way("Ver los grupos", "panel_groups", "agents.view_agent")),
    ),
    Ability(
        "🌙",
        "Cuidar tus horarios",
        "De noche y en los feriados dice cuándo vuelven, anota el pedido y lo anuncia al abrir.",
        ("hours",),
        (Way("Leer lo que dice", "company_company_changelist", "company.view_company"),),
    ),
)


@dataclass(frozen=True)
class Offer:
    """An ability as it is shown: whether it works already, what it waits for, and where it is tried."""

    ability: Ability
    ready: bool
    waits_for: tuple[str, ...]
    label: str
    url: str


def offers(progress: Progress, request: HttpRequest) -> Iterator[Offer]:
    for ability in ABILITIES:
        waiting = tuple(
            stand.step.title for stand in progress.stands if stand.step.key in ability.needs and not stand.done
        )
        label, url = _open_way(ability, request)
        yield Offer(ability, not waiting, waiting, label, url)


def _open_way(ability: Ability, request: HttpRequest) -> tuple[str, str]:
    """The first of its ways that exists here and that this person may open."""
    for way in ability.ways:
        if not request.user.has_perm(way.permission):
            continue
        if way.url_name != SIMULATOR:
            return way.label, reverse(f"admin:{way.url_name}")
        if settings.SIMULATOR:
            return way.label, "/simulator/"
    return "", ""
