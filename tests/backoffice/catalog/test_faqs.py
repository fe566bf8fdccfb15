"""Frequent questions: their order, and which one would answer (FAQV-01, FAQS-01)."""

import pytest
from django.test import Client
from django.urls import reverse

from backoffice.catalog.models import Faq
from backoffice.catalog.services import arrange_faqs, save_faq
from backoffice.common.errors import DomainError
from integrations.understanding.faqs import FaqEntry, match, ranked


@pytest.fixture
def faqs(db: None) -> list[Faq]:
    rows = [
        ("Costos", "¿Cuánto cuesta la instalación?", "La instalación cuesta {costo_instalacion}, en {empresa}."),
        ("Costos", "¿Puedo pagar en cuotas?", "Sí."),
        ("Tiempos", "¿Cuánto demora la instalación?", "Entre 24 y 48 horas."),
    ]
    return [
        save_faq(faq=Faq(area="sales", category=category, question=question, answer=answer))
        for category, question, answer in rows
    ]


def order() -> list[tuple[str, str]]:
    return [(faq.category, faq.question[:12]) for faq in Faq.objects.filter(area="sales")]


def test_a_new_one_goes_last(faqs):
    assert [faq.position for faq in faqs] == [1, 2, 3]


def test_dragging_moves_it_and_takes_the_category_where_it_falls(faqs):
    cost, quotas, time = (faq.pk for faq in faqs)
    assert arrange_faqs(area="sales", order=[("Tiempos", [time, cost]), ("Costos", [quotas])]) == 3
    assert order() == [("Tiempos", "¿Cuánto demo"), ("Tiempos", "¿Cuánto cues"), ("Costos", "¿Puedo pagar")]
    assert faqs[0].history.first().history_change_reason == "Cambio de orden"


def test_what_did_not_move_leaves_no_history_and_what_the_screen_did_not_know_stays(faqs):
    cost, quotas, time = (faq.pk for faq in faqs)
    assert arrange_faqs(area="sales", order=[("Costos", [cost, quotas]), ("Tiempos", [time])]) == 0
    arrange_faqs(area="sales", order=[("Tiempos", [time, 999_999])])
    assert [question for _, question in order()] == ["¿Cuánto demo", "¿Cuánto cues", "¿Puedo pagar"]


def test_a_category_needs_a_name(faqs):
    with pytest.raises(DomainError, match="necesita un nombre"):
        arrange_faqs(area="sales", order=[("  ", [faqs[0].pk])])


def test_the_page_keeps_the_order_that_was_dragged(admin: Client, faqs):
    cost, quotas, time = (str(faq.pk) for faq in faqs)
    page = admin.get(reverse("admin:panel_faqs"), {"area": "sales"}).text
    assert page.index("cuesta la instalación?</a>") < page.index("demora la instalación?</a>")
    data = {"area": "sales", "categoria": ["Tiempos", "Costos"], "pregunta-0": [time], "pregunta-1": [quotas, cost]}
    assert admin.post(reverse("admin:panel_arrange_faqs"), data).status_code == 204
    assert [question for _, question in order()] == ["¿Cuánto demo", "¿Puedo pagar", "¿Cuánto cues"]


@pytest.mark.parametrize("data", [{"area": "otra"}, {"area": "sales", "categoria": "Costos", "pregunta-0": "1" * 5000}])
def test_an_order_that_makes_no_sense_changes_nothing(admin: Client, faqs, data):
    before = order()
    assert admin.post(reverse("admin:panel_arrange_faqs"), data).status_code in (204, 400)
    assert order() == before


def test_it_says_which_one_answers_how_sure_it_is_and_the_runners_up(admin: Client, faqs):
    told = admin.get(reverse("admin:panel_try_faq"), {"pregunta": "cuanto cuesta la instalacion"}).text
    assert "«¿Cuánto cuesta la instalación?»" in told
    assert "100 % de confianza" in told
    assert "a confirmar según tu domicilio" in told
    assert "Le siguen" in told
    assert told.index("¿Cuánto cuesta") < told.index("¿Cuánto demora")


def test_it_says_when_none_is_close_enough(admin: Client, faqs):
    told = admin.get(
        reverse("admin:panel_try_faq"),
        {"pregunta": "venden televisores con control remoto para la instalacion de camaras"},
    ).text
    assert "hace falta un 60 %" in told


@pytest.mark.parametrize("text", ["cuanto cuesta la instalacion", "demora?", "pagar en cuotas", "hola", ""])
def test_the_first_of_the_ranking_is_the_bots_own_match(faqs, text):
    entries = [FaqEntry(str(faq.pk), faq.question, faq.phrases) for faq in faqs]
    found = match(text, entries)
    first = next(iter(ranked(text, entries)), None)
    assert found == (first if first is not None and first.score >= 0.6 else None)


def test_a_blank_that_nobody_fills_is_refused(admin: Client):
    data = {"area": "sales", "category": "Costos", "question": "¿Cuánto?", "answer": "Son {precio}", "active": "on"}
    answer = admin.post(reverse("admin:catalog_faq_add"), data)
    assert "No se conoce {precio}" in answer.text
    assert "Son {precio}" in answer.text
