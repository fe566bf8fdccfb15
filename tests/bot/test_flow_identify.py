"""Who is writing (SC-02): one datum and one proof, nothing shown before, three failures and a person."""

from dataclasses import replace

import pytest

from bot.flows.identify import lookup_terms
from bot.turn import LinkCustomer, State
from tests.bot.world import CARLOS, MARIA_OWES, Chat, stranger

MARIAS_DATA = ("María", "18.500", "San Martín", "0001-0000007")


def shows_nothing(reply: str) -> bool:
    return not any(datum in reply for datum in MARIAS_DATA)


def test_a_stranger_proves_who_she_is_and_gets_what_she_asked():
    chat = stranger()
    assert "*DNI*" in chat.says("quiero ver mi deuda")
    reply = chat.says("30.111.222")
    assert "*número de cliente*" in reply
    assert shows_nothing(reply)
    reply = chat.says("cliente 1001")
    assert "¡Listo, María!" in reply
    assert "$ 18.500,00" in reply
    assert chat.did(LinkCustomer) == LinkCustomer(1, verified=True)
    assert "$ 18.500,00" in chat.says("cuánto debo")


@pytest.mark.parametrize("proof", ["1001", "261 234-5678", "vivo en san martin 450"])
def test_any_other_datum_of_hers_is_proof(proof: str):
    chat = stranger()
    chat.says("quiero ver mi deuda")
    chat.says("30111222")
    assert "¡Listo, María!" in chat.says(proof)


@pytest.mark.parametrize("proof", ["27888999", "261 444 0000", "belgrano al 1200"])
def test_the_client_number_may_come_first(proof: str):
    chat = stranger()
    chat.says("quiero ver mi deuda")
    assert "*DNI*" in chat.says("fs-2002")
    assert "¡Listo, Carlos!" in chat.says(proof)


def test_both_data_in_one_message_are_enough():
    chat = stranger()
    chat.says("quiero ver mi deuda")
    assert "$ 18.500,00" in chat.says("dni 30111222, cliente 1001")


def test_all_in_the_first_burst_is_answered_at_once():
    reply = stranger().says("hola", "quiero ver mi deuda", "mi dni es 30111222", "soy cliente 1001")
    assert "$ 18.500,00" in reply


def test_the_dni_that_came_with_the_request_is_not_asked_again():
    chat = stranger()
    assert "*número de cliente*" in chat.says("hola", "una consulta", "mandame la factura", "dni 30111222")
    chat.says("1001")
    assert chat.invoice_sent == 71


def test_the_month_that_was_asked_is_remembered():
    chat = stranger(known=(MARIA_OWES,))
    chat.says("mandame la factura de octubre")
    chat.says("30111222")
    chat.says("1001")
    assert chat.invoice_sent == 70


def test_an_option_of_the_menu_is_remembered():
    chat = stranger()
    chat.says("hola")
    chat.says("3")
    chat.says("30111222")
    chat.says("1001")
    assert chat.invoice_sent == 71


def test_a_dni_that_exists_and_one_that_does_not_sound_the_same():
    there, absent = stranger(), stranger()
    for chat in (there, absent):
        chat.says("quiero ver mi deuda")
    assert there.says("30111222") == absent.says("31999888")
    assert there.says("9999") == absent.says("9999")


def test_the_same_datum_twice_proves_nothing():
    dni_is_code = replace(MARIA_OWES, code="30111222")
    chat = stranger(known=(dni_is_code,))
    chat.says("quiero ver mi deuda")
    assert "no coinciden" not in chat.says("30111222")
    assert "no coinciden" in chat.says("30111222")


def test_three_failures_and_a_person():
    chat = stranger()
    chat.says("quiero ver mi deuda")
    for proof in ("7777", "8888"):
        chat.says("30111222")
        assert "no coinciden" in chat.says(proof)
    chat.says("30111222")
    reply = chat.says("1002")
    assert "lo vemos con una persona" in reply
    assert shows_nothing(reply)
    assert chat.ticket_opened.subject == "No pudo confirmar sus datos"
    assert chat.state.flow == ""


def test_failures_are_not_forgotten_by_going_round_the_menu():
    chat = stranger()
    for _ in range(3):
        chat.says("quiero ver mi deuda")
        chat.says("30111222")
        chat.says("7777")
        chat.waits(minutes=5).says("menú")
    assert "lo vemos con una persona" in chat.says("quiero ver mi deuda")
    assert "*DNI*" in chat.waits(minutes=61).says("quiero ver mi deuda")


def test_who_succeeds_starts_afresh():
    chat = stranger()
    chat.says("quiero ver mi deuda")
    chat.says("no sé")
    chat.says("30111222")
    chat.says("1001")
    assert "unproved" not in chat.state.memory


def test_answers_without_any_datum_count_too():
    chat = stranger()
    chat.says("quiero ver mi deuda")
    assert "no veo un DNI" in chat.says("no sé")
    assert "*número de cliente*" in chat.says("30111222")
    assert "*número de cliente*" in chat.says("no me acuerdo")
    chat.says("ni idea che")
    assert chat.ticket_opened


def test_another_persons_proof_is_no_proof():
    chat = stranger()
    chat.says("quiero ver mi deuda")
    chat.says("30111222")
    assert "no coinciden" in chat.says("FS-2002")


def test_two_customers_with_one_document_are_told_apart_by_the_proof():
    twin = replace(CARLOS, document="30111222")
    chat = stranger(known=(MARIA_OWES, twin))
    chat.says("quiero ver mi deuda")
    chat.says("30111222")
    assert "¡Listo, Carlos!" in chat.says("FS-2002")


def test_a_company_is_found_by_the_dni_inside_its_cuit():
    cuit = replace(MARIA_OWES, document="27301112221")
    state = State()
    terms = lookup_terms(state, "dni 30111222")
    assert any(term.startswith("27") and len(term) == 11 for term in terms)
    assert cuit.document not in lookup_terms(state, "hola")


def test_the_owner_of_a_shared_phone_only_says_which_account():
    son = replace(CARLOS, phone_keys=("2612345678",))
    chat = Chat(None, known=(MARIA_OWES, son))
    assert "*DNI*" in chat.says("cuánto debo")
    reply = chat.says("30111222")
    assert "¡Listo, María!" in reply
    assert "$ 18.500,00" in reply


def test_a_hidden_phone_identifies_as_everybody():
    chat = Chat(None, phone="")
    chat.says("cuánto debo")
    assert "*número de cliente*" in chat.says("30111222")


def test_a_person_may_be_asked_for_half_way():
    chat = stranger()
    chat.says("quiero ver mi deuda")
    chat.says("no sé, pasame con una persona")
    assert chat.ticket_opened


def test_a_late_answer_is_told_so():
    chat = stranger()
    chat.says("quiero ver mi deuda")
    assert "Pasó un rato" in chat.waits(minutes=31).says("martes")


def test_an_old_button_leaves_the_flow():
    chat = stranger()
    chat.says("hola")
    key = chat.state.options[0][0]
    chat.says("quiero ver mi deuda")
    chat.says("Reportar problema de internet", choice=key)
    assert chat.state.flow == ""
    assert "No tengo internet" in chat.titles[0]


def test_what_the_shell_must_look_up():
    asking = State(flow="identify", step="proof", data={"claims": ["30111222"]})
    assert "30111222" in lookup_terms(asking, "no sé")
    assert {"fs-2002", "FS-2002"} <= set(lookup_terms(asking, "es el fs-2002"))
    assert "FS-2002" in lookup_terms(State(), "soy el cliente N° FS-2002")
    assert lookup_terms(State(), "hace 3 días que no anda") == ()
