"""«Mi cuenta»: a password whose rules are told while it is typed, and the second step of the login."""

from datetime import UTC, datetime

from playwright.sync_api import Page, expect

from backoffice.accounts import totp
from tests.browser.test_login import leave, try_to_enter
from tests.end_to_end.chromium import fits, sign_in
from tests.end_to_end.live import StoryOfProcesses

PASSWORD = "cuatro-perros-9"


def test_the_rules_of_a_password_are_ticked_while_it_is_typed(url: str, page: Page) -> None:
    sign_in(page, url, "elena")
    page.goto(f"{url}/panel/password_change/")
    met, new = page.locator(".mo-strength li.ok"), page.locator("input[name=new_password1]")
    expect(met).to_have_count(0)
    new.fill("1234")
    expect(met).to_have_text(["No se parece a tu nombre ni a tu usuario"])
    new.fill("elenasoto")
    expect(met).to_have_text(["Al menos 8 caracteres", "No solo números"])
    new.fill(PASSWORD)
    expect(met).to_have_count(3)
    expect(page.get_by_text("Muy buena")).to_be_visible()


def test_the_second_step_is_set_up_and_asked_for(story: StoryOfProcesses, url: str, page: Page) -> None:
    story.do("create_user", username="cuidadosa", password=PASSWORD, role="Operador")
    sign_in(page, url, "cuidadosa", PASSWORD)
    page.goto(f"{url}/panel/mi-cuenta/")
    page.get_by_role("link", name="Activarla").click()
    page.get_by_text("No puedo escanear").click()
    secret = page.locator(".mo-code").inner_text()
    page.get_by_label("Código", exact=True).fill(totp.code_at(secret, datetime.now(UTC)))
    page.get_by_role("button", name="Activar").click()
    spare = page.locator("#codes li").first.inner_text()
    page.get_by_role("link", name="Ya los guardé").click()
    expect(page.get_by_text("Activa", exact=True)).to_be_visible()
    assert fits(page)
    leave(page)
    try_to_enter(page, url, "cuidadosa", PASSWORD)
    page.get_by_label("Código").fill("000000")
    page.get_by_role("button", name="Ingresar").click()
    expect(page.get_by_text("Ese código no es correcto")).to_be_visible()
    page.get_by_label("Código").fill(spare)
    page.get_by_role("button", name="Ingresar").click()
    expect(page.get_by_text("Tickets abiertos")).to_be_visible()
