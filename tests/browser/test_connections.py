"""A connection is tried as it is typed, kept, and its card tries it again by itself."""

from playwright.sync_api import Page, expect

from tests.end_to_end.chromium import MOBILE, fits, sign_in
from tests.outside import Outside


def test_it_is_tried_kept_and_tried_again_by_its_card(url: str, page: Page, outside: Outside) -> None:
    page.set_viewport_size({"width": MOBILE[0], "height": MOBILE[1]})
    sign_in(page, url)
    page.goto(f"{url}/panel/conexiones/")
    assert fits(page)
    page.get_by_role("link", name="Conectar MikroWisp").click()
    page.get_by_role("button", name="Probar conexión").click()
    expect(page.get_by_text("Antes de probar, corregí esto")).to_be_visible()
    outside.answers({"estado": "error", "mensaje": "Token incorrecto"})
    page.get_by_label("Dirección").fill(outside.url)
    page.get_by_label("Token de la API").fill("una-clave-1234")
    page.get_by_role("button", name="Probar conexión").click()
    expect(page.get_by_text("Dice: «Token incorrecto».")).to_be_visible()
    assert fits(page)
    outside.answers({"estado": "exito"})
    page.get_by_role("button", name="Guardar").click()
    expect(page.get_by_text("MikroWisp contesta y acepta la clave.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("MikroWisp contesta y acepta la clave.")).to_be_visible()
    page.get_by_role("link", name="Editar").click()
    expect(page.get_by_label("Token de la API")).to_have_value("")
    expect(page.get_by_text("Anda bien")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Borrar la conexión").click()
    expect(page.get_by_text("Se borró la conexión")).to_be_visible()
