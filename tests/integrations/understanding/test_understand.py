import subprocess
import sys
from decimal import Decimal

from integrations.understanding.base import Intent, Sentiment
from integrations.understanding.faqs import FaqEntry, match
from integrations.understanding.intents import intent
from integrations.understanding.local import understand
from integrations.understanding.sentiment import sentiment
from integrations.understanding.similar import same_word

SLOW = FaqEntry("slow", "Internet lento", ("lento",))


def test_a_burst_is_read_as_one_message():
    understood = understand("hola\nuna consulta\nmandame la factura\ndni 30111222")
    assert (understood.intent, understood.dni) == (Intent.INVOICE, "30111222")


def test_everything_a_message_says_is_in_one_answer():
    understood = understand(
        "pagué 18.500, mi dni es 30111222 y mi celular 15 234-5678", faqs=[SLOW], default_area="0261"
    )
    assert understood.intent is Intent.ALREADY_PAID
    assert (understood.dni, understood.phone_key, understood.amount) == ("30111222", "2612345678", Decimal(18500))
    assert (understood.faq_key, understood.faq_score) == (None, 0.0)


def test_the_invoice_of_a_month_keeps_the_month():
    understood = understand("mandame la factura de octubre")
    assert (understood.intent, understood.month) == (Intent.INVOICE, 10)


def test_an_option_is_a_number_and_not_a_document():
    understood = understand("2️⃣")
    assert (understood.number, understood.is_digit_choice, understood.dni) == (2, True, None)
    assert (understand("la dos").number, understand("la dos").is_digit_choice) == (2, False)


def test_a_question_that_staff_wrote_is_recognised():
    understood = understand("anda re lento el wifi", faqs=[SLOW])
    assert understood.faq_key == "slow"
    assert understood.faq_score >= 0.6


def test_an_empty_message_says_nothing():
    for empty in ("", "   ", "\x00", "👍", "\n\n"):
        understood = understand(empty, faqs=[SLOW])
        assert (understood.intent, understood.number, understood.dni, understood.faq_key) == (None, None, None, None)
        assert understood.sentiment is Sentiment.NEUTRO


def test_a_question_without_words_answers_nobody():
    assert match("lento", [FaqEntry("empty", "¿?", ("👍",))]) is None
    assert match("lento", [FaqEntry("only_keywords", "¿Y?", ("lento",))]) is not None


def test_typing_slips_lower_the_confidence():
    assert intent("no anda internet")[1] > intent("no anda intrenet")[1] > 0.5
    assert intent("quiero la facutra")[0] is Intent.INVOICE


def test_shouting_matters_only_in_trouble():
    assert sentiment("QUIERO VER MI FACTURA!!!") is Sentiment.NEUTRO
    assert sentiment("No funciona bien, hace un día") is Sentiment.FRUSTRADO
    assert sentiment("SIN SERVICIO OTRA VEZ!!!") is Sentiment.ENOJADO


def test_not_wanting_a_thing_is_not_lacking_it():
    no_connection = [FaqEntry("no_connection", "Sin conexión", ("no tengo internet",))]
    assert match("no me anda internet", no_connection)
    assert match("no quiero internet, quiero cable", no_connection) is None


def test_words_are_the_same_despite_endings_and_slips():
    assert same_word("factura", "facturas")
    assert same_word("clave", "contrasena")
    assert same_word("instalacion", "instalaron")
    assert not same_word("contrato", "contrasena")
    assert not same_word("pago", "paga")
    assert not same_word("cama", "cambiar")
    assert not same_word("2026", "20261")


def test_the_core_s_import_brings_only_the_standard_library():
    code = (
        "import sys, integrations.understanding.base;"
        "sys.exit(any(m.split('.')[0] in ('phonenumbers', 'rapidfuzz', 'django', 'httpx') for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
