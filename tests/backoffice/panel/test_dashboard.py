"""The dashboard and its live console."""

import json
from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backoffice.channels.models import ChannelStatus
from backoffice.common.models import Activity
from backoffice.conversations.models import Message
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
