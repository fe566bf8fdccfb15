"""The dashboard and its live console."""

import json
from collections.abc import Callable
from datetime import timedelta

from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backoffice.accounts.models import User
from backoffice.channels.models import ChannelStatus
from backoffice.common.metrics import Tally
from backoffice.common.models import Activity
from backoffice.company.models import Company
from backoffice.conversations.models import Contact, Conversation, Message
from backoffice.operations.metering import store
from backoffice.panel.board import People
from tests.backoffice import desk
from tests.cast import LUCIA, MARIA


def test_the_dashboard_counts_open_tickets_and_links_to_them(admin: Client) -> None:
    channel = desk.open_for_business()
    desk.case(desk.chat_of(channel, MARIA), sentiment="frustrado")
    desk.case(desk.chat_of(channel, LUCIA), sentiment="contento")
    page = admin.get(reverse("admin:index"))
    assert page.context["tickets"] == {"pendiente": 2, "en_progreso": 0, "total": 2}
    assert "?estado=abiertos" in page.text
    sentiment = page.context["donuts"][1]
    assert {part.name: part.count for part in sentiment.slices} == {"Contento": 1, "Neutro": 0, "Enojado": 1}


def test_the_dashboard_answers_204_until_something_changes(admin: Client) -> None:
    channel = desk.open_for_business()
    version = admin.get(reverse("admin:index")).context["version"]
    live = reverse("admin:panel_live")
    assert admin.get(live, {"v": version}).status_code == 204
    desk.case(desk.chat_of(channel))
    fresh = admin.get(live, {"v": version})
    assert fresh.status_code == 200
    assert "1 pendiente<" in fresh.text


def test_a_number_that_waits_shows_its_qr(admin: Client) -> None:
    channel = desk.open_for_business()
    status = ChannelStatus.objects.create(channel=channel, state="waiting_qr", qr="2@abc", seen_at=timezone.now())
    page = admin.get(reverse("admin:index")).text
    assert "ESPERANDO QR" in page
    assert "<svg" in page
    status.state = "connected"
    status.save()
    page = admin.get(reverse("admin:panel_live")).text
    assert "CONECTADO" in page
    assert "Dispositivos vinculados" not in page


def test_a_process_that_went_silent_is_a_disconnected_number(admin: Client) -> None:
    channel = desk.open_for_business()
    ChannelStatus.objects.create(channel=channel, state="connected", seen_at=timezone.now() - timedelta(minutes=5))
    assert "DESCONECTADO" in admin.get(reverse("admin:index")).text


def test_the_console_tells_each_line_once_and_then_rests(admin: Client) -> None:
    desk.writes(desk.chat_of(desk.open_for_business()), "no me anda internet")
    Activity.note("connection", "Conectado")
    console = reverse("admin:panel_console")
    first = json.loads(admin.get(console).content)
    assert {"no me anda internet" in line["text"] for line in first["lines"]} == {True, False}
    Message.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    Activity.objects.update(at=timezone.now() - timedelta(minutes=1))
    settled = json.loads(admin.get(console).content)["cursor"]
    assert admin.get(console, {"after": settled}).status_code == 204
    assert admin.get(console, {"after": "what"}).status_code == 200


def test_people_and_messages_are_figures(admin: Client) -> None:
    channel = desk.open_for_business()
    desk.chat_of(channel, MARIA)
    contact = desk.chat_of(channel, LUCIA).contact
    assert contact is not None
    Contact.objects.filter(pk=contact.pk).update(created_at=timezone.now() - timedelta(days=3))
    told = [Tally("received", 0, 7000), Tally("sent", 0, 4000), Tally("notices_sent", 0, 500)]
    store(told, at=timezone.now())
    page = admin.get(reverse("admin:index"))
    assert page.context["people"] == People(contacts=2, new=1)
    assert "Mensajes del mes" in page.text
    assert "7.000 recibidos y 4.500 enviados" in page.text
    assert page.context["hours"].series[0].shown == "7.000"
    Company.objects.update(message_quota=5000)
    page = admin.get(reverse("admin:index")).text
    assert "Mensajes restantes" in page
    assert 'mo-value ">500<' in page
    assert "Este mes salieron 4.500 de 5.000." in page
    Company.objects.update(message_quota=4600)
    assert 'mo-value mo-bad-text">100<' in admin.get(reverse("admin:index")).text


def test_what_the_bot_solves_alone_is_who_wrote_and_needed_no_ticket(admin: Client) -> None:
    channel = desk.open_for_business()
    chats = [desk.chat_of(channel, person) for person in (MARIA, LUCIA)]
    desk.agent(channel)
    now = timezone.now()
    Conversation.objects.update(last_message_at=now)
    Contact.objects.update(last_seen_at=now)
    desk.case(chats[0])
    ring = admin.get(reverse("admin:index")).context["donuts"][2]
    assert (ring.centre, [part.count for part in ring.slices]) == ("50 %", [1, 1])


def test_an_alert_leads_only_where_one_may_go(admin: Client, signed_in: Callable[..., Client]) -> None:
    """No channel is enabled: an administrator goes to their list, a supervisor may not."""
    link = f'href="{reverse("admin:channels_channel_changelist")}">Ver</a>'
    assert link in admin.get(reverse("admin:index")).text
    page = signed_in("Supervisor").get(reverse("admin:index")).text
    assert "Todavía no hay ningún canal" in page
    assert link not in page


def test_a_search_in_the_console_goes_through_the_day_and_finds_nothing_that_one_may_not_read(
    admin: Client, signed_in: Callable[..., Client]
) -> None:
    desk.writes(desk.chat_of(desk.open_for_business()), "no me anda internet")
    console = reverse("admin:panel_console")
    found = admin.get(console, {"q": "internet"}).json()["lines"]
    assert ["no me anda internet" in line["text"] for line in found] == [True]
    blind = signed_in("Operador")
    User.objects.get(username="elena").user_permissions.add(Permission.objects.get(codename="view_full_dashboard"))
    assert blind.get(console, {"q": "internet"}).json()["lines"] == []
    assert [line["text"] for line in blind.get(console).json()["lines"]] == ["← Llegó un mensaje."]
