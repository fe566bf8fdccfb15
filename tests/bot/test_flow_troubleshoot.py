"""The known steps, and the person after them (SC-05, SC-08)."""

from dataclasses import replace

from bot.turn import OpenTicket
from tests.bot.world import MARIA, MARIA_OWES, Chat, rules, stranger


def test_slow_internet_gets_the_steps_and_twice_the_same_gets_a_person():
    chat = Chat()
    first = chat.says("anda re lento el wifi")
    assert "10 segundos" in first
    assert first.endswith("¿Se solucionó?")
    assert "acercate al módem" in chat.says("sigue igual")
    assert "Le paso todo a Soporte" in chat.says("sigue igual")
    ticket = chat.ticket_opened
    assert ticket.subject == "Internet lento o con cortes"
    assert ticket.message == "anda re lento el wifi"
    assert ticket.data == (("Ya probó", "reinicio del módem y revisión de cables y luces (2 intentos)"),)


def test_no_internet_has_its_own_steps():
    chat = Chat()
    assert "cables" in chat.says("No tengo internet desde esta mañana")
    assert "*rojo*" in chat.presses("No, sigue igual")


def test_when_it_works_again_it_is_celebrated():
    for answer in ("ya anda", "sí", "gracias"):
        chat = Chat()
        chat.says("no tengo internet")
        assert "¡Qué bueno!" in chat.says(answer)
        assert chat.state.flow == ""
    chat = Chat()
    chat.says("no tengo internet")
    assert "¡Qué bueno!" in chat.presses("ya anda")


def test_what_she_tells_on_the_way_reaches_the_agent():
    chat = Chat()
    chat.says("no tengo internet")
    chat.says("la luz de abajo parpadea en naranja")
    chat.says("no")
    assert chat.ticket_opened.data[1] == ("Además dijo", "la luz de abajo parpadea en naranja")


def test_the_button_for_a_person_takes_what_was_tried():
    chat = Chat()
    chat.says("no tengo internet")
    chat.presses("Hablar con una persona")
    assert chat.ticket_opened.data[0][0] == "Ya probó"


def test_another_request_leaves_the_steps():
    chat = Chat()
    chat.says("no tengo internet")
    chat.says("mandame la factura")
    assert chat.invoice_sent == 71
    assert chat.state.flow == ""


def test_a_photo_in_the_middle_is_not_an_answer():
    chat = Chat()
    chat.says("no tengo internet")
    assert "Recibí tu archivo" in chat.sends_file()


def test_without_the_frequent_question_the_steps_are_still_known():
    chat = Chat()
    chat.rules = rules(faqs={})
    assert "10 segundos" in chat.says("no tengo internet")
    other = Chat()
    other.rules = rules(faqs={})
    assert "10 segundos" in other.says("anda lento")


def test_some_trouble_is_asked_which():
    chat = Chat()
    assert "¿Qué te está pasando?" in chat.says("tengo un problema con el servicio")
    chat.says("2")
    assert chat.state.data["kind"] == "slow"
    other = Chat()
    other.says("tengo un problema con el servicio")
    other.says("1")
    assert other.state.data["kind"] == "no_internet"


def test_another_problem_is_told_in_words():
    chat = Chat()
    chat.says("tengo un problema con el servicio")
    chat.says("3")
    chat.says("me dejaron un cable colgando")
    assert chat.ticket_opened.data == (("Qué pasa", "me dejaron un cable colgando"),)


def test_the_menus_options_start_their_own_steps():
    for number, kind in (("1", "no_internet"), ("2", "slow")):
        chat = Chat()
        chat.says("hola")
        chat.says("1")
        chat.says(number)
        assert chat.state.data["kind"] == kind


def test_the_suspended_hear_why_and_how_to_pay_and_no_technical_case():
    chat = Chat(replace(MARIA_OWES, suspended=True))
    reply = chat.says("no me anda internet")
    assert "*suspendido*" in reply
    assert "$ 18.500,00" in reply
    assert "el martes 10/11" in reply
    assert chat.titles == ["💰 Pagar", "✅ Ya pagué", "📞 Hablar con una persona"]
    assert chat.all(OpenTicket) == []


def test_the_suspended_who_owe_nothing_are_looked_at_by_a_person():
    chat = Chat(replace(MARIA, suspended=True))
    assert "no veo deuda" in chat.says("no tengo internet")
    assert chat.ticket_opened


def test_a_button_pressed_after_the_steps_ended_offers_a_person():
    chat = Chat()
    assert "te paso con una persona" in chat.says("No, sigue igual", choice="do:still_same")
    assert "¡Qué bueno!" in chat.says("Sí, ya anda", choice="do:fixed")


def test_a_stranger_gets_the_steps_too():
    assert "10 segundos" in stranger().says("no tengo internet")
