"""Who may come in: right and wrong passwords, and the first password, which must be changed."""

import re

from playwright.sync_api import Page, expect

from tests.end_to_end.chromium import sign_in
from tests.end_to_end.live import StoryOfProcesses


def try_to_enter(page: Page, url: str, username: str, password: str) -> None:
    page.goto(f"{url}/panel/login/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")


def leave(page: Page) -> None:
    """By the menu under one's name, at the foot of the sidebar."""
    page.get_by_text("unfold_more").click()
    page.get_by_role("button", name="Salir").click()
    page.wait_for_url(re.compile("/panel/log(out|in)/"))


def test_a_wrong_password_is_told_and_the_right_one_enters(url: str, page: Page) -> None:
    try_to_enter(page, url, "elena", "no-es-esta")
    expect(page.get_by_text("Credenciales inválidas")).to_be_visible()
    try_to_enter(page, url, "elena", "fibrasur")
    expect(page.get_by_text("Consola en vivo")).to_be_visible()
    leave(page)
    page.goto(f"{url}/panel/conversaciones/")
    expect(page).to_have_url(re.compile("/panel/login/"))


def test_the_first_password_must_be_changed_before_anything(story: StoryOfProcesses, url: str, page: Page) -> None:
    story.do("create_user", username="nueva", password="provisoria-1", role="Supervisor", must_change=True)
    sign_in(page, url, "nueva", "provisoria-1")
    for path in ("/panel/", "/panel/conversaciones/", "/panel/tickets/ticket/", "/panel/customers/customer/add/"):
        page.goto(f"{url}{path}")
        expect(page.get_by_text("Elegí tu contraseña").first).to_be_visible()
        expect(page.get_by_role("link")).to_have_count(0)
    page.fill("input[name=new_password1]", "cuatro-perros-9")
    page.fill("input[name=new_password2]", "cuatro-perros-9")
    page.locator("form").filter(has=page.locator("[name=new_password1]")).locator("button[type=submit]").click()
    expect(page.get_by_text("Consola en vivo")).to_be_visible()
    leave(page)
    try_to_enter(page, url, "nueva", "provisoria-1")
    expect(page.get_by_text("Credenciales inválidas")).to_be_visible()
    try_to_enter(page, url, "nueva", "cuatro-perros-9")
    expect(page.get_by_text("Consola en vivo")).to_be_visible()
