"""SC-32 and what surrounds it: cases change hands, by number, by area and by name."""

from collections.abc import Iterator

import pytest

from tests import cast
from tests.scenarios.test_agents import juan_takes_it, maria_asks_for_a_person
from tests.story import Phone, Story

NADIA = cast.Person("Nadia Ríos", "5492615550888")


def test_sc32_ana_passes_the_case_to_ventas_with_a_note(story: Story) -> None:
    maria_asks_for_a_person(story)
    seat = juan_takes_it(story)
    story.ana.messages(story.sales)
    story.juan.says("/transferir ventas quiere pasar a 300 megas", chat=seat)
    notice = story.ana.hears(story.sales)
    assert "🚨 Nuevo Ticket de Ventas 🚨" in notice
    assert "Nota de Juan Pérez: quiere pasar a 300 megas" in notice
    assert story.maria.hears() == "Te paso con el área de Ventas."
    assert "pasó a Ventas" in story.juan.hears(seat)
    assert story.ticket["state"] == "pendiente"
    story.ana.replies("voy", chat=story.sales)
    assert "quiere pasar a 300 megas" not in story.maria.hears_all()
    assert story.ticket["agent"] == "Ana Ruiz"


def test_a_case_goes_straight_to_another_agents_seat(story: Story) -> None:
    maria_asks_for_a_person(story)
    seat = juan_takes_it(story)
    story.juan.says("/transferir Ana ya reinició dos veces", chat=seat)
    hers = story.seat("Ana")
    assert "ya reinició dos veces" in story.ana.messages(hers)[-1]["text"]
    assert story.maria.hears() == "Te paso con Ana Ruiz, que sigue con tu caso."
    story.juan.says("¿me leés?", chat=seat)
    assert "no tiene un caso asignado" in story.juan.hears_all(seat)[-1]
    story.ana.says("Hola María, sigo yo", chat=hers)
    assert story.maria.hears() == "Hola María, sigo yo"


def test_a_case_is_taken_by_its_number_where_phones_do_not_quote(story: Story) -> None:
    maria_asks_for_a_person(story)
    story.juan.messages(story.support)
    story.juan.says(f"tomo {story.ticket['number']}", chat=story.support)
    assert "ha tomado el caso" in story.juan.hears(story.support)
    assert story.ticket["agent"] == "Juan Pérez"
    story.ana.messages(story.support)
    story.ana.says("tomo 99999", chat=story.support)
    assert story.ana.hears(story.support) == "No encuentro el ticket #99999."


@pytest.fixture
def nadia(story: Story) -> Iterator[Phone]:
    """Somebody in no main group: she is asked for LISTO in private."""
    phone = story.phone(NADIA.phone, NADIA.name)
    phone.writes("hola")
    story.goes_on()
    phone.messages()
    agent_id = story.do("create_lone_agent", name=NADIA.name, phone=NADIA.phone)
    story.goes_on()
    yield phone
    story.do("remove_agent", agent_id=agent_id)


def test_an_agent_of_no_main_group_registers_in_private(story: Story, nadia: Phone) -> None:
    assert "REGISTRO DE NUEVO AGENTE" in nadia.hears()
    nadia.says("listo")
    assert "¡Registro completado!" in nadia.hears()
