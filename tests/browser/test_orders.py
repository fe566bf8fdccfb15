"""The list of orders at a desk and on a telephone: «+», a header's filter, nothing sideways."""

from playwright.sync_api import Page, expect

from tests.end_to_end.chromium import MOBILE, fits, sign_in
from tests.end_to_end.live import StoryOfProcesses


def test_sofia_looks_behind_plus_and_filters_by_state(story: StoryOfProcesses, url: str, page: Page) -> None:
    story.do("keep_orders")
    story.lucia.says("hola")
    story.maria.says("quiero hablar con una persona")
    sign_in(page, url, "sofia")
    page.goto(f"{url}/panel/sales/salesorder/")
    lucia, maria = (page.locator("tr.mo-order", has_text=name) for name in ("Lucía Paz", "María González"))
    expect(lucia).to_contain_text("Incompleto")
    expect(maria).to_contain_text("Completo")
    maria.locator("[data-more]").click()
    expect(page.get_by_label("Historia del pedido")).to_contain_text("El bot")
    maria.locator("[data-more]").click()
    expect(page.get_by_label("Historia del pedido")).to_be_hidden()
    page.get_by_label("Estado").select_option("incompleto")
    expect(maria).to_have_count(0)
    assert page.url.endswith("/?estado=incompleto")
    page.set_viewport_size({"width": MOBILE[0], "height": MOBILE[1]})
    lucia.locator("[data-more]").click()
    expect(page.get_by_label("Historia del pedido")).to_be_visible()
    assert fits(page)
    lucia.get_by_role("link", name="Editar").click()
    expect(page.get_by_label("Pasar a")).to_be_visible()
    assert fits(page)
