"""Every page on a telephone: nothing sideways, nothing broken. Then on a desk, where axe-core reads it too."""

from collections.abc import Iterable, Iterator

from django.contrib.admin.sites import site
from django.urls import reverse
from playwright.sync_api import Page, expect

from backoffice.panel.pages.changes import STORIES
from backoffice.panel.urls import urlpatterns
from tests.end_to_end.accessibility import barriers
from tests.end_to_end.chromium import DESKTOP, MOBILE, fits, sign_in
from tests.end_to_end.live import StoryOfProcesses

WITHOUT_THE_SIDEBAR = "#main"
LISTS = 10  # that axe-core reads: what differs between them are the cells
HISTORIES = 4
FORMS = ("customers_customer", "catalog_faq", "accounts_user", "company_holiday")  # one of each make


def pages_of_ours(ticket: int, contact: int) -> Iterator[str]:
    """From `panel/urls.py`, so that a new page is here by itself; some are no pages, which the test sees."""
    yield from ("/panel/", "/panel/password_change/")
    yield reverse("admin:panel_ticket", args=[ticket])
    yield reverse("admin:panel_chat", args=[contact])
    yield reverse("admin:panel_chat_merge", args=[contact])
    yield from (reverse("admin:panel_changes", args=[what]) for what in list(STORIES)[:HISTORIES])
    for pattern in urlpatterns:
        if not pattern.pattern.converters:
            yield reverse(f"admin:{pattern.name}")


def lists() -> Iterator[str]:
    for model in site._registry:
        yield reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def is_page(page: Page, address: str) -> bool:
    """Not what only takes a POST, nor a piece that a page asks for later."""
    answer = page.request.get(address)
    return answer.status not in (204, 405) and "<html" in answer.text()


def take(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})


def all_wrong(page: Page, addresses: Iterable[str], *, dark: bool = True) -> str:
    """What is wrong with these pages, each fault once, with where it was first seen; "" when nothing is.

    The sidebar is the same on all, so the first tells for it.
    """
    faults: dict[str, str] = {}
    within = ""
    for address in addresses:
        for fault in [*too_wide(page, address), *barriers(page, dark=dark, within=within)]:
            faults.setdefault(fault, address)
        within = WITHOUT_THE_SIDEBAR
    return "\n".join(f"{where}: {fault}" for fault, where in faults.items())


def too_wide(page: Page, address: str) -> list[str]:
    """Whether it scrolls sideways: loaded by a telephone, and then on a desk, where it stays."""
    take(page, MOBILE)
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, address
    found = [] if fits(page) else [f"too wide for {MOBILE[0]}"]
    take(page, DESKTOP)
    return found + ([] if fits(page) else [f"too wide for {DESKTOP[0]}"])


def test_every_page_of_ours_fits_and_is_for_everybody(story: StoryOfProcesses, url: str, page: Page) -> None:
    story.maria.says("quiero hablar con una persona")
    ticket, contact = story.ticket["id"], story.do("contact_of", phone_key=story.maria.person.key)
    wrong = all_wrong(page, [f"{url}/panel/login/"]) + all_wrong(page, [f"{url}/simulator/"])
    assert not wrong, wrong
    sign_in(page, url)
    seen = [f"{url}{path}" for path in pages_of_ours(ticket, contact) if is_page(page, f"{url}{path}")]
    assert len(seen) >= 17
    wrong = all_wrong(page, seen)
    assert not wrong, wrong


def test_every_list_fits_and_so_do_the_forms(story: StoryOfProcesses, url: str, page: Page) -> None:
    sign_in(page, url)
    page.goto(f"{url}/panel/customers/customer/")
    row = page.locator("#result_list tbody a").first.get_attribute("href")
    forms = [page.url, f"{url}{row}", *(url + reverse(f"admin:{form}_add") for form in FORMS)]
    found = [f"{url}{path}" for path in lists()]
    read = found[:: len(found) // LISTS]
    wrong = all_wrong(page, forms) + all_wrong(page, read, dark=False)
    assert not wrong, wrong
    wide = [f"{path}: {fault}" for path in found if path not in read for fault in too_wide(page, path)]
    assert not wide, wide


def test_what_opens_inside_a_page_fits_too(story: StoryOfProcesses, url: str, page: Page) -> None:
    take(page, MOBILE)
    sign_in(page, url)
    page.goto(f"{url}/panel/menus/")
    page.get_by_label("Editar 📞 Hablar con técnico").click()
    page.locator("[data-option-form] [name=action]").select_option("collect")
    expect(page.locator("[data-option-form] fieldset")).to_be_visible()
    assert fits(page)
    for path in ("/panel/grupos/", "/panel/textos/"):
        page.goto(f"{url}{path}")
        page.evaluate("document.querySelectorAll('.mo details').forEach(part => { part.open = true })")
        expect(page.locator(".mo details form").last).to_be_visible()
        assert fits(page), path


def test_lists_name_their_columns_as_spanish_does(url: str, page: Page) -> None:
    take(page, MOBILE)
    sign_in(page, url)
    page.goto(f"{url}/panel/customers/customer/")
    cell = page.locator("td[data-label='Número de cliente']").first
    expect(cell).to_be_visible()
    assert cell.evaluate("cell => getComputedStyle(cell, '::before').textTransform") == "none"
