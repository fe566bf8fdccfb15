"""Passing to people: hours, holidays, anger, the case that waits and the case that is attended (SC-20…22, SC-30)."""

from dataclasses import replace
from datetime import datetime

import pytest

from bot.turn import AddToTicket, MediaKind, OpenTicket, RelayToAgent
from integrations.calendar.base import HolidayCard, Schedule
from tests.bot.world import (
    ATTENDED,
    CHRISTMAS,
    HOURS,
    MARIA_OWES,
    PENDING,
    SATURDAY_NIGHT,
    TUESDAY,
    ZONE,
    Chat,
    stranger,
)

MONDAY_8 = datetime(2026, 11, 30, 8, 0, tzinfo=ZONE)


def test_in_hours_a_person_is_told_at_once():
    chat = Chat()
    reply = chat.says("quiero hablar con una persona")
    assert "Ya le avisé al equipo de Soporte" in reply
    assert chat.ticket_opened.announce_at is None
    assert not chat.ticket_opened.urgent


def test_the_case_carries_her_own_words_and_worst_mood():
    chat = Chat()
    chat.says("hola, la verdad que estoy cansada, hace tres días que el servicio anda muy mal")
    chat.says("persona")
    assert chat.ticket_opened.message.startswith("hola, la verdad que estoy cansada")
    assert chat.ticket_opened.sentiment in ("frustrado", "enojado")
    assert chat.ticket_opened.urgent


def test_on_saturday_night_the_closed_notice_is_told_once_with_the_opening():
    chat = Chat(now=SATURDAY_NIGHT)
    assert "Volvemos el lunes 30/11 a las 08:00." in chat.says("quiero hablar con una persona")
    assert chat.ticket_opened.announce_at == MONDAY_8
    chat.ticket = PENDING
    for text in ("hola?", "es por la factura que vino mal", "me escuchan?"):
        assert chat.waits(minutes=2).says(text) == ""
        assert chat.did(AddToTicket).ticket_id == PENDING.id


def test_a_second_case_before_the_same_opening_does_not_repeat_the_notice():
    chat = Chat(now=SATURDAY_NIGHT)
    chat.says("persona")
    reply = chat.waits(hours=1).says("quiero hablar con una persona")
    assert "Volvemos" not in reply
    assert "Ya quedó anotado" in reply


def test_without_a_message_of_their_own_the_bot_has_words_for_the_closed_hours():
    chat = Chat(now=SATURDAY_NIGHT, closed_message=" ", schedule=Schedule(ZONE, {}))
    assert "Volvemos en cuanto podamos" in chat.says("persona")
    assert chat.ticket_opened.announce_at is None


def test_on_a_holiday_nobody_is_promised_and_self_service_still_works():
    chat = Chat(MARIA_OWES, now=CHRISTMAS)
    reply = chat.says("persona")
    assert "Hoy es feriado (Navidad). Volvemos mañana a las 09:00." in reply
    assert chat.ticket_opened.announce_at == datetime(2026, 12, 26, 9, 0, tzinfo=ZONE)
    chat.ticket = PENDING
    assert "$ 18.500,00" in chat.says("¿cuánto debo?")
    assert "ya está anotado: es el caso #12" in chat.says("persona")
    chat.says("menú")
    assert chat.titles[0].startswith("🌐")
    assert "pendiente" in chat.says("2")


def test_a_holiday_may_have_its_own_message():
    own = replace(HOURS, holidays={CHRISTMAS.date(): HolidayCard(CHRISTMAS.date(), "Navidad", "¡Felices fiestas!")})
    assert Chat(now=CHRISTMAS, schedule=own).says("persona").endswith("¡Felices fiestas!")


def test_an_angry_customer_who_asks_for_a_person_gets_no_more_menus():
    chat = Chat()
    reply = chat.says("Son un desastre, hace 3 días que estoy sin servicio, quiero hablar con una persona YA")
    assert "*urgente*" in reply
    assert "👋" not in reply
    assert chat.titles == []
    assert (chat.ticket_opened.sentiment, chat.ticket_opened.urgent) == ("enojado", True)


def test_at_night_an_angry_customer_gets_an_apology_with_the_opening():
    chat = Chat(now=SATURDAY_NIGHT)
    reply = chat.says("son un desastre de empresa, quiero hablar con una persona YA!!")
    assert reply.startswith("Te pido disculpas")
    assert "Volvemos el lunes 30/11" in reply
    assert chat.ticket_opened.urgent


def test_an_angry_customer_who_asks_nothing_is_offered_a_person_first():
    chat = Chat()
    assert "¿Querés que te pase ya con una persona?" in chat.says(
        "son unos ladrones, una verguenza la empresa de mierda!!"
    )
    assert chat.says("si")
    assert chat.ticket_opened.sentiment == "enojado"


def test_the_second_time_that_she_is_angry_nobody_asks():
    chat = Chat()
    chat.says("son unos ladrones, una verguenza la empresa de mierda!!")
    chat.says("son una estafa, inútiles de mierda!!")
    assert chat.ticket_opened.urgent


