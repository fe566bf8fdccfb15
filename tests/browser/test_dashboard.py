"""The dashboard stays fresh by itself, and its console is filtered, paused and searched (ISPBOT-DASH-01, 06, 15)."""

from playwright.sync_api import Page, expect

from tests.end_to_end.chromium import sign_in
from tests.end_to_end.live import StoryOfProcesses


def test_a_ticket_shows_without_reloading_and_the_console_obeys(story: StoryOfProcesses, url: str, page: Page) -> None:
    sign_in(page, url)
    page.goto(f"{url}/panel/")
    page.evaluate("window.sameVisit = true")
    open_tickets = page.locator("#to-tickets .mo-value")
    expect(open_tickets).to_have_text("0")
    page.locator("#numbers summary").click()
    story.maria.says("no tengo internet, quiero hablar con una persona")
    expect(open_tickets).to_have_text("1", timeout=15_000)
    expect(page.locator("#numbers")).to_have_attribute("open", "")
    lines = page.locator(".mo-console p:visible")
    expect(lines.filter(has_text="no tengo internet")).to_have_count(1, timeout=15_000)

    page.get_by_role("button", name="Pausar").click()
    story.maria.says("¿hola? ¿hay alguien?")
    page.wait_for_timeout(4_000)  # two turns of the console, which is asking for nothing
    expect(lines.filter(has_text="hay alguien")).to_have_count(0)
    page.get_by_role("button", name="Seguir").click()
    expect(lines.filter(has_text="¿hola? ¿hay alguien?")).not_to_have_count(0, timeout=15_000)

    page.get_by_role("button", name="Mensajes", exact=True).click()
    expect(lines.filter(has_text="no tengo internet")).to_have_count(0)
    expect(lines.filter(has_text="Ticket #").first).to_be_visible()
    page.get_by_role("button", name="Mensajes", exact=True).click()
    page.get_by_role("searchbox", name="Buscar en la consola").fill("NO TENGO internet")
    expect(lines.filter(has_text="hay alguien")).to_have_count(0)
    expect(lines.filter(has_text="no tengo internet")).not_to_have_count(0)
    page.get_by_role("searchbox", name="Buscar en la consola").fill("zzzz")
    expect(page.get_by_role("status")).to_contain_text("Nada de lo que pasó")
    assert page.evaluate("window.sameVisit")
