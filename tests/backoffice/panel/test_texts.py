"""What the bot says, in the company's own words."""

from django.test import Client
from django.urls import reverse

from backoffice.dialogs.models import BotText
from backoffice.dialogs.texts import all_texts


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


def test_the_ais_instructions_are_edited_checked_and_restored_as_any_text(admin: Client) -> None:
    """SUP-09…11, SALE-05…08."""
    page = admin.get(reverse("admin:panel_texts")).text
    for title in ("Soporte: instrucciones de diagnóstico", "Ventas: manejo de objeciones"):
        assert title in page
    save = reverse("admin:panel_save_text")
    wrong = admin.post(save, {"clave": "prompt.sales_handoff", "texto": "Derivá a {vendedor}"})
    assert "Este texto no conoce {vendedor}" in wrong.text
    admin.post(save, {"clave": "prompt.sales_handoff", "texto": "Derivá siempre. Somos {empresa}."})
    assert all_texts()["prompt.sales_handoff"].startswith("Derivá siempre")
    admin.post(reverse("admin:panel_restore_text"), {"clave": "prompt.sales_handoff"})
    assert all_texts()["prompt.sales_handoff"].startswith("Pasá con una persona")
    [first, *_] = BotText.history.order_by("history_id")
    admin.post(reverse("admin:panel_restore_version", args=["dialogs.bottext", first.pk]))
    assert all_texts()["prompt.sales_handoff"].startswith("Derivá siempre")
