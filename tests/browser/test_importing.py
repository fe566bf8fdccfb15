"""A spreadsheet with errors, corrected with the file that the panel gives back, and undone (issue 5)."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.end_to_end.chromium import sign_in

SHEET = "número de cliente;nombre;DNI;celular\n700001;Rosa Ibáñez;28.456.789;261 555-0177\n700002;Hugo Peralta;123;\n"


def bring(page: Page, file: Path) -> None:
    page.get_by_role("link", name=re.compile("Importar$")).click()
    page.get_by_label("Tu planilla").set_input_files(file)
    page.get_by_role("button", name="Ver qué va a pasar").click()


def found(page: Page, url: str, words: str) -> int:
    page.goto(f"{url}/panel/customers/customer/?q={words}")
    return page.locator("#result_list tbody tr, #result_list tr.data-row").count()


def test_a_wrong_sheet_is_corrected_and_everything_is_undone(page: Page, url: str, tmp_path: Path) -> None:
    sign_in(page, url)
    page.goto(f"{url}/panel/customers/customer/")
    file = tmp_path / "clientes.csv"
    file.write_text(SHEET, encoding="cp1252")
    bring(page, file)
    expect(page.get_by_text("El DNI tiene 7 u 8 números y el CUIT 11.")).to_be_visible()
    assert "28.456.789" not in page.locator(".mo-rows").inner_text()
    page.get_by_role("link", name="Nuevas 1").click()
    expect(page.locator(".mo-rows")).to_contain_text("Rosa Ibáñez")
    with page.expect_download() as given:
        page.get_by_role("link", name="Bajar las que tienen errores").click()
    wrong = tmp_path / "corregir.csv"
    given.value.save_as(wrong)
    text = wrong.read_text(encoding="utf-8-sig")
    assert "motivo" in text
    assert "Rosa" not in text
    wrong.write_text(text.replace(";123;", ";30.111.999;"), encoding="utf-8-sig")

    page.get_by_role("button", name="Importar 1 fila").click()
    expect(page.get_by_text("Importado", exact=True)).to_be_visible()
    page.get_by_role("link", name="Subir otra planilla").click()
    page.get_by_label("Tu planilla").set_input_files(wrong)
    page.get_by_role("button", name="Ver qué va a pasar").click()
    page.get_by_role("button", name="Importar 1 fila").click()
    expect(page.get_by_text("Importado", exact=True)).to_be_visible()
    assert found(page, url, "70000") == 2

    page.goto(f"{url}/panel/importaciones/")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Deshacer la importación").first.click()
    expect(page.get_by_text("Quedó todo como estaba antes de importar.")).to_be_visible()
    assert (found(page, url, "700001"), found(page, url, "700002")) == (1, 0)


def test_a_file_that_weighs_too_much_is_told_before_it_travels(page: Page, url: str, tmp_path: Path) -> None:
    sign_in(page, url)
    page.goto(f"{url}/panel/customers/customer/import/")
    heavy = tmp_path / "enorme.csv"
    with heavy.open("wb") as file:
        file.truncate(300 * 1024 * 1024)
    page.get_by_label("Tu planilla").set_input_files(heavy)
    expect(page.get_by_role("alert").filter(has_text="pesa más de 50 MB")).to_be_visible()
    page.get_by_role("button", name="Ver qué va a pasar").click()
    assert page.url.endswith("/import/")
