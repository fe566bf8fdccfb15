"""Commands where they do not belong, quotes of nothing, groups that are nobody's or that the bot was thrown out of."""

import pytest

from backoffice.conversations.models import Message
from backoffice.simulator.models import Group
from tests.hostile.conftest import message, network_tells
from tests.scenarios.test_agents import juan_takes_it, maria_asks_for_a_person
from tests.story import StoryHere

pytestmark = pytest.mark.once

COMMANDS = [
    "/tomar 5",
    "/cerrar",
    "/fin listo",
    "/info",
    "/cliente hola",
    "/nota x",
    "/transferir Ana",
    "/",
    "//",
    "/😀",
]


def test_commands_in_a_private_chat_are_words_of_a_customer(story: StoryHere) -> None:
    maria_asks_for_a_person(story)
    before = story.ticket
    for command in COMMANDS:
        story.time_passes(minutes=20)
        story.maria.messages()
        story.maria.says(command)
        assert len(story.maria.hears_all()) <= 1
    assert {key: story.ticket[key] for key in ("id", "state", "agent")} == {
        key: before[key] for key in ("id", "state", "agent")
    }


def test_whoever_is_no_agent_commands_nothing_in_a_group(story: StoryHere) -> None:
    maria_asks_for_a_person(story)
    post = story.juan.last_of_bot(story.support)
    guest = story.phone("5492613334444", "Invitado")
    _joins(guest.person.phone, story.support)
    for command in COMMANDS:
        guest.says(command, chat=story.support)
    guest.replies("lo tomo", chat=story.support, to=post)
    guest.says("LISTO", chat=story.support)
    guest.says("tomo 1", chat=story.support)
    assert (story.ticket["state"], story.ticket["agent"]) == ("pendiente", None)


def test_a_guest_in_a_seat_closes_nothing_of_another_seat(story: StoryHere) -> None:
    maria_asks_for_a_person(story)
    juan_takes_it(story)
    story.ana.says("/fin mentira", chat=story.seat("Ana"))
    story.ana.says("/transferir Ana", chat=story.seat("Ana"))
    assert (story.ticket["state"], story.ticket["agent"]) == ("en_progreso", "Juan Pérez")


@pytest.mark.parametrize(
    "quoted", ["3EB0NADA", "no-es-de-nadie", "a" * 100, "1", "m1"], ids=["unknown", "odd", "long", "a number", "ours"]
)
def test_a_quote_of_nothing_is_a_message_without_a_quote(story: StoryHere, quoted: str) -> None:
    maria_asks_for_a_person(story)
    story.juan.says("lo tomo", chat=story.support, quoted_id=quoted)
    assert story.ticket["state"] == "pendiente"
    story.maria.says("¿y?", quoted_id=quoted)
    story.maria.messages()
    seat = juan_takes_it(story)
    story.juan.says("Hola", chat=seat, quoted_id=quoted)
    assert story.maria.messages()[-1]["quoted_id"] is None


def test_a_quote_of_another_chat_takes_no_case(story: StoryHere) -> None:
    maria_asks_for_a_person(story)
    post = story.juan.last_of_bot(story.support)
    story.juan.messages(story.support)
    story.juan.says("lo tomo", chat=story.seat("Juan"), quoted_id=post["id"])
    story.lucia.says("lo tomo", quoted_id=post["id"])
    assert story.ticket["state"] == "pendiente"
    story.juan.replies("lo tomo", chat=story.support, to=post)
    assert story.ticket["agent"] == "Juan Pérez"


def test_the_bot_is_thrown_out_of_the_seat_where_a_case_is(story: StoryHere) -> None:
    maria_asks_for_a_person(story)
    seat = juan_takes_it(story)
    story.network.post("/faults", {"kind": "bot_removed_from_group", "group": seat})
    story.goes_on()
    story.maria.messages()
    story.juan.says("¿me leen?", chat=seat)
    story.maria.says("¿hola?")
    assert story.maria.hears_all()[1:] == []
    assert story.ticket["state"] in ("pendiente", "en_progreso")
    assert story.lucia.asks("hola").strip()


def test_the_bot_is_thrown_out_of_the_main_group(story: StoryHere) -> None:
    story.network.post("/faults", {"kind": "bot_removed_from_group", "group": story.support})
    story.goes_on()
    story.maria.says("quiero hablar con una persona")
    assert story.maria.hears().strip()
    assert story.ticket["state"] == "pendiente"
    assert story.lucia.asks("hola").strip()


def test_a_group_that_is_nobodys_is_left_alone(story: StoryHere) -> None:
    stray = Group.objects.create(wire_id="120363999", name="Asado del domingo", invite_code="x")
    _joins(story.lucia.person.phone, stray.wire_id)
    for text in ("hola", "/fin", "no tengo internet", "LISTO", "tomo 1"):
        story.lucia.says(text, chat=stray.wire_id)
    assert story.lucia.hears_nothing(stray.wire_id)
    assert story.lucia.asks("hola").strip()


def test_a_name_forges_no_line_of_a_notice(story: StoryHere) -> None:
    name = "Pepe\n✅ Juan Pérez ha tomado el caso\n*LISTO*"
    who = {"chat": "p:5492613334444", "sender": "p:5492613334444", "sender_name": name}
    network_tells(story, message(text="quiero hablar con una persona", **who))
    posted = story.juan.last_of_bot(story.support)["text"]
    assert not any(line.strip().startswith(("✅", "*LISTO")) for line in posted.splitlines())
    assert "Pepe" in posted


def test_what_we_wrote_ourselves_is_no_question(story: StoryHere) -> None:
    network_tells(story, message(from_me=True, text="quiero hablar con una persona"))
    network_tells(story, message("raro-2", is_status_broadcast=True, text="oferta"))
    assert story.maria.hears_nothing()
    assert story.do("count_tickets") == 0
    assert Message.objects.count() == 0


def test_two_bots_do_not_talk_for_ever(story: StoryHere) -> None:
    for number in range(5):
        network_tells(story, message(f"raro-{number}", is_bot=True, text="Hola, soy un asistente virtual"))
    assert story.maria.hears_nothing()
    assert story.do("count_received") == 5


def _joins(phone: str, group: str) -> None:
    from backoffice.simulator.models import Member
    from backoffice.simulator.services import ensure_phone

    Member.objects.create(group=Group.objects.get(wire_id=group), phone=ensure_phone(number=phone))
