"""The page, as a newcomer meets it in a real browser."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.backoffice.simulator.conftest import ANA, JUAN, MARIA, Api
from tests.end_to_end.chromium import CHROMIUM, browser

WIDE, SMALL = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


class Network:
    """The simulator over HTTP: the test's own thread belongs to the browser, so it asks the database nothing."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx.Client(base_url=f"{url}/simulator/api", trust_env=False)

    def post(self, path: str, **body: Any) -> Any:
        answer = self.http.post(path, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def bot_says(self, to: str, text: str) -> None:
        self.post("/network/send", to=to, text=text)

    def said(self, phone: str, chat: str = "bot") -> list[str]:
        answer = self.http.get("/messages", params={"phone": phone, "chat": chat})
        return [message["text"] for message in answer.json()["messages"]]


@pytest.fixture
def network(live_server, settings) -> Iterator[Network]:
    settings.SIMULATOR = True
    network = Network(live_server.url)
    for phone, name in ((MARIA, "María González"), (JUAN, "Juan Pérez"), (ANA, "Ana Ruiz")):
        network.post("/phones", phone=phone, name=name)
    yield network
    network.http.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One for all these tests. Django refuses the database to a thread that has an event loop, as playwright's has."""
    with pytest.MonkeyPatch.context() as environment, browser() as running:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield running


@pytest.fixture
def page(network: Network, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = chromium.new_context(viewport=getattr(request, "param", WIDE))
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto(f"{network.url}/simulator/")
    yield page
    context.close()
    assert not broken


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's Chromium")
class TestInABrowser:
    def test_scan_write_and_be_answered(self, network: Network, page: Page):
        page.get_by_role("button", name="Escanear").click()
        expect(page.get_by_text("CONECTADO", exact=True)).to_be_visible()
        maria = page.get_by_role("article", name="Teléfono de María González")
        maria.get_by_label("Mensaje", exact=True).fill("<b>Hola</b> & *gracias*")
        maria.get_by_label("Mensaje", exact=True).press("Enter")
        bubble = maria.locator(".row.mine .text")
        expect(bubble).to_have_text("<b>Hola</b> & gracias")
        expect(bubble.locator("strong")).to_have_text("gracias")
        expect(maria.get_by_label("Enviado")).to_be_visible()
        network.bot_says(f"p:{MARIA}", "Hola María 👋")
        expect(maria.get_by_text("Hola María 👋")).to_be_visible()

    def test_an_agent_quotes_a_ticket_by_touching_it(self, network: Network, page: Page):
        network.post("/scan")
        group = network.post("/network/groups", name="Soporte", members=[f"p:{ANA}"])["group"]
        network.bot_says(group, "🚨 Nuevo Ticket de Soporte")
        page.get_by_role("button", name="Ana Ruiz").click()
        ana = page.get_by_role("article", name="Teléfono de Ana Ruiz")
        ana.get_by_role("button", name="Soporte").click()
        ana.locator(".bubble").click()
        ana.get_by_label("Mensaje", exact=True).fill("Lo tomo")
        ana.get_by_role("button", name="Enviar", exact=True).click()
        expect(ana.locator(".row.mine .quoted")).to_contain_text("Nuevo Ticket de Soporte")
        expect(ana.locator(".row.mine .tick-sent")).to_be_visible()
        assert network.said(ANA, group.removeprefix("g:")) == ["🚨 Nuevo Ticket de Soporte", "Lo tomo"]

    def test_a_photo_for_whoever_has_none(self, network: Network, page: Page):
        network.post("/scan")
        maria = page.get_by_role("article", name="Teléfono de María González")
        for choice in ("Foto de prueba (un router)", "Audio de prueba"):
            maria.get_by_role("button", name="Adjuntar").click()
            maria.get_by_role("menuitem", name=choice).click()
        expect(maria.locator(".row.mine .photo img")).to_be_visible()
        expect(maria.locator(".row.mine audio")).to_be_visible()
        expect(maria.locator(".tick-sent")).to_have_count(2)

    def test_a_stranger_is_a_number_that_one_types(self, network: Network, page: Page):
        page.get_by_label("Un desconocido").fill("12")
        page.get_by_role("button", name="Abrir este teléfono").click()
        expect(page.get_by_role("alert")).to_contain_text("código de país")
        page.get_by_label("Un desconocido").fill("+54 9 387 555-1234")
        page.get_by_role("button", name="Abrir este teléfono").click()
        expect(page.get_by_role("article", name="Teléfono de +54 9 387 555-1234")).to_be_visible()

    def test_something_fails_on_purpose(self, network: Network, page: Page):
        page.get_by_role("button", name="Fallas").click()
        page.get_by_role("listitem").filter(has_text="Mensaje repetido").get_by_role("button").click()
        expect(page.get_by_text("En espera")).to_be_visible()
        page.get_by_role("button", name="Olvidar todas").click()
        expect(page.get_by_text("No hay fallas en espera.")).to_be_visible()

    def test_nothing_can_be_clicked_while_the_phones_take_their_places(self, network: Network, page: Page):
        held: list[Route] = []
        holding = True
        page.goto("about:blank")
        page.route("**/api/chats*", lambda route: held.append(route) if holding else route.continue_())
        page.goto(f"{network.url}/simulator/")
        expect(page.get_by_role("button", name="Escanear")).to_be_visible()
        expect(page.locator("#desk")).to_have_js_property("inert", True)
        holding = False
        for route in held:
            route.continue_()
        page.get_by_role("button", name="Escanear").click()
        expect(page.get_by_text("CONECTADO", exact=True)).to_be_visible()

    @pytest.mark.parametrize("page", [SMALL], indirect=True)
    def test_on_a_telephone_there_is_one_at_a_time(self, network: Network, page: Page):
        network.post("/scan")
        expect(page.get_by_role("article")).to_have_count(1)
        page.get_by_role("button", name="Ana Ruiz").click()
        expect(page.get_by_role("article", name="Teléfono de Ana Ruiz")).to_be_visible()
        expect(page.get_by_role("article", name="Teléfono de María González")).to_be_hidden()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    def test_a_click_is_heard_though_the_list_is_drawn_again_under_it(self, network: Network, page: Page):
        network.post("/scan")
        ana = page.get_by_role("button", name="Ana Ruiz")
        ana.hover()
        page.mouse.down()
        network.post("/phones", phone=ANA, name="Ana Ruiz Paz")
        expect(page.get_by_role("button", name="Ana Ruiz Paz")).to_be_visible()
        page.mouse.up()
        expect(page.get_by_role("article", name="Teléfono de Ana Ruiz Paz")).to_be_visible()


def test_the_page_has_no_inline_script_or_style(api: Api):
    html = api.client.get("/simulator/").content.decode()
    assert "<style" not in html
    assert " style=" not in html
    assert " onclick=" not in html
    assert "<script>" not in html
    assert 'href="/panel/"' in html
