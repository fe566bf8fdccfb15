"""«Historial» of the pages that are no lists: menus, texts, hours, groups, the bot's modes."""

from dataclasses import dataclass

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse

from backoffice.agents.models import Agent, WhatsAppGroup
from backoffice.company.models import OpeningHours
from backoffice.dialogs.models import BotText, CollectField, Menu, MenuOption
from backoffice.operations.models import BotControl
from backoffice.panel.history import recent_changes
from backoffice.panel.pages.base import page, require, show


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
