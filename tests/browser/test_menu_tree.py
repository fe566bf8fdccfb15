"""The menu tree: what staff add is what customers get, and what is wrong is told at its field."""

from playwright.sync_api import Locator, Page, expect

from tests.end_to_end.chromium import sign_in
from tests.end_to_end.live import StoryOfProcesses


def add_option(page: Page) -> None:
    page.locator("section.mo-card").filter(has_text="Menú principal").last.get_by_role(
        "button", name="Agregar opción"
    ).last.click()


def test_an_option_is_added_moved_and_deleted(story: StoryOfProcesses, url: str, page: Page) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    sign_in(page, url)
    page.goto(f"{url}/panel/menus/")
    add_option(page)
    form = page.locator("[data-option-form]")
    form.locator("[name=title]").fill("🎁 Promociones")
    form.locator("[name=action]").select_option("reply")
    form.locator("[name=text]").fill("Este mes, 50 % en la instalación.")
    form.get_by_role("button", name="Guardar opción").click()
    expect(page.locator(".mo-phone").get_by_text("🎁 Promociones")).to_be_visible()
    expect(page.locator(".mo-option").filter(has_text="🎁 Promociones")).to_contain_text("50 % en la instalación")

    assert "5.* 🎁 Promociones" in story.maria.asks("menú")
    assert "50 % en la instalación" in story.maria.asks("5")

    page.get_by_label("Subir 🎁 Promociones").click()
    expect(page.locator(".mo-phone .mo-options span").nth(3)).to_contain_text("🎁 Promociones")
    page.get_by_label("Bajar 🎁 Promociones").click()
    expect(page.locator(".mo-phone .mo-options span").nth(4)).to_contain_text("🎁 Promociones")
    page.get_by_label("Borrar 🎁 Promociones").click()
    expect(page.locator(".mo-phone").get_by_text("🎁 Promociones")).to_have_count(0)
    assert "Promociones" not in story.maria.asks("menú")


def field(form: Locator, name: str) -> Locator:
    """A control with its label and what is wrong with it."""
    return form.locator(".mo-field").filter(has=form.page.locator(f"[name={name}]"))


def test_what_is_wrong_is_told_at_its_field_and_nothing_typed_is_lost(url: str, page: Page) -> None:
    sign_in(page, url)
    page.goto(f"{url}/panel/menus/")
    add_option(page)
    form = page.locator("[data-option-form]")
    form.locator("[name=action]").select_option("reply")
    form.locator("[name=text]").fill("Este mes, 50 % en la instalación.")
    form.get_by_role("button", name="Guardar opción").click()
    expect(field(form, "title").get_by_role("alert")).to_have_text("Completá este dato.")
    expect(form.locator("[name=text]")).to_have_value("Este mes, 50 % en la instalación.")

    form.locator("[name=title]").fill("🎁 Promociones")
    form.locator("[name=text]").fill("")
    form.get_by_role("button", name="Guardar opción").click()
    expect(field(form, "text").get_by_role("alert")).to_have_text("Escribí la respuesta que manda el bot.")
    expect(field(form, "title").get_by_role("alert")).to_have_count(0)
    expect(form.locator("[name=title]")).to_have_value("🎁 Promociones")
    expect(form.locator("[name=action]")).to_have_value("reply")

    form.get_by_role("button", name="Cancelar").click()
    expect(form).to_have_count(0)
    page.reload()
    expect(page.get_by_text("🎁 Promociones")).to_have_count(0)


def test_an_option_is_edited_where_it_stands(story: StoryOfProcesses, url: str, page: Page) -> None:
    sign_in(page, url)
    page.goto(f"{url}/panel/menus/")
    page.get_by_label("Editar 📞 Hablar con técnico").click()
    form = page.locator("[data-option-form]")
    form.locator("[name=title]").fill("📞 Hablar con una persona")
    form.get_by_role("button", name="Guardar opción").click()
    expect(page.locator(".mo-phone").get_by_text("📞 Hablar con una persona")).to_be_visible()
    page.get_by_label("Editar 📞 Hablar con una persona").click()
    page.locator("[data-option-form] [name=title]").fill("📞 Hablar con técnico")
    page.locator("[data-option-form]").get_by_role("button", name="Guardar opción").click()
    expect(page.locator(".mo-phone").get_by_text("📞 Hablar con técnico")).to_be_visible()
