"""Questions, small talk, files and the opt-out (SC-09, SC-24, FAQV, FAQS)."""

from dataclasses import replace
from datetime import time

import pytest

from bot.turn import MediaKind, OpenTicket, OptOut
from integrations.calendar.base import Schedule
from tests.bot.world import HOURS, MARIA_OWES, PENDING, ZONE, Chat, rules, stranger


def test_the_wifi_password_is_explained_and_it_asks_if_that_helped():
    chat = Chat()
    reply = chat.says("quiero cambiar la clave del wifi")
    assert "192.168.1.1" in reply
    assert reply.endswith("¿Te sirvió?")
    assert "¡Qué bueno!" in chat.says("si")


def test_an_answer_that_did_not_help_offers_a_person():
    chat = Chat()
    chat.says("¿cómo configuro mi email?")
    assert "te paso con una persona" in chat.presses("No")
    chat.says("dale")
    assert chat.did(OpenTicket)


def test_without_its_question_the_wifi_password_goes_on_as_any_text():
    chat = Chat()
    chat.rules = rules(faqs={})
    assert "¿Me lo decís con otras palabras?" in chat.says("clave del wifi")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("¿Cuánto demora la instalación?", "24 y 48 horas"),
        ("qué necesito para contratar", "comprobante de domicilio"),
        ("¿es fibra óptica?", "fibra óptica hasta el hogar"),
        ("cuánto sale la instalación?", "costo de la instalación"),
    ],
)
def test_a_prospect_is_answered_and_offered_to_contract(said: str, answer: str):
    chat = stranger()
    assert answer in chat.says(said)
    assert chat.titles == ["🚀 Quiero contratar", "🏠 Menú principal"]


def test_a_customer_who_asks_a_sales_question_is_only_answered():
    chat = Chat()
    assert "fibra óptica hasta el hogar" in chat.says("¿es fibra óptica?")
    assert chat.titles == []


def test_whoever_wants_the_service_leaves_name_and_address_for_sales():
    chat = stranger()
    assert "¿Cómo es tu nombre y apellido?" in chat.says("quiero contratar internet")
    chat.says("Ana Díaz")
    assert "equipo de Ventas" in chat.says("San Martín 450, centro")
    assert chat.ticket_opened.area == "sales"
    assert chat.ticket_opened.data == (("Nombre", "Ana Díaz"), ("Dirección", "San Martín 450, centro"))


def test_baja_and_alta_are_confirmed_and_kept():
    chat = Chat()
    assert "no te mandamos más promociones" in chat.says("BAJA")
    assert chat.did(OptOut).out
    assert "Volvés a recibir" in chat.says("alta")
    assert not chat.did(OptOut).out


def test_leaving_the_company_is_not_leaving_the_campaigns():
    chat = Chat()
    chat.says("quiero dar de baja el servicio")
    assert chat.all(OptOut) == []
    assert chat.did(OpenTicket)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("gracias", "De nada"),
        ("chau", "¡Que andes bien!"),
        ("ok", "👍"),
        ("no", "Dale, sin problema"),
        ("ya anda", "¡Qué bueno!"),
        ("sigue igual", "te paso con una persona"),
    ],
)
def test_small_talk(said: str, answer: str):
    assert answer in Chat().says(said)


def test_a_photo_without_words_is_offered_to_a_person_and_nothing_is_promised():
    chat = Chat()
    assert "Todavía no puedo leerlos" in chat.sends_file()
    chat.says("si")
    assert chat.ticket_opened.subject == "Mandó un archivo"


def test_a_photo_with_words_that_say_nothing_is_a_photo():
    assert "Recibí tu archivo" in Chat().sends_file(text="mirá esto che")
    chat = Chat()
    chat.sends_file()
    assert "Dale, sin problema" in chat.presses("No, gracias")


def test_a_receipt_that_says_so_is_a_payment():
    assert "¿De cuánto fue el pago" in Chat(MARIA_OWES).sends_file(text="te mando el comprobante de pago")


def test_an_audio_asks_for_words():
    assert "¿Me lo escribís" in Chat().sends_file(MediaKind.AUDIO)


def test_a_place_is_thanked_for():
    chat = Chat()
    assert "¡Gracias por la ubicación!" in chat.sends_place()
    assert chat.titles == ["🏠 Menú principal", "📞 Hablar con una persona"]


def test_stickers_are_friendly_once_and_never_climb_the_ladder():
    chat = Chat()
    assert "😊" in chat.says("🤣🤣")
    assert chat.says("😍") == ""
    assert "¿Me lo decís con otras palabras?" in chat.says("asdkj qwe")
    assert "😊" in chat.waits(minutes=11).says("")


def test_a_long_text_that_begins_with_hello_is_not_only_a_hello():
    reply = Chat().says("hola vecino le escribo por el asunto aquel del otro dia que le comente en la reunion")
    assert "¿Me lo decís con otras palabras?" in reply


@pytest.mark.parametrize(
    "said", ["¿cuál es el horario de atención?", "a qué hora abren", "horarios", "atienden los sábados?"]
)
def test_the_hours_are_told_with_equal_days_together(said: str):
    chat = Chat()
    chat.says("hola")
    assert chat.says(said).splitlines()[2:] == [
        "• Lunes a viernes: 08:00 a 12:00 y 14:00 a 18:00",
        "• Sábado: 09:00 a 13:00",
    ]


def test_whoever_waits_may_ask_when_it_opens():
    assert "Lunes a viernes" in Chat(ticket=PENDING).says("a qué hora abren mañana?")


def test_other_hours_are_told_too():
    def told(schedule: Schedule) -> str:
        return Chat(schedule=schedule).says("a qué hora abren")

    assert "las 24 horas" in told(replace(HOURS, always_open=True))
    assert "cuando quieras" in told(Schedule(ZONE, {}))
    weekend = Schedule(ZONE, {5: ((time(9), time(13)),), 6: ((time(9), time(13)),)})
    assert told(weekend).endswith("• Sábado y domingo: 09:00 a 13:00")


def test_when_an_invoice_is_due_is_a_question_about_the_account():
    assert "*Total: $ 18.500,00*" in Chat(MARIA_OWES).says("hola quiero saber cuando vence mi factura")


def test_laughter_is_no_mistake():
    for laugh in ("jajaja", "ja", "jejeje jaja", "ajajaj", "xd", "kkkk"):
        assert "😊" in Chat().says(laugh)
    assert "¿Me lo decís con otras palabras?" in Chat().says("ja" * 500 + "x")


def test_a_yes_that_nobody_asked_for_is_fine():
    assert "👍" in Chat().says("dale")
