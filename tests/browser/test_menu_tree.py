"""The menu editor: what staff publish is what customers get, and what is wrong is told at its field."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.end_to_end.chromium import sign_in
from tests.end_to_end.live import StoryOfProcesses


@pytest.fixture(autouse=True)
def _as_it_was(story: StoryOfProcesses) -> Iterator[None]:
    """The other tests of this browser find the menus as they were."""
    first = story.do("published_menus")
    yield
    story.do("roll_back_menus", number=first)


@pytest.fixture
def editor(url: str, page: Page) -> Page:
    page.on("dialog", lambda dialog: dialog.accept())
    sign_in(page, url)
    page.goto(f"{url}/panel/menus/")
    return page


def add_option(page: Page, menu: str = "Menú principal") -> Locator:
    """Open the form of a new option; returns it."""
    card = page.locator("section.mo-branch").filter(has=page.get_by_role("heading", name=menu, exact=True)).last
    card.get_by_role("button", name="Agregar opción").last.click()
    form = page.locator("[data-option-form]")
    expect(form).to_be_visible()
    return form


def save(form: Locator) -> None:
    form.get_by_role("button", name="Guardar opción").click()
    expect(form).to_have_count(0)


def publish(page: Page) -> None:
    page.get_by_role("link", name="Publicar").click()
    seen = page.get_by_label("Lo vi: publicar igual")
    if seen.count():
        seen.check()
    page.get_by_label("Nota (opcional)").fill("Probando")
    page.get_by_role("button", name="Publicar").click()
    expect(page.get_by_text("Los clientes ven esto")).to_be_visible()


def titles(page: Page, menu: str) -> list[str]:
    """The options of a menu, without those of the menus below, in the order of the screen."""
    card = page.locator("section.mo-branch").filter(has=page.get_by_role("heading", name=menu, exact=True)).last
    return card.locator(":scope > .mo-entries > [data-option] > .mo-option .mo-strong").all_inner_texts()


def test_an_option_is_added_tried_and_published(story: StoryOfProcesses, editor: Page) -> None:
    form = add_option(editor)
    form.locator("[name=title]").fill("🎁 Promociones")
    form.locator("[name=action]").select_option("reply")
    form.locator("[name=text]").fill("Este mes, 50 % en la instalación.")
    expect(editor.locator("#menu-preview")).to_contain_text("Este mes, 50 % en la instalación.")
    save(form)
    expect(editor.locator("#menu-preview")).to_contain_text("5. 🎁 Promociones")
    expect(editor.get_by_text("1 cambio sin publicar")).to_be_visible()
    assert "Promociones" not in story.maria.asks("menú")

    publish(editor)
    assert "*5.* 🎁 Promociones" in story.maria.asks("menú")
    assert "50 % en la instalación" in story.maria.asks("5")

    editor.get_by_label("Subir 🎁 Promociones").click()
    expect(editor.locator("#menu-preview")).to_contain_text("4. 🎁 Promociones")
    editor.get_by_label("Bajar 🎁 Promociones").click()
    expect(editor.locator("#menu-preview")).to_contain_text("5. 🎁 Promociones")
    editor.get_by_label("Borrar 🎁 Promociones").click()
    expect(editor.locator("#menu-preview")).not_to_contain_text("🎁 Promociones")
    publish(editor)
    assert "Promociones" not in story.maria.asks("menú")


def test_an_option_is_dragged_within_its_menu_and_into_another(editor: Page) -> None:
    editor.set_viewport_size({"width": 1440, "height": 1800})
    handle = editor.get_by_label("Mover 📞 Hablar con técnico")
    over(editor, handle, editor.get_by_label("Mover 💳 Consultar estado de cuenta"))
    expect(editor.get_by_text("«📞 Hablar con técnico» quedó en el lugar 2 de «Menú principal».")).to_be_visible()
    assert titles(editor, "Menú principal")[1] == "📞 Hablar con técnico"
    expect(editor.get_by_label("Mover 📞 Hablar con técnico")).to_be_focused()

    over(editor, editor.get_by_label("Mover 📞 Hablar con técnico"), editor.get_by_label("Mover 🐢 Anda lento"))
    expect(editor.get_by_text("de «Problemas de internet».")).to_be_visible()
    assert "📞 Hablar con técnico" in titles(editor, "Problemas de internet")


def over(page: Page, what: Locator, where: Locator) -> None:
    """Drag by hand, in small steps, as a mouse does."""
    start, end = what.bounding_box(), where.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 10, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(start["x"] + 12, start["y"] + 16, steps=3)
    page.mouse.move(end["x"] + 12, end["y"] + 6, steps=12)
    page.mouse.move(end["x"] + 12, end["y"] + 4, steps=3)
    page.wait_for_timeout(300)  # what makes room is on its way
    page.mouse.up()


def test_an_option_is_moved_with_the_keyboard_alone(editor: Page) -> None:
    editor.get_by_label("Mover 💳 Consultar estado de cuenta").focus()
    editor.keyboard.press("ArrowRight")
    expect(editor.get_by_text("de «Problemas de internet».")).to_be_visible()
    assert titles(editor, "Problemas de internet")[-1] == "💳 Consultar estado de cuenta"
    expect(editor.get_by_label("Mover 💳 Consultar estado de cuenta")).to_be_focused()
    editor.keyboard.press("ArrowUp")
    expect(editor.get_by_text("quedó en el lugar 5 de «Problemas de internet».")).to_be_visible()
    expect(editor.get_by_label("Mover 💳 Consultar estado de cuenta")).to_be_focused()
    editor.keyboard.press("ArrowLeft")
    expect(editor.get_by_text("quedó en el lugar 2 de «Menú principal».")).to_be_visible()
    expect(editor.get_by_text("Los clientes ven esto")).to_be_visible()


def test_a_loop_is_refused_with_the_way_to_it(story: StoryOfProcesses, url: str, editor: Page) -> None:
    form = add_option(editor, "Problemas de internet")
    form.locator("[name=title]").fill("🔁 Al principio")
    form.locator("[name=action]").select_option("submenu")
    form.locator("[name=target]").select_option(label="Menú principal")
    save(form)
    expect(editor.get_by_text("1 cosa que arreglar antes de publicar")).to_be_visible()
    editor.get_by_role("link", name="Publicar").click()
    expect(editor.get_by_role("button", name="Publicar")).to_have_count(0)
    editor.get_by_role("link", name="vuelve a abrir «Menú principal»").click()
    expect(editor.locator("[data-option]").filter(has_text="🔁 Al principio").last).to_be_in_viewport()
    assert "Al principio" not in story.maria.asks("1")


def test_an_old_version_comes_back(story: StoryOfProcesses, editor: Page) -> None:
    story.maria.asks("hola")
    before = story.maria.asks("menú")
    number = story.do("published_menus")
    editor.get_by_label("Borrar 📄 Solicitar factura").click()
    expect(editor.get_by_text("«📄 Solicitar factura» se borró del borrador.")).to_be_visible()
    publish(editor)
    assert "Solicitar factura" not in story.maria.asks("menú")
    editor.get_by_role("link", name="Versiones").click()
    editor.get_by_label(f"Ver la versión {number}", exact=True).click()
    editor.get_by_role("button", name="Volver a esta versión").click()
    expect(editor.get_by_text(f"Rige de nuevo lo de la versión {number}")).to_be_visible()
    assert story.maria.asks("menú") == before


def test_the_draft_is_tried_as_any_customer(story: StoryOfProcesses, editor: Page) -> None:
    editor.get_by_label("Editar 📄 Solicitar factura").click()
    form = editor.locator("[data-option-form]")
    form.locator("[name=title]").fill("🧾 Mi factura")
    save(form)
    editor.get_by_role("link", name="Probar").click()
    editor.get_by_label("Buscar un cliente").fill("María Gonz")
    editor.get_by_role("button", name="Buscar").click()
    editor.get_by_role("link", name="María González").click()
    editor.get_by_label("Mensaje del cliente").fill("hola")
    editor.keyboard.press("Enter")
    talk = editor.locator("#talk")
    expect(talk).to_contain_text("Hola María")
    talk.get_by_role("button", name="🧾 Mi factura").click()
    expect(talk).to_contain_text("Se mandaría el PDF de la factura")
    editor.get_by_label("Mensaje del cliente").fill("quiero hablar con una persona")
    editor.keyboard.press("Enter")
    expect(talk).to_contain_text("Se crearía un ticket para Soporte")
    assert story.do("count_tickets") == 0


def field(form: Locator, name: str) -> Locator:
    """A control with its label and what is wrong with it."""
    return form.locator(".mo-field").filter(has=form.page.locator(f"[name={name}]"))


def test_what_is_wrong_is_told_at_its_field_and_nothing_typed_is_lost(url: str, page: Page) -> None:
    sign_in(page, url)
    page.goto(f"{url}/panel/menus/")
    form = add_option(page)
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


def test_an_option_is_edited_where_it_stands(editor: Page) -> None:
    preview = editor.locator("#menu-preview")
    for old, new in (("📞 Hablar con técnico", "📞 Hablar con una persona"), ("📞 Hablar con una persona", "📞 Gente")):
        editor.get_by_label(f"Editar {old}").click()
        form = editor.locator("[data-option-form]")
        form.locator("[name=title]").fill(new)
        save(form)
        expect(preview).to_contain_text(f"4. {new}")
