"""Ctrl-K at a desk: what somebody remembers, the arrows, and Enter."""

from contextlib import suppress

from playwright.sync_api import Page, expect

from tests.cast import MARIA
from tests.end_to_end.chromium import MOBILE, fits, sign_in
from tests.end_to_end.live import StoryOfProcesses


def test_elena_finds_a_customer_a_case_and_a_screen_by_what_she_remembers(
    story: StoryOfProcesses, url: str, page: Page
) -> None:
    story.maria.says("no tengo internet, quiero hablar con una persona")
    number = story.ticket["number"]
    sign_in(page, url)

    def search(typed: str) -> None:
        page.keyboard.press("Control+k")
        box = page.locator("#search-input-command")
        box.fill("")
        box.press_sequentially(typed)

    results = page.locator("#command-results-list li")
    maria = results.filter(has_text=MARIA.name).filter(has_text="Cliente").first
    for _ in range(10):  # of a company that has just been loaded, each search makes some more findable
        search("0261 15 234-5678")
        with suppress(AssertionError):
            expect(maria).to_be_visible(timeout=2000)
            break
        page.locator("#search-input-command").press("Escape")
    expect(maria).to_be_visible()
    page.locator("#search-input-command").press("Escape")
    search(f"#{number}")
    expect(results.first).to_contain_text(f"#{number}")
    page.locator("#search-input-command").press("ArrowDown")
    page.locator("#search-input-command").press("Enter")
    page.wait_for_url(f"**/panel/ticket/{story.ticket['id']}/")
    page.set_viewport_size({"width": MOBILE[0], "height": MOBILE[1]})
    search("ajustes generales")
    expect(results.filter(has_text="Datos de la empresa").first).to_be_visible()
    assert fits(page)