def test_anger_in_the_middle_of_the_steps_ends_them():
    chat = Chat()
    chat.says("no tengo internet")
    chat.says("sigue igual, son un desastre, una estafa de mierda!!")
    assert chat.ticket_opened.subject == "Sin internet"
    assert chat.ticket_opened.data[0][0] == "Ya probó"


def test_an_angry_request_that_the_bot_can_serve_is_served():
    chat = Chat(MARIA_OWES)
    chat.says("mandame la factura de mierda, son un desastre, ladrones!!")
    assert chat.invoice_sent == 71


def test_anger_while_giving_data_does_not_stop_the_flow():
    chat = stranger()
    chat.says("quiero ver mi deuda")
    chat.says("30111222 son un desastre, una estafa de mierda!!")
    assert chat.state.step == "proof"


def test_three_times_lost_is_rephrase_options_person():
    chat = Chat()
    assert "¿Me lo decís con otras palabras?" in chat.says("asdkj qwe")
    assert "Elegí una opción" in chat.says("zxczxc poi")
    assert len(chat.titles) == 4
    assert "Mejor te paso con una persona" in chat.says("mnbmnb lkj")
    assert chat.ticket_opened.subject == "El bot no entendió el pedido"


def test_being_understood_starts_the_ladder_again():
    chat = Chat()
    chat.says("asdkj qwe")
    chat.says("gracias")
    assert "¿Me lo decís con otras palabras?" in chat.says("zxczxc poi")


def test_while_an_agent_attends_the_bot_is_silent_and_all_is_relayed():
    chat = Chat(ticket=ATTENDED)
    for text in ("hola", "menú", "¿cuánto debo?", "persona"):
        assert chat.says(text) == ""
        assert chat.did(RelayToAgent).ticket_id == ATTENDED.id
    assert chat.sends_file() == ""
    assert chat.did(RelayToAgent)


def test_what_she_adds_to_a_waiting_case_is_acknowledged_once_in_ten_minutes():
    chat = Chat(ticket=PENDING)
    assert "Sumé tu mensaje al caso #12" in chat.says("es en el barrio Las Rosas")
    assert chat.waits(minutes=3).says("al lado del kiosco") == ""
    assert chat.did(AddToTicket)
    assert "Sumé tu mensaje" in chat.waits(minutes=11).says("siguen ahí?")


def test_files_join_the_waiting_case():
    chat = Chat(ticket=PENDING)
    chat.sends_file(MediaKind.AUDIO)
    assert chat.did(AddToTicket)


def test_a_yes_to_the_bots_own_question_is_not_for_the_case():
    chat = Chat(MARIA_OWES, ticket=PENDING)
    chat.says("la factura de marzo")
    chat.says("si")
    assert chat.invoice_sent == 71


def test_asking_how_the_case_goes():
    assert "caso #12 está esperando" in Chat(ticket=PENDING).says("cómo va mi reclamo?")
    chat = Chat()
    assert "No veo ningún caso abierto" in chat.says("cómo va mi reclamo?")
    assert chat.titles == ["📞 Hablar con una persona", "🏠 Menú principal"]


def test_a_closed_case_is_no_case():
    chat = Chat(ticket=replace(PENDING, state="cerrado"))
    chat.says("persona")
    assert chat.did(OpenTicket)


@pytest.mark.parametrize(
    ("said", "subject", "area"),
    [
        ("me mudo a Godoy Cruz", "Mudanza del servicio", "support"),
        ("quiero dar de baja el servicio", "Pide la baja del servicio", "support"),
        ("quiero cambiar de plan", "Consulta por planes o precios", "sales"),
        ("qué planes tienen?", "Consulta por planes o precios", "sales"),
        ("quiero hablar con alguien de ventas", "Quiere hablar con una persona", "sales"),
        ("¿me esperás hasta el viernes?", "Pide acordar una fecha de pago", "support"),
        ("a qué hora viene el técnico", "Consulta por una visita técnica", "support"),
    ],
)
def test_what_only_people_can_do_goes_to_them_with_its_subject(said: str, subject: str, area: str):
    chat = Chat()
    chat.says(said)
    assert (chat.ticket_opened.subject, chat.ticket_opened.area) == (subject, area)


def test_the_flow_in_course_travels_with_whoever_asks_for_a_person():
    chat = Chat()
    chat.says("hola")
    chat.says("1")
    chat.says("5")
    chat.says("se me corta la tele")
    chat.says("prefiero hablar con una persona")
    assert chat.ticket_opened.data == (("Qué pasa", "se me corta la tele"),)
    assert chat.ticket_opened.subject == "📝 Es otro problema"


def test_around_the_clock_hours_are_open_at_night():
    always = replace(HOURS, always_open=True)
    assert "Ya le avisé" in Chat(now=TUESDAY.replace(hour=3), schedule=always).says("persona")
