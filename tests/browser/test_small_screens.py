"""Every page on a telephone: nothing sideways, nothing broken."""

from tests.end_to_end.chromium import DESKTOP, MOBILE, browser, fits, page_of, sign_in
from tests.end_to_end.live import StoryOfProcesses

PAGES = (
    "/panel/",
    "/panel/conversaciones/",
    "/panel/sin-responder/",
    "/panel/mensajes-por-revisar/",
    "/panel/menus/",
    "/panel/textos/",
    "/panel/herramientas/",
    "/panel/grupos/",
    "/panel/horarios/",
    "/panel/tickets/ticket/",
    "/panel/customers/customer/",
    "/panel/customers/customer/add/",
    "/panel/billing/invoice/",
    "/panel/catalog/plan/",
    "/panel/catalog/zone/",
    "/panel/catalog/faq/",
    "/panel/company/company/",
    "/panel/company/holiday/",
    "/panel/channels/channel/",
    "/panel/agents/attentionsettings/",
    "/panel/accounts/user/",
    "/panel/accounts/user/add/",
    "/panel/password_change/",
)


def test_pages_fit_and_nothing_breaks(story: StoryOfProcesses, url: str) -> None:
    story.maria.says("quiero hablar con una persona")
    ticket, contact = story.ticket["id"], story.do("contact_of", phone_key=story.maria.person.key)
    wide: list[str] = []
    with browser() as chromium:
        for size in (MOBILE, DESKTOP):
            with page_of(chromium, size) as page:
                sign_in(page, url)
                for path in (*PAGES, f"/panel/ticket/{ticket}/", f"/panel/conversaciones/{contact}/"):
                    answer = page.goto(f"{url}{path}")
                    assert answer is not None
                    assert answer.status == 200, path
                    if not fits(page):
                        wide.append(f"{size[0]}: {path}")
    assert not wide
