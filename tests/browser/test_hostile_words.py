"""What customers write, in a real browser: shown as text, and not run even where somebody got it into the markup."""

from playwright.sync_api import Browser, Page, expect

from tests.end_to_end.chromium import DESKTOP, sign_in
from tests.end_to_end.live import StoryOfProcesses
from tests.scenarios.test_agents import PNG

ATTACK = '<img src=x onerror="window.ran=1">{{7*7}}'
INTO_THE_MARKUP = """() => {
  const end = (html) => document.body.insertAdjacentHTML("beforeend", html);
  end('<img src="/nada.png" onerror="window.ran = 1">');
  end('<a id=x7 href="javascript:window.ran=1">x</a>');
  const script = document.createElement("script");
  script.textContent = "window.ran = 1";
  document.body.append(script);
  document.getElementById("x7").click();
}"""


def test_an_attack_is_read_in_the_simulator_and_in_the_panel(story: StoryOfProcesses, url: str, page: Page) -> None:
    story.maria.says(f"quiero hablar con una persona {ATTACK}")
    page.goto(f"{url}/simulator/")
    expect(page.get_by_text(ATTACK).first).to_be_visible(timeout=15_000)
    sign_in(page, url)
    for path in (f"ticket/{story.ticket['id']}/", "conversaciones/", ""):
        page.goto(f"{url}/panel/{path}")
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.ran") is None
    page.goto(f"{url}/panel/ticket/{story.ticket['id']}/")
    expect(page.get_by_text(ATTACK).first).to_be_visible()


def test_every_kind_of_message_has_its_bubble(story: StoryOfProcesses, url: str, page: Page) -> None:
    for kind in ("sticker", "poll", "contact", "reaction", "call", "revoked", "ephemeral"):
        story.maria.says(media={"kind": kind})
    story.maria.sends("image", PNG, filename="foto.png")
    page.goto(f"{url}/simulator/")
    maria = page.get_by_role("article", name="Teléfono de María González")
    for shown in ("Sticker", "Encuesta", "Contacto", "Reacción", "Llamada perdida", "Mensaje eliminado"):
        expect(maria.get_by_text(shown).first).to_be_visible(timeout=15_000)
    picture = maria.locator("a.photo img").first
    expect(picture).to_be_visible()
    page.wait_for_function("image => image.naturalWidth > 0", arg=picture.element_handle())


def test_a_script_in_the_markup_is_not_run(story: StoryOfProcesses, url: str, chromium: Browser) -> None:
    """The second lock: what the browser refuses it writes to the console, so this page is not one of `page_of`."""
    context = chromium.new_context(viewport={"width": DESKTOP[0], "height": DESKTOP[1]})
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    sign_in(page, url)
    page.evaluate(INTO_THE_MARKUP)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.ran") is None
    assert sum("Content Security Policy" in text for text in refused) >= 2
    context.close()
