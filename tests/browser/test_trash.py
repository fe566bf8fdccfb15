"""What somebody deletes by mistake: where it went is told, and it is whole again in two clicks."""

from playwright.sync_api import Page, expect

from tests.end_to_end.chromium import MOBILE, fits, sign_in
from tests.end_to_end.live import StoryOfProcesses


def test_a_customer_who_was_deleted_is_whole_again(story: StoryOfProcesses, url: str, page: Page) -> None:
    key = story.do("new_customer", name="Pedro Lucero", phones=["261 555-1234", "261 555-9876"])
    sign_in(page, url)
    page.goto(f"{url}/panel/customers/customer/{key}/delete/")
    page.get_by_role("button", name="Sí, borrar").click()
    expect(page.get_by_text("Quedó en la papelera 30 días.")).to_be_visible()
    page.get_by_role("link", name="Ver la papelera").click()
    row = page.locator("#result_list tr", has_text="Pedro Lucero")
    expect(row).to_contain_text("1 cliente, 2 teléfonos, 1 servicio")
    page.set_viewport_size({"width": MOBILE[0], "height": MOBILE[1]})
    assert fits(page)
    page.get_by_role("button", name="Restaurar Pedro Lucero").click()
    expect(page.get_by_text("«Pedro Lucero» está de vuelta como estaba.")).to_be_visible()
    expect(row).to_have_count(0)
    page.goto(f"{url}/panel/customers/customer/{key}/change/")
    expect(page.locator("[name=phones-0-number], [name=phones-1-number]")).to_have_count(2)
    expect(page.locator("[name=phones-1-number]")).to_have_value("+5492615559876")
    expect(page.locator("[name=services-0-address]")).to_have_value("San Martín 450")
