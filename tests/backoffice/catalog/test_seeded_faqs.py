"""The frequent questions that the product brings (FAQV, FAQS, design 7)."""

import json
from pathlib import Path

import pytest
from django.conf import settings as project

from backoffice.catalog.models import Faq
from backoffice.catalog.prepare import prepare

pytestmark = pytest.mark.django_db


@pytest.fixture
def new_version(settings, tmp_path: Path):
    """Write the fixture as the next version brings it: the same, with these answers changed."""

    def write(**answers: str) -> None:
        seeds = json.loads((project.FIXTURES_DIR / "faqs.json").read_text(encoding="utf-8"))
        for seed in seeds:
            seed["answer"] = answers.get(seed["key"].replace("-", "_"), seed["answer"])
        (tmp_path / "faqs.json").write_text(json.dumps(seeds), encoding="utf-8")
        settings.FIXTURES_DIR = tmp_path
        prepare()

    return write


def test_the_questions_of_the_manual_are_there():
    prepare()
    for area, question in [
        ("sales", "¿Cuánto cuesta la instalación?"),
        ("sales", "¿Cuánto demora la instalación?"),
        ("sales", "¿Qué necesito para contratar?"),
        ("sales", "¿Es fibra óptica?"),
        ("support", "Mi internet está lento"),
        ("support", "No tengo internet"),
        ("support", "¿Cómo configuro mi email?"),
        ("support", "¿Cómo cambio la contraseña del WiFi?"),
    ]:
        assert Faq.objects.get(area=area, question=question).answer


def test_each_passes_the_panels_checks_and_has_its_history():
    prepare()
    for faq in Faq.objects.all():
        faq.full_clean()
        assert faq.history.count() == 1


def test_the_second_start_writes_nothing(django_assert_num_queries):
    prepare()
    with django_assert_num_queries(4):
        prepare()


def test_an_upgrade_corrects_what_staff_did_not_touch(new_version):
    prepare()
    new_version(fibra_optica="¡Sí!")
    assert Faq.objects.get(key="fibra-optica").answer == "¡Sí!"
    assert Faq.objects.get(key="fibra-optica").history.count() == 2


def test_what_staff_edited_or_deleted_is_theirs(new_version):
    prepare()
    mine = Faq.objects.get(key="fibra-optica")
    mine.answer = "Por ahora, antena."
    mine.save()
    Faq.objects.get(key="requisitos").delete()
    new_version(fibra_optica="¡Sí!", requisitos="Nada")
    assert Faq.objects.get(key="fibra-optica").answer == "Por ahora, antena."
    assert not Faq.objects.filter(key="requisitos").exists()


def test_a_staffs_own_order_and_switch_are_kept(new_version):
    prepare()
    Faq.objects.filter(key="fibra-optica").update(active=False, position=99)
    new_version(fibra_optica="¡Sí!")
    faq = Faq.objects.get(key="fibra-optica")
    assert (faq.active, faq.position, faq.answer) == (False, 99, "¡Sí!")
