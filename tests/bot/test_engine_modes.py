"""Silence: the four modes, what came too late, and loops with other machines (MODE-01…06, AMB-27…29)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.engine import is_stale
from bot.rules import Mode
from bot.turn import AddToTicket, Log, OptOut, RelayToAgent
from tests.bot.world import ATTENDED, MARIA, MARIA_OWES, PENDING, Chat, stranger

FAILURE = "Hay una falla general en la zona."
SILENT = pytest.mark.parametrize("mode", [Mode.STOPPED, Mode.GATEWAY])


@SILENT
@pytest.mark.parametrize("said", ["hola", "¿cuánto debo?", "persona", "menú"])
def test_nobody_is_answered(mode: str, said: str):
    chat = Chat(mode=mode)
    assert chat.says(said) == ""
    assert chat.effects == []


@SILENT
def test_chats_with_an_agent_go_on(mode: str):
    chat = Chat(mode=mode, ticket=ATTENDED)
    chat.says("sigue sin andar")
    assert chat.did(RelayToAgent)


@SILENT
def test_what_is_added_to_a_waiting_case_is_kept_and_a_baja_is_obeyed(mode: str):
    chat = Chat(mode=mode, ticket=PENDING)
    assert chat.says("baja") == ""
    assert chat.did(OptOut).out
    assert chat.did(AddToTicket)


@SILENT
def test_nobody_is_asked_for_a_mark(mode: str):
    assert Chat(mode=mode).hears("ticket_closed", ticket_id=9, number=12, agent_name="Juan Pérez") == ""


def test_the_emergency_is_told_once_in_half_an_hour():
    chat = Chat(mode=Mode.EMERGENCY)
    assert chat.says("hola") == FAILURE
    assert chat.waits(minutes=10).says("no tengo internet") == ""
    assert chat.waits(minutes=10).says("gracias") == ""
    assert chat.waits(minutes=11).says("hola?") == FAILURE


def test_in_an_emergency_what_is_clearly_asked_is_served_after_the_notice():
    chat = Chat(MARIA_OWES, mode=Mode.EMERGENCY)
    reply = chat.says("¿cuánto debo?")
    assert reply.startswith(FAILURE)
    assert "$ 18.500,00" in reply
    assert "última factura" in chat.says("factura")
    chat.says("menú")
    assert "$ 18.500,00" in chat.says("2")


def test_only_the_zones_that_are_hit_hear_of_it_and_strangers_too():
    hit = frozenset({7})
    assert Chat(mode=Mode.EMERGENCY, emergency_zones=hit).says("hola") == FAILURE
    assert stranger(mode=Mode.EMERGENCY, emergency_zones=hit).says("hola") == FAILURE
    nowhere = replace(MARIA, zone_id=None)
    assert Chat(nowhere, mode=Mode.EMERGENCY, emergency_zones=hit).says("hola") == FAILURE
    elsewhere = replace(MARIA, zone_id=8)
    assert "Hola María" in Chat(elsewhere, mode=Mode.EMERGENCY, emergency_zones=hit).says("hola")


def test_who_is_with_an_agent_does_not_hear_of_it():
    chat = Chat(mode=Mode.EMERGENCY, ticket=ATTENDED)
    assert chat.says("hola") == ""
    assert chat.did(RelayToAgent)


def test_in_an_emergency_a_waiting_case_still_gets_what_is_added():
    chat = Chat(mode=Mode.EMERGENCY, ticket=PENDING)
    assert chat.says("hola") == FAILURE
    assert chat.did(AddToTicket)


def test_what_came_more_than_ten_minutes_ago_is_left_for_staff():
    chat = Chat()
    assert chat.says("hola", late=timedelta(minutes=11)) == ""
    assert chat.did(Log)
    assert "Hola María" in chat.says("hola", late=timedelta(minutes=9))


def test_a_turn_without_times_is_not_stale():
    assert not is_stale(Chat().turn())


def test_the_same_text_four_times_is_a_machine_and_gets_half_an_hour_of_silence():
    chat = Chat()
    text = "Gracias por comunicarse. En breve será atendido."
    replies = [chat.waits(seconds=20).says(text) for _ in range(6)]
    assert all(replies[:3])
    assert replies[3:] == ["", "", ""]
    assert chat.waits(minutes=31).says("hola") != ""


def test_the_console_is_told_about_the_loop_once():
    chat = Chat()
    logs = []
    for _ in range(6):
        chat.waits(seconds=20).says("Gracias por comunicarse con nosotros")
        logs += chat.all(Log)
    assert len(logs) == 1
    assert "Parece otro bot" in logs[0].text


def test_pressing_the_same_number_again_and_again_is_no_loop():
    chat = Chat()
    chat.says("hola")
    assert all(chat.waits(seconds=5).says("2") for _ in range(8))
    assert all(chat.waits(seconds=5).says("menú") for _ in range(8))


def test_the_same_text_on_other_days_is_no_loop():
    chat = Chat()
    assert all(chat.waits(minutes=20).says("buenas tardes gente") for _ in range(8))


def test_more_than_twenty_replies_in_five_minutes_is_a_loop():
    chat = Chat()
    replies = [chat.waits(seconds=10).says(f"mensaje automatico {n} gracias") for n in range(25)]
    assert replies[19] != ""
    assert replies[20:] == [""] * 5


def test_while_silenced_the_waiting_case_keeps_receiving():
    chat = Chat()
    for _ in range(4):
        chat.says("Gracias por comunicarse con nosotros")
    chat.ticket = PENDING
    assert chat.says("Gracias por comunicarse con nosotros") == ""
    assert chat.did(AddToTicket)
