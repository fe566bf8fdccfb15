"""The first day: from the first password to what is missing, and from a doubt to the page that answers it."""

import re

from playwright.sync_api import Page, expect

from tests.end_to_end.chromium import sign_in
from tests.end_to_end.live import StoryOfProcesses


def test_from_the_first_password_to_a_step_that_marks_itself(story: StoryOfProcesses, url: str, page: Page) -> None:
    story.do("forget_holidays")
    story.do("create_user", username="valeria", password="provisoria-1", role="Administrador", must_change=True)
    sign_in(page, url, "valeria", "provisoria-1")
    page.goto(f"{url}/panel/puesta-en-marcha/")
    expect(page.get_by_text("Elegí tu contraseña").first).to_be_visible()
    page.fill("input[name=new_password1]", "cuatro-perros-9")
    page.fill("input[name=new_password2]", "cuatro-perros-9")
    page.get_by_role("button", name="Guardar y entrar").click()
    expect(page).to_have_url(f"{url}/panel/puesta-en-marcha/")
    step = page.locator("[data-step=holidays]")
    expect(step).to_contain_text("Falta cargar los que vienen")
    before = _count(page)
    step.get_by_role("link", name="Cargar los nacionales").click()
    page.locator("a.mo-filter").nth(1).click()  # next year: today may be one of this year's, and nobody would attend
    page.get_by_role("button", name="Cargar los marcados").click()
    expect(page.get_by_text("feriados.").first).to_be_visible()
    page.goto(f"{url}/panel/puesta-en-marcha/")
    expect(step).to_contain_text("Listo")
    assert _count(page) == before + 1


def _count(page: Page) -> int:
    shown = re.match(r"\d+", page.locator(".mo-progress").inner_text())
    assert shown is not None
    return int(shown[0])


def test_from_a_screen_to_its_help_and_to_any_word_of_the_manual(url: str, page: Page) -> None:
    sign_in(page, url)
    page.goto(f"{url}/panel/horarios/")
    assert page.get_by_role("link", name="Ayuda").get_attribute("href") == "/panel/manual/horarios-y-feriados/"
    page.goto(f"{url}/panel/manual/horarios-y-feriados/")
    page.get_by_label("Buscar en el manual").fill("contrasena")
    hit = page.locator(".mo-hits li", has_text="Cambiar contraseña").first
    expect(hit.locator("mark").first).to_have_text("contraseña")
    hit.get_by_role("link").click()
    expect(page).to_have_url(re.compile("/panel/manual/mi-cuenta/"))
