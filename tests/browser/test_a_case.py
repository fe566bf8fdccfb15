"""One person plays customer and agent on the simulator's page, and sees it all in the panel."""

from playwright.sync_api import Locator, Page, expect

from tests.end_to_end.chromium import sign_in
from tests.end_to_end.live import StoryOfProcesses


def write(phone: Locator, text: str) -> None:
    box = phone.get_by_label("Mensaje", exact=True)
    box.fill(text)
    box.press("Enter")


def test_a_case_from_hello_to_the_panel(story: StoryOfProcesses, url: str, page: Page) -> None:
    page.goto(f"{url}/simulator/")
    maria = page.get_by_role("article", name="Teléfono de María González")
    write(maria, "hola")
    expect(maria.get_by_text("Consultar estado de cuenta").first).to_be_visible(timeout=15_000)
    write(maria, "no tengo internet, quiero hablar con una persona")
    expect(maria.get_by_text("Ya le avisé al equipo").first).to_be_visible(timeout=15_000)

    juan = page.get_by_role("article", name="Teléfono de Juan Pérez")
    juan.get_by_role("button", name="Soporte", exact=False).first.click()
    juan.locator(".bubble").filter(has_text="Nuevo Ticket de Soporte").click(timeout=15_000)
    write(juan, "Lo tomo")
    expect(juan.get_by_text("ha tomado el caso").first).to_be_visible(timeout=15_000)
    juan.get_by_role("button", name="Volver").click()
    juan.get_by_role("button", name=story.ticket["group"]).click()
    write(juan, "Hola María, ya lo reviso")
    expect(maria.get_by_text("Hola María, ya lo reviso")).to_be_visible(timeout=15_000)

    sign_in(page, url)
    page.goto(f"{url}/panel/ticket/{story.ticket['id']}/")
    for told in ("En progreso", "Lo tomó", "Hola María, ya lo reviso", "$ 18.500,00"):
        expect(page.get_by_text(told).first).to_be_visible()
    expect(page.locator(".mo-facts")).to_contain_text(f"Juan Pérez en {story.ticket['group']}")


def test_a_supervisor_takes_answers_and_closes_in_the_panel(story: StoryOfProcesses, url: str, page: Page) -> None:
    story.maria.says("necesito hablar con una persona")
    story.maria.messages()
    ticket = story.ticket["id"]
    page.on("dialog", lambda dialog: dialog.accept())
    sign_in(page, url, "elena", "fibrasur")
    page.goto(f"{url}/panel/ticket/{ticket}/")
    page.get_by_role("button", name="Tomar el caso").first.click()
    expect(page.get_by_text("En progreso").first).to_be_visible()
    page.get_by_label("Mensaje para el cliente").fill("Hola María, soy Elena")
    page.get_by_role("button", name="Enviar").click()
    expect(page.get_by_text("Hola María, soy Elena").first).to_be_visible()
    story.goes_on()
    assert story.maria.hears() == "Hola María, soy Elena"
    page.goto(f"{url}/panel/ticket/{ticket}/")
    page.get_by_label("Motivo").fill("Se reinició el router")
    page.get_by_role("button", name="Cerrar ticket").click()
    expect(page.get_by_text("Cerrado").first).to_be_visible()
    story.goes_on()
    assert story.ticket["reason"] == "Se reinició el router"
