"""A day at the desk of the panel: one takes María's chat and answers, the other sees it happen."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.end_to_end.chromium import MOBILE, fits, page_of, sign_in
from tests.end_to_end.live import StoryOfProcesses
from tests.scenarios.test_agents import PNG

SOON = 15_000


def open_chat(page: Page, url: str, contact: int, who: str = "elena") -> None:
    sign_in(page, url, who, "fibrasur")
    page.goto(f"{url}/panel/conversaciones/{contact}/")


def test_taking_and_answering(story: StoryOfProcesses, url: str, page: Page, chromium: Browser) -> None:
    story.maria.says("hola")
    story.maria.messages()
    contact = story.do("contact_of", phone_key=story.maria.person.key)
    open_chat(page, url, contact)
    page.get_by_role("button", name="Atender yo").click()
    box = page.get_by_label("Mensaje para el cliente")
    box.fill("Hola María, soy Elena")
    box.press("Enter")
    expect(page.locator(".mo-bubble.out.person")).to_contain_text("Hola María, soy Elena")
    expect(box).to_have_value("")
    story.goes_on()
    assert story.maria.hears() == "Hola María, soy Elena"
    expect(page.locator(".mo-bubble.out.person .mo-ticks")).to_have_text(re.compile("✓"), timeout=SOON)

    story.maria.says("gracias, sigue sin andar")
    assert story.maria.hears_nothing()  # the bot is silent meanwhile
    expect(page.locator(".mo-bubble.in").last).to_contain_text("sigue sin andar", timeout=SOON)

    page.locator("input[name=archivo]").set_input_files({"name": "luz.png", "mimeType": "image/png", "buffer": PNG})
    expect(page.locator("[data-file-name]")).to_contain_text("luz.png")
    box.fill("Mirá esta luz")
    page.get_by_role("button", name="Enviar").click()
    expect(page.locator(".mo-bubble.out.person img")).to_be_visible(timeout=SOON)
    page.locator("summary", has_text="Nota").click()
    page.get_by_label("Nota interna").fill("ONU sin luz")
    page.get_by_role("button", name="Guardar nota", exact=True).click()
    expect(page.locator(".mo-bubble.note")).to_contain_text("ONU sin luz")

    with page_of(chromium) as other:
        open_chat(other, url, contact, "admin")
        expect(other.locator("#chat-desk")).to_contain_text("Lo atiende Elena Soto")
        box.fill("un momento que")
        other.on("dialog", lambda dialog: dialog.accept())
        other.get_by_role("button", name="Seguir yo").click()
        expect(other.get_by_label("Mensaje para el cliente")).to_be_visible()
    expect(page.locator("#chat-desk")).to_contain_text("el bot no responde mientras tanto", timeout=SOON)
    story.goes_on()
    assert "Mirá esta luz" in story.maria.hears_all()


def test_what_is_typed_survives_a_refusal(story: StoryOfProcesses, url: str, page: Page) -> None:
    story.maria.says("hola")
    contact = story.do("contact_of", phone_key=story.maria.person.key)
    open_chat(page, url, contact)
    page.get_by_role("button", name="Atender yo").click()
    box = page.get_by_label("Mensaje para el cliente")
    box.fill("no me pierdas")
    page.locator("input[name=archivo]").set_input_files(
        {"name": "virus.png", "mimeType": "image/png", "buffer": b"MZ no soy una foto"}
    )
    page.get_by_role("button", name="Enviar").click()
    expect(page.get_by_role("alert")).to_contain_text("no se puede mandar")
    expect(box).to_have_value("no me pierdas")
    page.reload()
    expect(box).to_have_value("no me pierdas")


def test_on_a_telephone_it_is_one_column(story: StoryOfProcesses, url: str, page: Page) -> None:
    story.maria.says("quiero hablar con una persona")
    page.set_viewport_size({"width": MOBILE[0], "height": MOBILE[1]})
    sign_in(page, url, "elena", "fibrasur")
    page.goto(f"{url}/panel/conversaciones/?ver=esperan")
    assert fits(page)
    page.get_by_role("link", name=re.compile("María González")).click()
    expect(page.locator(".mo-desk-list")).to_be_hidden()
    page.get_by_role("button", name="Tomar el caso").click()
    box = page.get_by_label("Mensaje para el cliente")
    expect(box).to_be_in_viewport()
    assert fits(page)
    page.locator("summary", has_text="Pasar").click()
    assert fits(page)
    page.get_by_role("link", name="Volver a la lista").click()
    expect(page.locator(".mo-desk-list")).to_be_visible()
