"""Asking for data, each kind with its own care (SUP-07)."""

import pytest

from bot.rules import Field, MenuCard, Option
from bot.turn import MediaKind
from tests.bot.world import Chat


def asks(*fields: Field) -> Chat:
    """María chose an option that asks for these data."""
    option = Option("1", "Alta de TV", "collect", area="sales", fields=fields)
    chat = Chat(menus={"raiz": MenuCard("raiz", "", "¿Qué?", (option,))}, root="raiz")
    chat.says("hola")
    chat.says("1")
    return chat


@pytest.mark.parametrize(
    ("kind", "wrong", "complaint", "right", "kept"),
    [
        ("number", "muchos", "Necesito un número", "25", "25"),
        ("number", "mmm", "Necesito un número", "la dos", "2"),
        ("number", "mmm", "Necesito un número", "1.500,50", "1500,50"),
        ("number", "mmm", "Necesito un número", "0", "0"),
        ("number", "mmm", "Necesito un número", "son 3 teles", "3"),
        ("dni", "123", "no parece un DNI", "30.111.222", "30111222"),
        ("dni", "abc", "no parece un DNI", "27-30111222-5", "27301112225"),
        ("phone", "12", "no parece un teléfono", "0261 15 234-5678", "+54 9 261 234-5678"),
        ("yes_no", "capaz", "*sí* o *no*", "sí, claro", "Sí"),
        ("yes_no", "capaz", "*sí* o *no*", "no", "No"),
        ("yes_no", "capaz", "*sí* o *no*", "2", "No"),
        ("choice", "violeta", "Elegí una de las opciones", "2", "Azul"),
        ("choice", "7", "Elegí una de las opciones", "rojo", "Rojo"),
        ("photo", "no la tengo a mano", "necesito una foto", None, "📷 Foto recibida"),
        ("location", "ok", "ubicación", "San Martín 450", "San Martín 450"),
        ("text", "", "No llegué a leer", "Las Rosas", "Las Rosas"),
        ("unheard_of", "", "No llegué a leer", "igual", "igual"),
    ],
)
def test_each_kind_is_checked_and_kept(kind: str, wrong: str, complaint: str, right: str | None, kept: str):
    chat = asks(Field("Dato", "¿Cuál?", kind, ("Rojo", "Azul")))
    reply = chat.says(wrong)
    assert complaint in reply
    assert reply.endswith("¿Cuál?")
    if right is None:
        chat.sends_file()
    else:
        chat.says(right)
    assert chat.ticket_opened.data[0][1] == kept
    assert chat.ticket_opened.area == "sales"


def test_buttons_answer_yes_no_and_choices():
    chat = asks(Field("Techo", "¿Tiene techo?", "yes_no"), Field("Color", "¿Cuál?", "choice", ("Rojo", "Azul")))
    assert chat.titles == ["Sí", "No"]
    chat.presses("No")
    assert chat.titles == ["Rojo", "Azul"]
    chat.presses("Azul")
    assert chat.ticket_opened.data == (("Techo", "No"), ("Color", "Azul"))


def test_a_place_is_kept_with_its_point():
    chat = asks(Field("Lugar", "¿Dónde?", "location"))
    chat.sends_place()
    assert chat.ticket_opened.data == (("Lugar", "Casa San Martín 450 (-32.89, -68.84)"),)


def test_an_optional_datum_may_be_skipped():
    chat = asks(Field("Foto", "¿Foto?", "photo", required=False), Field("Piso", "¿Piso?", "text"))
    assert chat.says("saltar") == "¿Piso?"
    chat.says("3º B")
    assert chat.ticket_opened.data == (("Foto", "(no lo dio)"), ("Piso", "3º B"))


def test_the_optional_question_says_how_and_no_tengo_serves_too():
    chat = asks(Field("Piso", "¿Piso?", "text"), Field("Foto", "¿Foto?", "photo", required=False))
    assert chat.says("3") == "¿Foto? (si no, escribí *saltar*)"
    chat.says("no tengo")
    assert chat.ticket_opened.data[1] == ("Foto", "(no lo dio)")


def test_an_optional_choice_has_a_button_to_skip():
    chat = asks(Field("Color", "¿Cuál?", "choice", ("Rojo", "Azul"), required=False))
    assert chat.titles == ["Rojo", "Azul", "Saltar"]
    chat.presses("Saltar")
    assert chat.ticket_opened.data == (("Color", "(no lo dio)"),)


def test_a_required_datum_is_not_skipped():
    assert "no parece un DNI" in asks(Field("DNI", "¿DNI?", "dni")).says("saltar")


def test_after_three_wrong_answers_a_person_goes_on():
    chat = asks(Field("Nombre", "¿Nombre?", "text"), Field("DNI", "¿DNI?", "dni"))
    chat.says("María")
    for _ in range(3):
        reply = chat.says("ni idea")
    assert "lo terminamos con una persona" in reply
    assert chat.ticket_opened.data == (("Nombre", "María"),)


def test_cancelar_leaves_and_offers_the_menu():
    chat = asks(Field("Nombre", "¿Nombre?", "text"))
    assert "lo dejamos ahí" in chat.says("cancelar")
    assert chat.titles == ["🏠 Menú principal"]
    assert chat.state.flow == ""


def test_zero_leaves_unless_a_number_is_asked():
    chat = asks(Field("Nombre", "¿Nombre?", "text"))
    chat.says("0")
    assert chat.titles == ["Alta de TV"]


def test_an_answer_after_half_an_hour_is_too_late():
    chat = asks(Field("Nombre", "¿Nombre?", "text"))
    assert "Pasó un rato" in chat.waits(minutes=30).says("María Inés")
    assert "Pasó un rato" not in chat.says("asdkj qwe")


def test_the_questions_are_those_of_when_it_began():
    chat = asks(Field("Nombre", "¿Nombre?", "text"), Field("Edad", "¿Edad?", "number"))
    chat.rules = Chat().rules
    assert chat.says("María") == "¿Edad?"


def test_a_step_that_no_longer_exists_is_forgotten():
    chat = asks(Field("Nombre", "¿Nombre?", "text"))
    chat.state.step = "old_step"
    chat.says("gracias")
    assert chat.state.flow == ""


def test_without_data_to_ask_it_goes_straight_to_people():
    chat = asks()
    assert chat.ticket_opened.subject == "Alta de TV"


def test_a_file_instead_of_a_text_is_asked_in_words():
    chat = asks(Field("Nombre", "¿Nombre?", "text"))
    assert "No llegué a leer" in chat.sends_file(MediaKind.AUDIO)
