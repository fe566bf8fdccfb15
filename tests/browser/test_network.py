"""The forms of the network ask only for what is needed."""

from playwright.sync_api import Page, expect

from tests.end_to_end.chromium import MOBILE, fits, sign_in


def test_moving_equipment_asks_only_what_its_destination_needs(url: str, page: Page) -> None:
    page.set_viewport_size({"width": MOBILE[0], "height": MOBILE[1]})
    sign_in(page, url)
    page.goto(f"{url}/panel/red/equipos/mover/")
    technician, customer = page.locator("[name=technician]"), page.locator("[name=customer]")
    expect(technician).to_be_visible()
    expect(customer).to_be_hidden()
    page.locator("[name=state]").select_option("installed")
    expect(technician).to_be_hidden()
    expect(customer).to_be_visible()
    assert fits(page)
    page.locator("[name=serials]").fill("HWTC0001")
    page.get_by_role("button", name="Mover").click()
    expect(page.get_by_text("Escribí qué cliente es")).to_be_visible()
    expect(page.locator("[name=serials]")).to_have_value("HWTC0001")
    expect(page.locator("[name=technician]")).to_be_hidden()
