"""The pages of the panel: what they show, and a number of queries that does not grow with what they show."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from backoffice.channels.models import Channel
from backoffice.common.models import Activity
from backoffice.conversations.models import Conversation, DialogState, Message
from backoffice.dialogs.models import ActionType, Menu, MenuOption
from backoffice.tickets.models import Ticket
from tests.backoffice import desk
from tests.cast import Person

PAGES = [
    "index",
    "panel_live",
    "panel_console",
    "panel_chats",
    "panel_unanswered",
    "panel_doubtful",
    "panel_tools",
    "panel_menus",
    "panel_texts",
    "panel_groups",
    "panel_groups_live",
    "panel_hours",
    "panel_sessions",
    "panel_publish_menus",
    "panel_menu_versions",
]


def _busy(people: int, start: int = 0) -> None:
    """A desk in the middle of the day, with `people` customers, agents and groups more."""
    channel = Channel.objects.first() or desk.open_for_business()
    reply, _ = ActionType.objects.get_or_create(code="reply", defaults={"label": "Respuesta"})
    root, _ = Menu.objects.get_or_create(key="principal", defaults={"title": "Menú principal", "is_root": True})
    for number in range(start, start + people):
        desk.group(channel, "support", f"Soporte {number}")
        desk.agent(channel, Person(f"Agente{number} Pérez", f"549261777{number:04d}"), groups=1)
        chat = desk.chat_of(channel, Person(f"Persona {number}", f"549261888{number:04d}"))
        desk.writes(chat, "hola")
        _last_spoke(chat, minutes=30)
        waiting = desk.chat_of(channel, Person(f"Otra {number}", f"549261999{number:04d}"))
        desk.writes(waiting, "no tengo internet")
        desk.case(waiting)
        Message.objects.filter(conversation=waiting, direction="out").update(status="uncertain")
        DialogState.objects.create(contact=chat.contact, flow="identify")
        Activity.note("connection", f"Conectado {number}")
        menu = Menu.objects.create(key=f"menu-{number}", title=f"Menú {number}")
        MenuOption.objects.create(menu=root, title=f"Opción {number}", action=reply, text="hola", position=number)
        MenuOption.objects.create(menu=menu, title="Otra", action=reply, text="hola")


def _last_spoke(chat: Conversation, *, minutes: int) -> None:
    Conversation.objects.filter(pk=chat.pk).update(last_message_at=timezone.now() - timedelta(minutes=minutes))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_makes_the_same_queries_whatever_it_shows(admin: Client, name: str) -> None:
    _busy(2)
    few = _queries(admin, reverse(f"admin:{name}"))
    _busy(6, start=2)
    assert _queries(admin, reverse(f"admin:{name}")) <= few + 1  # «Sin responder» counts only past its first five
    assert few <= 34


def test_the_page_of_a_ticket_and_of_a_chat_too(admin: Client) -> None:
    _busy(1)
    ticket = Ticket.objects.get()
    urls = [reverse("admin:panel_ticket", args=[ticket.pk]), reverse("admin:panel_chat", args=[ticket.contact_id])]
    few = [_queries(admin, url) for url in urls]
    for number in range(15):
        desk.writes(ticket.conversation, f"mensaje {number}")
        ticket.events.create(kind="note", text=f"nota {number}")
    assert [_queries(admin, url) for url in urls] == few


def _queries(client: Client, url: str) -> int:
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code in (200, 204)
    return len(queries)


@pytest.mark.parametrize("what", ["menus", "textos", "horarios", "grupos", "herramientas"])
def test_each_history_opens_and_does_not_grow(admin: Client, what: str) -> None:
    _busy(2)
    url = reverse("admin:panel_changes", args=[what])
    few = _queries(admin, url)
    _busy(5, start=2)
    assert _queries(admin, url) == few
