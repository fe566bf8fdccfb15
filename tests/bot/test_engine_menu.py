"""Greeting once, the menu, and finding one's way in it (SC-01, SUP-02…06)."""

from dataclasses import replace

import pytest

from bot.rules import MenuCard, Option
from bot.turn import OpenTicket, Say
from tests.bot.world import MARIA, MARIA_OWES, Chat, rules, seed_menus, stranger

ROOT = [
    "🌐 Reportar problema de internet",
    "💳 Consultar estado de cuenta",
    "📄 Solicitar factura",
    "📞 Hablar con técnico",
]


def test_maria_says_hello_and_is_greeted_by_name_with_the_root_menu():
    chat = Chat()
    assert chat.says("Hola") == "Hola María 👋 ¿En qué te ayudo?"
    assert chat.titles == ROOT
    assert len(chat.all(Say)) == 1


def test_a_stranger_hears_who_is_talking():
    assert stranger().says("buenas").startswith("¡Hola! 👋 Soy el asistente virtual de FibraSur.")


def test_she_is_greeted_once_even_if_she_insists():
    chat = Chat()
    chat.says("hola")
    again = chat.says("hola", "hay alguien?")
    assert "Hola María" not in again
    assert chat.titles == ROOT


def test_a_first_message_that_asks_gets_greeting_and_answer_in_one_reply():
    reply = Chat().says("¿cuánto debo?")
    assert reply == "Hola María 👋\n\n¡Estás al día, María! 🎉 No tenés facturas pendientes."


def test_after_eight_hours_of_silence_she_is_greeted_again():
    chat = Chat()
    chat.says("hola")
    assert "Hola María" not in chat.waits(hours=7).says("menú")
    assert "Hola María" in chat.waits(hours=8).says("hola")


def test_a_number_answers_the_list_on_screen_and_the_next_day_there_is_none():
    chat = Chat()
    chat.says("hola")
    assert "al día" in chat.says("2")
    chat.waits(hours=9)
    assert chat.says("2").startswith("Hola María 👋")
    assert chat.titles == ROOT


@pytest.mark.parametrize(
    "said", ["2", "2️⃣", "la dos", "💳 Consultar estado de cuenta", "consultar estado de cuenta", "estdo de cuenta"]
)
def test_an_option_is_chosen_by_number_title_or_near_title(said: str):
    chat = Chat()
    chat.says("hola")
    assert "Estás al día" in chat.says(said)


def test_a_number_among_other_lines_is_seen():
    chat = Chat()
    chat.says("hola")
    assert "Estás al día" in chat.says("mmm", "2")


def test_a_submenu_opens_goes_back_and_comes_home():
    chat = Chat()
    chat.says("hola")
    chat.says("1")
    assert chat.titles[-1] == "↩️ Volver"
    chat.says("volver")
    assert chat.titles == ROOT
    chat.says("1")
    chat.says("0")
    assert chat.titles == ROOT
    chat.says("1")
    chat.presses("Volver")
    assert chat.titles == ROOT


def test_menu_works_anywhere():
    chat = Chat()
    chat.says("no tengo internet")
    chat.says("menú")
    assert chat.titles == ROOT
    assert chat.state.flow == ""


def test_volver_in_the_middle_of_a_flow_leaves_it():
    chat = stranger()
    chat.says("quiero ver mi deuda")
    chat.says("volver")
    assert chat.titles == ROOT


def test_a_number_off_the_list_shows_the_list_again():
    chat = Chat()
    chat.says("hola")
    assert chat.says("9").startswith("Ese número no está")
    assert chat.titles == ROOT
    assert "Estás al día" in chat.says("2")


def two_alike() -> dict[str, MenuCard]:
    options = (
        Option("1", "Plan hogar fibra", "reply", text="Hogar"),
        Option("2", "Plan comercio fibra", "reply", text="Comercio"),
    )
    return {"raiz": MenuCard("raiz", "Raíz", "¿Qué buscás?", options)}


def test_what_may_be_two_options_is_asked_again_with_only_those():
    chat = Chat(menus=two_alike(), root="raiz")
    chat.says("hola")
    assert chat.says("plan fibra") == "¿Cuál de estas querés? 🙂"
    assert chat.says("1").startswith("Hogar")


def test_the_predefined_answer_knows_the_company():
    menus = {"raiz": MenuCard("raiz", "", "¿?", (Option("1", "Dónde están", "reply", text="Somos {empresa} 🙂 {x}"),))}
    chat = Chat(menus=menus, root="raiz")
    chat.says("hola")
    assert chat.says("1") == "Somos FibraSur 🙂 {x}"
    assert chat.titles == ["🏠 Menú principal", "📞 Hablar con una persona"]


def test_an_answer_that_was_left_empty_shows_the_menu():
    menus = {"raiz": MenuCard("raiz", "", "¿Qué?", (Option("1", "Nada", "reply"),))}
    chat = Chat(menus=menus, root="raiz")
    chat.says("hola")
    assert chat.says("1") == "¿Qué?"


def test_create_ticket_says_its_text_and_hands_over():
    menus = {
        "raiz": MenuCard(
            "raiz", "", "¿Qué?", (Option("1", "Quiero fibra", "create_ticket", text="¡Dale!", area="sales"),)
        )
    }
    chat = Chat(menus=menus, root="raiz")
    chat.says("hola")
    reply = chat.says("1")
    assert reply.startswith("¡Dale!")
    assert "equipo de Ventas" in reply
    assert (chat.ticket_opened.area, chat.ticket_opened.subject) == ("sales", "Quiero fibra")


def test_an_option_whose_action_is_gone_goes_to_a_person():
    menus = {"raiz": MenuCard("raiz", "", "¿Qué?", (Option("1", "Antigua", "fly_to_the_moon"),))}
    chat = Chat(menus=menus, root="raiz")
    chat.says("hola")
    chat.says("1")
    assert chat.ticket_opened.subject == "Antigua"


def test_an_old_button_of_a_menu_that_is_gone_is_read_as_text():
    assert "Estás al día" in Chat().says("Consultar estado de cuenta", choice="opt:viejo:3")
    assert "¿En qué te ayudo?" in Chat().says("hola", choice="nonsense")


def test_a_menu_without_options_still_says_something():
    chat = Chat(menus={"raiz": MenuCard("raiz", "", "", ())}, root="raiz")
    assert "Contame qué necesitás" in chat.says("menú")
    empty = Chat(menus={"raiz": MenuCard("raiz", "", "¿Qué buscás?", ())}, root="raiz")
    assert "¿Qué buscás?" in empty.says("menú")


def test_a_chat_that_stands_in_a_deleted_menu_comes_home():
    chat = Chat()
    chat.says("hola")
    chat.says("1")
    chat.rules = rules(menus={"principal": seed_menus()["principal"]})
    chat.says("volver")
    assert chat.titles == ROOT


def test_the_last_option_of_the_root_hands_over_to_support():
    chat = Chat(MARIA_OWES)
    chat.says("hola")
    chat.says("Hablar con técnico")
    assert chat.did(OpenTicket).area == "support"


def test_a_burst_of_four_lines_gets_one_reply_that_uses_all():
    chat = Chat(replace(MARIA))
    reply = chat.says("hola", "una consulta", "mandame la factura", "dni 30111222")
    assert reply == "Hola María 👋\n\nAcá va tu última factura 📄"
    assert chat.invoice_sent == 71
