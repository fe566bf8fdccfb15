"""Debian's Chromium, driven by playwright; nothing is downloaded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DESKTOP, MOBILE = (1440, 900), (390, 844)
PASSWORD = "fibrasur"  # of the demo


@contextmanager
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright  # here, so that its absence skips tests instead of breaking them

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        try:
            yield running
        finally:
            running.close()


@contextmanager
def page_of(running: Browser, size: tuple[int, int] = DESKTOP) -> Iterator[Page]:
    """A page of its own session, in Argentine Spanish. What breaks in it is an error of whoever uses it."""
    context = running.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="es-AR", timezone_id="America/Argentina/Buenos_Aires"
    )
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda message: broken.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    assert not broken, broken


def sign_in(page: Page, url: str, username: str = "admin", password: str = PASSWORD) -> None:
    page.goto(f"{url}/panel/login/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_url(f"{url}/panel/**")


def fits(page: Page) -> bool:
    """Whether nothing makes the page scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
