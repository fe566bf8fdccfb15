"""A list leaves as it is seen; a long one is waited for, and downloaded when it is ready."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.end_to_end.chromium import MOBILE, fits, sign_in
from tests.end_to_end.live import StoryOfProcesses


def downloaded(page: Page, button: str) -> list[str]:
    with page.expect_download() as file:
        page.get_by_role("button", name=button).or_(page.get_by_role("link", name=button)).click()
    return Path(file.value.path()).read_bytes().decode("utf-8").splitlines()


def test_what_is_filtered_leaves_at_once_and_a_long_list_when_it_is_ready(
    story: StoryOfProcesses, url: str, page: Page
) -> None:
    sign_in(page, url)
    page.goto(f"{url}/panel/customers/customer/?status__exact=suspended")
    page.get_by_role("link", name="Exportar").click()
    page.get_by_label("Notas").uncheck()
    header, *rows = downloaded(page, "Exportar")
    assert header.startswith("\ufeffnúmero de cliente;nombre;")
    assert "notas" not in header
    assert rows
    assert all(";Suspendido;" in row for row in rows)

    story.do("many_labels", amount=10_001)
    page.goto(f"{url}/panel/conversations/label/export/")
    expect(page.get_by_text("el archivo se prepara aparte")).to_be_visible()
    page.get_by_role("button", name="Preparar el archivo").click()
    expect(page.get_by_role("progressbar", name="Etiquetas")).to_be_visible()
    page.set_viewport_size({"width": MOBILE[0], "height": MOBILE[1]})
    assert fits(page)
    story.do("do_jobs")
    assert len(downloaded(page, "Bajar")) > 10_001
    page.get_by_role("button", name="Borrar etiquetas").click()
    expect(page.get_by_text("No hay nada por bajar")).to_be_visible()
