"""The bot's mode is changed with a confirmation, told on every page, and felt by customers at once."""

from playwright.sync_api import expect

from tests.end_to_end.chromium import browser, page_of, sign_in
from tests.end_to_end.live import StoryOfProcesses


def test_emergency_and_back(story: StoryOfProcesses, url: str) -> None:
    asked: list[str] = []
    with browser() as chromium, page_of(chromium) as page:
        page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
        sign_in(page, url)
        page.goto(f"{url}/panel/herramientas/")
        page.locator("#emergency_text").fill("Corte en Godoy Cruz. Vuelve a las 18.")
        page.get_by_role("button", name="Guardar mensaje").click()
        expect(page.locator("#emergency_text")).to_have_value("Corte en Godoy Cruz. Vuelve a las 18.")
        page.get_by_role("button", name="Activar Modo Emergencia").click()
        page.goto(f"{url}/panel/conversaciones/")
        banner = page.locator(".mo-banner")
        expect(banner).to_contain_text("Emergencia")
        expect(banner).to_contain_text("Administrador FibraSur")
        assert "Modo Emergencia" in asked[0]
        assert story.maria.asks("no tengo internet") == "Corte en Godoy Cruz. Vuelve a las 18."
        page.goto(f"{url}/panel/herramientas/")
        page.get_by_role("button", name="Activar Modo Completo").click()
        expect(page.locator(".mo-banner")).to_have_count(0)
        assert "¿En qué te ayudo?" in story.maria.asks("menú")
