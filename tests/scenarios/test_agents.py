"""SC-25 to SC-30: agents register, take cases in their group, attend and close them."""

from collections.abc import Iterator

import pytest

from tests import cast
from tests.story import Phone, Story

CARLOS = cast.Person("Carlos Díaz", "5492615550777")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def maria_asks_for_a_person(story: Story) -> None:
    story.maria.says("no tengo internet desde esta mañana, quiero hablar con una persona")
    story.maria.messages()


def juan_takes_it(story: Story) -> str:
    """Returns Juan's personal group that holds the case."""
    story.juan.replies("Lo tomo", chat=story.support)
    group = story.ticket["group"]
    assert group is not None
    seat = story.group(group)
    story.juan.messages(seat)
    story.juan.messages(story.support)
    return seat


def test_sc26_the_ticket_is_announced_and_juan_takes_it_by_quoting(story: Story) -> None:
    maria_asks_for_a_person(story)
    posted = story.juan.last_of_bot(story.support)["text"]
    for piece in (
        "🚨 Nuevo Ticket de Soporte 🚨",
        "Cliente: María González",
        "Sentimiento:",
        "responde a ESTE mensaje",
    ):
        assert piece in posted
    story.juan.messages(story.support)
    story.juan.replies("Lo tomo", chat=story.support)
    assert "✅ Juan Pérez ha tomado el caso" in story.juan.hears(story.support)
    ticket = story.ticket
    assert (ticket["state"], ticket["agent"]) == ("en_progreso", "Juan Pérez")
    case = story.juan.hears(story.group(ticket["group"]))
    assert "📱 Nuevo Caso Asignado" in case
    assert "María González" in case
    assert "/fin [motivo]" in case


def test_sc27_two_agents_answer_at_once_and_one_gets_it(story: Story) -> None:
    maria_asks_for_a_person(story)
    post = story.juan.last_of_bot(story.support)
    story.juan.messages(story.support)
    story.ana.messages(story.support)
    story.juan.writes("lo tomo", chat=story.support, quoted_id=post["id"])
    story.ana.writes("va", chat=story.support, quoted_id=post["id"])
    story.goes_on()
    said = [line["text"] for line in story.juan.messages(story.support) if line["from"] == "bot"]
    assert sum("ha tomado el caso" in text for text in said) == 1
    winner = story.ticket["agent"]
    assert winner in ("Juan Pérez", "Ana Ruiz")
    assert any(f"Ya lo tomó {winner}" in text for text in said)


def test_sc28_with_every_group_busy_the_case_stays_pending(story: Story) -> None:
    for number in range(3):
        someone = story.phone(f"549261777000{number}", f"Cliente {number}")
        someone.says("quiero hablar con una persona")
        juan_takes_it(story)
    maria_asks_for_a_person(story)
    story.juan.messages(story.support)
    story.juan.replies("este también", chat=story.support)
    assert "Todos los grupos del agente están ocupados" in story.juan.hears(story.support)
    assert story.ticket["state"] == "pendiente"


def test_sc29_what_juan_writes_reaches_maria_and_commands_never_do(story: Story) -> None:
    maria_asks_for_a_person(story)
    seat = juan_takes_it(story)
    story.maria.messages()
    story.juan.says("Hola María, ya reviso tu conexión", chat=seat)
    assert story.maria.hears() == "Hola María, ya reviso tu conexión"
    story.maria.says("dale, gracias")
    assert "dale, gracias" in story.juan.hears(seat)
    story.juan.says("/info", chat=seat)
    assert "María González" in story.juan.hears(seat)
    story.juan.says("/nota ojo: cliente de hace diez años", chat=seat)
    story.juan.says("/saludo hola", chat=seat)
    assert story.maria.hears_nothing()
    story.juan.says("/cliente Gracias por esperar", chat=seat)
    assert story.maria.hears() == "Gracias por esperar"


