"""Groups and agents: made from the panel, with the four steps live."""

from playwright.sync_api import Page, Route, expect

from tests.end_to_end.chromium import sign_in
from tests.end_to_end.live import StoryOfProcesses

SLOW = 30_000  # making groups is several calls to the network


def test_a_group_and_an_agent_are_made_before_ones_eyes(story: StoryOfProcesses, url: str, page: Page) -> None:
    sign_in(page, url)
    page.goto(f"{url}/panel/grupos/")
    for title in ("Grupo de Soporte", "Grupo de Ventas", "Grupo de Supervisor"):
        expect(page.get_by_role("heading", name=title)).to_be_visible()
    card = page.locator("section.mo-card").filter(has_text="Grupo de Soporte").first
    card.get_by_text("+ Otro grupo").click()
    card.locator("[name=name]").last.fill("🎫 Soporte Noche")
    card.get_by_role("button", name="Crear", exact=True).click()
    expect(page.locator(".mo-row").filter(has_text="🎫 Soporte Noche").get_by_text("✅ Configurado")).to_be_visible(
        timeout=SLOW
    )

    page.get_by_text("+ Añadir Nuevo Agente").click()
    form = page.locator("form").filter(has=page.locator("#count-agente"))
    form.locator("[name=name]").fill("Carlos Díaz")
    form.locator("[name=phone]").fill("0")
    form.locator("[name=group_count]").fill("1")
    form.get_by_role("button", name="Guardar").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    form = page.locator("form").filter(has=page.locator("#count-agente"))
    expect(form.locator("[name=name]")).to_have_value("Carlos Díaz")
    form.locator("[name=phone]").fill("2615550777")
    form.get_by_role("button", name="Guardar").click()
    expect(page.get_by_text("Se está creando el agente Carlos Díaz")).to_be_visible()
    page.evaluate("window.neverLeft = true")
    agent = page.locator("li").filter(has_text="Carlos Díaz").filter(has_text="555-0777").first
    for number in range(1, 5):
        expect(agent.get_by_text(f"Paso {number}/4")).to_be_visible(timeout=SLOW)
    expect(agent.get_by_text("✅ ¡Agente Carlos Díaz creado con 1 grupo!")).to_be_visible(timeout=SLOW)
    assert page.evaluate("window.neverLeft"), "the page was loaded again to show the steps"

    agent.get_by_text("Editar", exact=True).click()
    agent.locator("[name=group_count]").fill("2")
    agent.get_by_role("button", name="Guardar").click()
    expect(agent.get_by_text("N°2 libre")).to_be_visible(timeout=SLOW)


def test_news_that_arrive_late_do_not_close_the_form_one_is_in(url: str, page: Page) -> None:
    asked: list[Route] = []
    sign_in(page, url)
    page.route("**/panel/grupos/vivo/**", lambda route: asked.append(route))
    with page.expect_request("**/panel/grupos/vivo/**"):
        page.goto(f"{url}/panel/grupos/")
    page.get_by_text("+ Añadir Nuevo Agente").click()
    name = page.locator("form").filter(has=page.locator("#count-agente")).locator("[name=name]")
    name.fill("Carlos")
    with page.expect_response("**/panel/grupos/vivo/**"):
        asked[0].fulfill(status=200, body='<div id="groups-live">news</div>', content_type="text/html")
    expect(name).to_have_value("Carlos")
    expect(page.get_by_text("news", exact=True)).to_have_count(0)
