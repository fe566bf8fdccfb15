"""The bot's mode is changed with a confirmation, told on every page, and felt by customers at once."""

import re

from playwright.sync_api import Page, expect

from tests.end_to_end.chromium import sign_in
from tests.end_to_end.live import StoryOfProcesses


def test_emergency_and_back(story: StoryOfProcesses, url: str, page: Page) -> None:
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    sign_in(page, url)
    page.goto(f"{url}/panel/herramientas/")
    page.locator("#emergency_text").fill("Corte en Godoy Cruz. Vuelve a las 18.")
    page.get_by_role("button", name="Guardar mensaje").click()
    expect(page.locator("#emergency_text")).to_have_value("Corte en Godoy Cruz. Vuelve a las 18.")
    page.get_by_role("button", name="Activar Modo Emergencia").click()
    banner = page.locator(".mo-banner")
    expect(banner).to_be_visible()
    assert "Modo Emergencia" in asked[0]
    page.goto(f"{url}/panel/conversaciones/")
    expect(banner).to_contain_text("Modo Emergencia: el bot responde a todos")
    expect(banner).to_contain_text(re.compile(r"Lo activó Administrador FibraSur el \d\d/\d\d/\d{4} a las \d\d:\d\d"))
    assert story.maria.asks("no tengo internet") == "Corte en Godoy Cruz. Vuelve a las 18."
    page.goto(f"{url}/panel/herramientas/")
    page.get_by_role("button", name="Activar Modo Completo").click()
    expect(page.locator(".mo-banner")).to_have_count(0)
    assert "¿En qué te ayudo?" in story.maria.asks("menú")


def test_whoever_says_no_to_the_question_changes_nothing(story: StoryOfProcesses, url: str, page: Page) -> None:
    page.on("dialog", lambda dialog: dialog.dismiss())
    sign_in(page, url)
    page.goto(f"{url}/panel/herramientas/")
    page.get_by_role("button", name="Activar Modo Parado").click()
    expect(page.get_by_role("button", name="Activar Modo Parado")).to_be_visible()
    page.reload()
    expect(page.locator(".mo-banner")).to_have_count(0)
    assert "¿En qué te ayudo?" in story.maria.asks("menú")
