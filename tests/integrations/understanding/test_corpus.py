"""What people really write is read as a person would read it. To teach something new, add a phrase to the corpus."""

import pytest

from integrations.understanding.base import Intent, Sentiment
from integrations.understanding.faqs import FaqEntry, match
from integrations.understanding.local import understand
from integrations.understanding.phones import parse_phone, phone_key
from integrations.understanding.titles import pick
from tests.integrations.understanding.corpus_files import arrows, by_section

ROOT_MENU = [
    ("problem", "🌐 Reportar problema de internet"),
    ("balance", "💳 Consultar estado de cuenta"),
    ("invoice", "📄 Solicitar factura"),
    ("technician", "📞 Hablar con técnico"),
]
FAQS = [
    FaqEntry("installation_cost", "¿Cuánto cuesta la instalación?", ("costo instalación", "precio instalación")),
    FaqEntry("installation_time", "¿Cuánto demora la instalación?", ("demora", "cuándo instalan")),
    FaqEntry("requirements", "¿Qué necesito para contratar?", ("requisitos", "documentación", "contratar")),
    FaqEntry("technology", "¿Es fibra óptica?", ("fibra", "tecnología")),
    FaqEntry("slow", "🌐 Internet lento", ("lento", "lentitud", "velocidad", "anda lento")),
    FaqEntry("no_connection", "📶 Sin conexión", ("no tengo internet", "sin internet", "no anda internet")),
    FaqEntry("email", "📧 Configurar email", ("smtp", "imap", "configurar correo")),
    FaqEntry("wifi_password", "🔑 Cambiar contraseña WiFi", ("clave wifi", "cambiar clave", "contraseña")),
]


@pytest.mark.parametrize(("wanted", "phrase"), by_section("intents.txt"))
def test_a_phrase_asks_for_what_a_person_would_say(wanted, phrase):
    understood = understand(phrase)
    assert (understood.intent or "none") == wanted
    assert (understood.intent_score > 0) == (wanted != "none")


def test_every_intent_is_in_the_corpus():
    assert {section for section, _ in by_section("intents.txt")} == {*Intent, "none"}


@pytest.mark.parametrize(("mood", "phrase"), by_section("moods.txt"))
def test_a_phrase_sounds_as_a_person_would_hear_it(mood, phrase):
    understood = understand(phrase)
    assert understood.sentiment == Sentiment(mood)
    assert understood.sentiment_is_urgent == (mood in ("frustrado", "enojado"))


@pytest.mark.parametrize(("key", "phrase"), by_section("faqs.txt"))
def test_a_question_finds_its_answer_and_other_text_finds_none(key, phrase):
    found = match(phrase, FAQS)
    assert (found.key if found else "none") == key


@pytest.mark.parametrize(("written", "key"), arrows("phones.txt"))
def test_a_phone_has_one_key_however_it_is_written(written, key):
    assert (phone_key(written, "261") or "none") == key
    phone = parse_phone(written, "261")
    if phone and phone.key10:
        assert phone.e164 == f"+549{key}"


@pytest.mark.parametrize(("answer", "expected"), arrows("titles.txt"))
def test_an_answer_to_the_menu_picks_what_the_customer_meant(answer, expected):
    picked = pick(answer, ROOT_MENU)
    assert f"{picked.key or ''} ({picked.how})".strip() == expected
