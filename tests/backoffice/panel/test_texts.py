"""What the bot says, in the company's own words."""

from django.test import Client
from django.urls import reverse

from backoffice.dialogs.models import BotText


def test_a_text_is_changed_and_restored(admin: Client) -> None:
    key = "talk.bye"
    admin.post(reverse("admin:panel_save_text"), {"clave": key, "texto": "¡Chau, {empresa} te saluda!"})
    assert BotText.objects.get().text == "¡Chau, {empresa} te saluda!"
    assert "¡Chau, {empresa} te saluda!" in admin.get(reverse("admin:panel_texts"), {"cambiados": ""}).text
    admin.post(reverse("admin:panel_restore_text"), {"clave": key})
    assert not BotText.objects.exists()


def test_a_text_with_an_unknown_blank_is_refused(admin: Client) -> None:
    answer = admin.post(reverse("admin:panel_save_text"), {"clave": "talk.bye", "texto": "Chau {apodo}"})
    assert "no conoce {apodo}" in answer.text
    assert "Chau {apodo}" in answer.text
    assert not BotText.objects.exists()
