"""«Historial» of whatever staff configure, also of what was deleted, and «Volver a esta versión»."""

from dataclasses import dataclass

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from backoffice.agents.models import Agent, WhatsAppGroup
from backoffice.catalog.models import Faq, Plan, Promotion, SalesSettings, Zone
from backoffice.company.models import Company, Holiday, OpeningHours, PointOfSale
from backoffice.connections.models import Connection
from backoffice.dialogs.models import BotText, CollectField, Menu, MenuOption
from backoffice.operations.models import BotControl
from backoffice.panel import services
from backoffice.panel.history import RESTORABLE, permission_for, recent_changes
from backoffice.panel.pages.base import back, page, person, require, show
from backoffice.sales.models import Branch


@dataclass(frozen=True)
class Story:
    """Whose history, who may read it, and the page it belongs to."""

    title: str
    permission: str
    url_name: str
    tables: tuple[type[models.Model], ...]


STORIES: dict[str, Story] = {
    "menus": Story("Editor de menús", "dialogs.view_menu", "panel_menus", (Menu, MenuOption, CollectField)),
    "textos": Story("Textos del bot", "dialogs.view_bottext", "panel_texts", (BotText,)),
    "horarios": Story("Horarios de atención", "company.view_openinghours", "panel_hours", (OpeningHours,)),
    "planes": Story("Planes de Internet", "catalog.view_plan", "catalog_plan_changelist", (Plan,)),
    "promociones": Story("Promociones", "catalog.view_promotion", "catalog_promotion_changelist", (Promotion,)),
    "zonas": Story("Zonas de cobertura", "catalog.view_zone", "catalog_zone_changelist", (Zone,)),
    "sucursales": Story("Sucursales", "sales.view_branch", "sales_branch_changelist", (Branch,)),
    "preguntas": Story("Preguntas frecuentes", "catalog.view_faq", "panel_faqs", (Faq,)),
    "ventas": Story(
        "Ajustes de ventas", "catalog.view_salessettings", "catalog_salessettings_changelist", (SalesSettings,)
    ),
    "empresa": Story("Datos de la empresa", "company.view_company", "company_company_changelist", (Company,)),
    "puntos-de-venta": Story(
        "Puntos de venta", "company.view_pointofsale", "company_pointofsale_changelist", (PointOfSale,)
    ),
    "feriados": Story("Feriados", "company.view_holiday", "company_holiday_changelist", (Holiday,)),
    "conexiones": Story("Conexiones", "connections.view_connection", "panel_connections", (Connection,)),
    "grupos": Story("Grupos y agentes", "agents.view_agent", "panel_groups", (Agent, WhatsAppGroup)),
    "herramientas": Story("Herramientas del bot", "operations.use_bot_tools", "panel_tools", (BotControl,)),
}


@page(*(story.permission for story in STORIES.values()))
def changes(request: HttpRequest, what: str) -> HttpResponse:
    story = STORIES.get(what)
    if story is None:
        raise Http404
    require(request, story.permission)
    return show(
        request, "panel/changes.html", f"Historial: {story.title}", story=story, changes=recent_changes(story.tables)
    )


@page(*(permission_for(table) for table in RESTORABLE.values()))
@require_POST
def restore(request: HttpRequest, table: str, pk: int) -> HttpResponse:
    """Go back to a version; a refusal comes back as a message, with its reason."""
    model = RESTORABLE.get(table)
    if model is None:
        raise Http404
    require(request, permission_for(model))
    services.restore_version(table=model, version=pk, by=person(request))
    messages.success(request, f"Listo: {model._meta.verbose_name} volvió a esa versión. Quedó en el historial.")
    return back(request)
