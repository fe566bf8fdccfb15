"""The bot's modes, its emergency message and its restart."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backoffice.common.models import Activity
from backoffice.operations.models import BotControl, Heartbeat


@pytest.mark.parametrize("mode", ["solo_gateway", "emergencia", "parado"])
def test_a_mode_shows_its_banner_on_every_page_and_who_chose_it(admin: Client, mode: str) -> None:
    admin.post(reverse("admin:panel_change_mode"), {"modo": mode})
    for name in ("index", "catalog_plan_changelist", "panel_hours"):
        assert "Lo activó Elena Soto" in admin.get(reverse(f"admin:{name}")).text
    admin.post(reverse("admin:panel_change_mode"), {"modo": "completo"})
    assert "Lo activó" not in admin.get(reverse("admin:panel_hours")).text
    assert BotControl.load().history.count() >= 2


def test_an_unknown_mode_changes_nothing(admin: Client) -> None:
    answer = admin.post(reverse("admin:panel_change_mode"), {"modo": "turbo"}, follow=True)
    assert "Ese modo no existe" in answer.text
    assert BotControl.load().mode == "completo"


def test_the_emergency_message_is_kept_or_refused_with_what_was_typed(admin: Client) -> None:
    tools = reverse("admin:panel_tools")
    wrong = admin.post(tools, {"emergency_text": "Corte de fibra en Godoy Cruz", "every": "0"})
    assert "entre 1 y 1440" in wrong.text
    assert "Corte de fibra en Godoy Cruz" in wrong.text
    admin.post(tools, {"emergency_text": "Corte de fibra", "every": "45"})
    control = BotControl.load()
    assert (control.emergency_text, control.emergency_every, control.mode) == ("Corte de fibra", 45, "completo")


def test_a_restart_is_asked_and_told(admin: Client) -> None:
    Heartbeat.objects.create(name="dispatcher", started_at=timezone.now(), seen_at=timezone.now())
    assert "En marcha" in admin.get(reverse("admin:panel_tools")).text
    admin.post(reverse("admin:panel_restart"))
    assert BotControl.load().restart_asked_at is not None
    assert Activity.objects.filter(text__contains="reiniciar").exists()
