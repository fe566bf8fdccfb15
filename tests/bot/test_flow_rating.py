"""«¿Cómo te atendimos?» after a case (SC-30)."""

import pytest

from bot.flows.rating import read_mark
from bot.turn import RateTicket
from tests.bot.world import Chat

CLOSED = {"ticket_id": 9, "number": 12, "agent_name": "Juan Pérez", "reason": "listo"}


def closed() -> Chat:
    chat = Chat()
    chat.hears("ticket_closed", **CLOSED)
    return chat


def test_after_the_case_she_is_asked_once():
    chat = Chat()
    assert chat.hears("ticket_closed", **CLOSED).startswith("Juan Pérez cerró tu caso #12. ¿Cómo te atendimos?")


@pytest.mark.parametrize(
    ("said", "mark", "answer"), [("5", 5, "Nos alegra"), ("un 3", 3, "mejorar"), ("1", 1, "lamento")]
)
def test_the_mark_is_kept_and_answered(said: str, mark: int, answer: str):
    chat = closed()
    assert answer in chat.says(said)
    assert chat.did(RateTicket) == RateTicket(9, mark)
    assert chat.state.flow == ""


def test_a_bad_mark_offers_a_person():
    chat = closed()
    chat.says("2")
    chat.says("si")
    assert chat.ticket_opened


def test_anything_else_is_a_message_and_the_question_is_forgotten():
    chat = closed()
    assert "última factura" in chat.says("mandame la factura")
    chat.says("gracias")
    assert chat.all(RateTicket) == []


def test_the_next_message_goes_to_the_bot():
    assert "Hola María 👋 ¿En qué te ayudo?" in closed().says("hola")


def test_a_case_that_nobody_attended_is_only_told():
    assert "Cerramos tu caso #12" in Chat().hears("ticket_closed", ticket_id=9, number=12, agent_name="")


def test_nobody_is_interrupted_to_be_asked():
    chat = Chat()
    chat.says("no tengo internet")
    assert chat.hears("ticket_closed", **CLOSED) == ""
    assert chat.state.flow == "troubleshoot"


def test_taking_and_passing_on_a_case_say_nothing_here():
    chat = Chat()
    chat.says("no tengo internet")
    assert chat.hears("ticket_taken", ticket_id=9, agent_name="Juan Pérez") == ""
    assert chat.state.flow == ""
    assert chat.hears("ticket_transferred", ticket_id=9, area_label="Ventas") == ""
    assert chat.hears("something_new") == ""


@pytest.mark.parametrize(
    ("said", "mark"),
    [
        ("5", 5),
        ("cinco", 5),
        ("le doy un 4", 4),
        ("⭐⭐⭐", 3),
        ("4 estrellas", 4),
        ("7", None),
        ("0", None),
        ("bien", None),
        ("", None),
    ],
)
def test_marks_in_digits_words_and_stars(said: str, mark: int | None):
    assert read_mark(said) == mark


def test_whoever_gives_the_chat_back_leaves_her_with_the_menu_and_no_question():
    chat = Chat()
    assert chat.hears("ticket_given_back", **CLOSED).startswith("Sigo yo por acá 🙂")
    assert chat.state.flow == ""
    assert Chat(mode="parado").hears("ticket_given_back", **CLOSED) == ""
