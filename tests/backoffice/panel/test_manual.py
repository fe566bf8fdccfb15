"""The manual inside the panel: its pages, its pictures, and the box that finds any word of them."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from backoffice.panel.manual.library import REST, manual
from backoffice.panel.manual.rendering import render
from backoffice.panel.manual.searching import find, stem


def _sections(question: str) -> list[tuple[str, str]]:
    return [(hit.page, hit.section) for hit in find(question)]


def test_every_page_is_in_a_chapter_and_ends_with_what_to_do_when_something_fails() -> None:
    book = manual()
    assert REST not in [chapter.title for chapter in book.chapters]
    for page in book.pages.values():
        assert page.title
        assert page.rendered.sections[-1].title == "Si algo no anda", page.slug


def test_everybody_reads_it_and_pages_lead_to_each_other(signed_in: Callable[..., Client]) -> None:
    client = signed_in("Operador")
    front = client.get(reverse("admin:panel_manual")).text
    for page in manual().pages.values():
        url = reverse("admin:panel_manual_page", args=[page.slug])
        assert url in front
        assert client.get(url).status_code == 200
    users = client.get(reverse("admin:panel_manual_page", args=["usuarios"])).text
    assert 'href="/panel/manual/agentes-y-grupos/"' in users
    assert 'src="/panel/manual/img/usuarios.png"' in users
    assert client.get(reverse("admin:panel_manual_page", args=["no-existe"])).status_code == 404


def test_a_page_leads_to_its_screens_for_whoever_may_open_them(signed_in: Callable[..., Client], admin: Client) -> None:
    page = reverse("admin:panel_manual_page", args=["horarios-y-feriados"])
    assert "Ir a Feriados" in admin.get(page).text
    assert "Ir a Feriados" not in signed_in("Operador", username="olga").get(page).text


def test_a_picture_is_one_of_the_manual_and_nothing_else(admin: Client) -> None:
    picture = admin.get(reverse("admin:panel_manual_picture", args=["usuarios.png"]))
    assert picture.headers["Content-Type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    for wrong in ("..%2Fusuarios.md", "%2e%2e%2f%2e%2e%2fsettings.py", "no-existe.png", "usuarios.md"):
        assert admin.get(f"/panel/manual/img/{wrong}").status_code == 404, wrong


def test_what_is_written_in_a_page_is_never_run() -> None:
    html = render("# Título\n\n<script>alert(1)</script> [clic](javascript:alert(1)) <b>no</b>").html
    assert "<script" not in html
    assert "<b>" not in html
    assert 'href="javascript' not in html


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("feriado", ("Horarios y feriados", "")),
        ("HORARIOS", ("Horarios y feriados", "")),
        ("verificacion", ("Mi cuenta", "Verificación en dos pasos")),
        ("publicación del menú", ("Menú del bot", "Publicar")),
        ("transferir un caso", ("Comandos de los agentes", "Lo que empieza con / nunca le llega al cliente")),
        ("credenciales invalidas", ("Primeros pasos", "Si algo no anda")),
    ],
)
def test_a_word_is_found_however_it_is_written(question: str, place: tuple[str, str]) -> None:
    assert place in _sections(question)[:3]


def test_a_hit_shows_the_sentence_with_what_was_found(admin: Client) -> None:
    hit = find("cbu")[0]
    assert ("CBU", True) in hit.pieces
    page = admin.get(reverse("admin:panel_manual"), {"q": "cbu"}, headers={"HX-Request": "true"}).text
    assert "<mark>CBU</mark>" in page
    assert "<html" not in page


def test_what_nobody_wrote_is_told_and_small_words_find_nothing_by_themselves(admin: Client) -> None:
    assert find("xilofón") == []
    assert find("") == []
    assert "Nada habla de «xilofón»" in admin.get(reverse("admin:panel_manual"), {"q": "xilofón"}).text
    assert _sections("el feriado") == _sections("feriado")


@pytest.mark.parametrize(("one", "other"), [("feriados", "feriado"), ("conectar", "conectado"), ("planes", "plan")])
def test_words_of_one_family_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_the_search_of_everything_finds_it_too(signed_in: Callable[..., Client]) -> None:
    found = signed_in("Operador").get(reverse("admin:search"), {"s": "feriado", "extended": "1"}).text
    assert "Manual · Horarios y feriados" in found
