"""What axe-core says of a page: keyboards, screen readers and tired eyes can work in it too (WCAG 2.1 AA)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

SEVERE = ("critical", "serious")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}


@cache
def _axe() -> str:
    from axe_playwright_python.base import AXE_FILE_PATH

    return str(AXE_FILE_PATH.read_text(encoding="utf-8"))


def barriers(page: Page, *, dark: bool = True, within: str = "") -> list[str]:
    """The critical and serious violations of the page that is shown; with `dark`, of its colours there too.

    `within` is the selector of the part that is looked at, where the rest was before.
    """
    page.evaluate(_axe())
    page.emulate_media(reduced_motion="reduce")
    found = _told(page, "light", RULES, within)
    if not dark:
        return found
    _darken(page, True)
    found += _told(page, "dark", CONTRAST, within)
    _darken(page, False)
    return found


def _darken(page: Page, dark: bool) -> None:
    """As the panel's switch does; the simulator's page follows the browser's wish."""
    page.emulate_media(color_scheme="dark" if dark else "light")
    page.evaluate("dark => document.documentElement.classList.toggle('dark', dark)", dark)


def _told(page: Page, theme: str, options: dict[str, Any], within: str) -> list[str]:
    run = "([within, options]) => axe.run(within || document, options).then(found => found.violations)"
    violations = page.evaluate(run, [within, options])
    return [
        f"{theme}: {violation['id']}: {node['target'][0]}: {node['html'][:160]} {_why(node)}"
        for violation in violations
        if violation["impact"] in SEVERE
        for node in violation["nodes"]
    ]


def _why(node: dict[str, Any]) -> str:
    return "; ".join(reason["message"] for reason in node["any"][:1])
