"""Frequent questions put in order with the mouse and with the keyboard; a question tried (FAQV-01, FAQS-01)."""

from playwright.sync_api import Page, expect

from tests.end_to_end.chromium import sign_in


def order(page: Page) -> list[str]:
    return page.locator("[data-faq] a").all_inner_texts()


def opened(page: Page, url: str) -> list[str]:
    sign_in(page, url)
    page.goto(f"{url}/panel/preguntas/?area=support")
    return order(page)


def test_a_question_is_dragged_to_another_category_and_stays_there(page: Page, url: str) -> None:
    before = opened(page, url)
    first, second = page.locator("[data-category]").nth(0), page.locator("[data-category]").nth(1)
    moved = first.locator("[data-faq]").first
    name = moved.locator("a").inner_text()
    with page.expect_response("**/preguntas/orden/") as answer:
        moved.drag_to(second.locator("[data-faq]").first)
    assert answer.value.status == 204
    page.reload()
    assert name in page.locator("[data-category]").nth(1).inner_text()
    assert sorted(order(page)) == sorted(before)


def test_the_arrows_move_it_keep_the_focus_and_say_where_it_is(page: Page, url: str) -> None:
    opened(page, url)
    category = page.locator("[data-category]:has([data-faq] + [data-faq])").first
    first, second, *_ = category.locator("[data-faq] a").all_inner_texts()
    down = page.get_by_role("button", name=f"Bajar «{first}»")
    down.focus()
    with page.expect_response("**/preguntas/orden/"):
        page.keyboard.press("Enter")
    expect(down).to_be_focused()
    expect(page.locator("[data-told]")).to_contain_text("Guardado: lugar 2")
    page.reload()
    assert order(page).index(second) < order(page).index(first)


def test_a_question_is_tried_on_the_page(page: Page, url: str) -> None:
    opened(page, url)
    page.get_by_label("Pregunta de prueba").fill("anda re lento el wifi")
    page.get_by_role("button", name="Probar").click()
    expect(page.locator("#faq-answer")).to_contain_text("de confianza")
    expect(page.locator("#faq-answer")).to_contain_text("Le siguen")