def test_sc29_pictures_places_and_quotes_cross_in_both_directions(story: Story) -> None:
    maria_asks_for_a_person(story)
    seat = juan_takes_it(story)
    story.maria.messages()
    story.maria.sends("image", PNG, text="así está la luz", filename="luz.png")
    seen = [line for line in story.juan.messages(seat) if line["from"] == "bot"]
    assert [line["media"]["kind"] for line in seen] == ["image"]
    assert "así está la luz" in seen[0]["text"]
    story.juan.says("¿Esta roja?", chat=seat, quoted_id=seen[0]["id"])
    answer = story.maria.messages()[-1]
    assert answer["text"] == "¿Esta roja?"
    assert answer["quoted_id"] is not None
    place = {"kind": "location", "latitude": -32.89, "longitude": -68.84, "name": "Nodo"}
    story.juan.says("", chat=seat, media=place)
    assert story.maria.messages()[-1]["media"]["kind"] == "location"
    story.juan.sends("document", b"%PDF-1.4 hola", chat=seat, filename="guia.pdf")
    assert story.maria.messages()[-1]["media"]["kind"] == "document"


def test_sc30_the_bot_is_silent_meanwhile_and_returns_after_fin(story: Story) -> None:
    maria_asks_for_a_person(story)
    seat = juan_takes_it(story)
    story.maria.messages()
    story.maria.says("¿cuánto debo?")
    assert story.maria.hears_nothing()
    story.juan.messages(seat)
    story.juan.says("/fin Problema resuelto - reinicio de módem", chat=seat)
    ticket = story.ticket
    assert (ticket["state"], ticket["reason"]) == ("cerrado", "Problema resuelto - reinicio de módem")
    asked = story.maria.hears()
    assert "1" in asked
    assert "5" in asked
    story.maria.says("5")
    assert story.ticket["rating"] == 5
    story.maria.messages()
    assert "$ 18.500,00" in story.maria.asks("¿cuánto debo?")


def test_a_closed_group_relays_nothing(story: Story) -> None:
    maria_asks_for_a_person(story)
    seat = juan_takes_it(story)
    story.juan.says("/fin listo", chat=seat)
    story.maria.messages()
    story.juan.messages(seat)
    story.juan.says("¿seguís ahí?", chat=seat)
    assert story.maria.hears_nothing()
    assert story.juan.hears(seat)


@pytest.fixture
def carlos(story: Story) -> Iterator[tuple[int, Phone]]:
    """A new agent with three groups, made as the panel makes them."""
    phone = story.phone(CARLOS.phone, CARLOS.name)
    agent = story.do("create_agent", name=CARLOS.name, phone="2615550777", group_count=3)
    story.goes_on()
    yield agent, phone
    story.do("remove_agent", agent_id=agent)


def test_sc25_the_four_steps_make_three_groups_and_listo_registers(story: Story, carlos: tuple[int, Phone]) -> None:
    agent, phone = carlos
    steps = [step["text"] for step in story.do("job_steps", subject=f"agent:{agent}")]
    for number in range(1, 5):
        assert any(f"Paso {number}/4" in text for text in steps)
    assert "✅ ¡Agente Carlos Díaz creado con 3 grupos!" in steps[-1]
    for number in (1, 2, 3):
        assert story.seat("Carlos", number)
    request = phone.last_of_bot(story.support)
    for piece in ("🤖 REGISTRO DE NUEVO AGENTE", "Agente: Carlos Díaz", "Grupos creados: 3", 'responde "LISTO"'):
        assert piece in request["text"]
    phone.messages(story.support)
    phone.replies("listo ", chat=story.support, to=request)
    welcome = phone.hears(story.support)
    assert welcome.startswith("✅ ¡Registro completado!")
    assert "Bienvenido Carlos Díaz" in welcome
    assert story.do("has_registered", agent_id=agent)


def test_sc28_who_never_said_listo_is_asked_for_it(story: Story, carlos: tuple[int, Phone]) -> None:
    _, phone = carlos
    maria_asks_for_a_person(story)
    post = phone.last_of_bot(story.support)
    phone.messages(story.support)
    phone.replies("lo tomo", chat=story.support, to=post)
    assert any("LISTO" in text for text in phone.hears_all(story.support))
    assert story.ticket["state"] == "pendiente"
