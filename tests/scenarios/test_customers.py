"""SC-01, SC-02, SC-03, SC-10: customers and strangers write to the bot."""

from tests import cast
from tests.story import Story

ROOT_MENU = (
    "🌐 Reportar problema de internet",
    "💳 Consultar estado de cuenta",
    "📄 Solicitar factura",
    "📞 Hablar con técnico",
)


def test_sc01_maria_is_greeted_by_name_with_the_root_menu_in_one_message(story: Story) -> None:
    answer = story.maria.asks("Hola")
    assert "María" in answer
    for option in ROOT_MENU:
        assert option in answer


def test_sc01_she_is_greeted_once(story: Story) -> None:
    story.maria.asks("Hola")
    assert "Hola, María" not in story.maria.asks("hola de nuevo")


def test_sc02_a_stranger_proves_who_they_are_before_hearing_of_any_debt(story: Story) -> None:
    first = story.lucia.asks("quiero ver mi deuda")
    assert "DNI" in first
    second = story.lucia.asks("30111222")
    assert "$" not in second
    assert "María" not in second
    told = story.lucia.asks("261 234-5678")  # the phone on file, which is not the one that writes
    assert "$ 18.500,00" in told


def test_sc02_after_three_failures_a_person_is_offered(story: Story) -> None:
    story.lucia.asks("quiero ver mi deuda")
    heard = ""
    for _ in range(3):
        story.lucia.asks("20999888")
        heard = story.lucia.asks("1111")
    assert "$" not in heard
    assert "persona" in heard or "equipo" in heard or "agente" in heard


def test_sc03_both_forms_of_her_number_are_one_contact_and_one_chat(story: Story) -> None:
    story.maria.asks("Hola")
    other_form = story.phone("542612345678")
    other_form.says("hola")
    assert story.do("count_contacts", phone_key=cast.MARIA.key) == 1
    assert story.maria.hears()


def test_sc10_what_she_owes_with_number_due_date_and_ways_to_pay(story: Story) -> None:
    answer = story.maria.asks("¿cuánto debo?")
    assert "$ 18.500,00" in answer
    assert "vence" in answer.lower()
    for option in ("Pagar", "actura", "Ya pagué"):
        assert option in answer


def test_pay_shows_the_companys_alias_and_the_invoice_arrives_as_a_document(story: Story) -> None:
    story.maria.asks("¿cuánto debo?")
    assert "FIBRASUR.DEMO" in story.maria.asks("pagar")
    story.maria.says("mandame la factura")
    documents = [line for line in story.maria.messages() if line["media"]]
    assert len(documents) == 1
    assert documents[0]["media"]["mimetype"] == "application/pdf"


def test_sc23_a_burst_gets_one_answer_that_uses_all_of_it(story: Story) -> None:
    for line in ("hola", "una consulta", "mandame la factura"):
        story.maria.writes(line)
    story.goes_on()
    heard = [line for line in story.maria.messages() if line["from"] == "bot"]
    assert sum(1 for line in heard if not line["media"]) <= 1
    assert any(line["media"] for line in heard)
