"""What agents type in their groups, and that what begins with a slash never reaches the customer."""

from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import commands, desk
from bot.turn import (
    AgentCard,
    AnnounceTicket,
    AskRegistration,
    CloseTicket,
    ContactCard,
    Effect,
    EscalateTicket,
    GroupCard,
    Line,
    NoteOnTicket,
    Quote,
    RegisterAgent,
    RelayToCustomer,
    ShowTicketInfo,
    Signal,
    TakeTicket,
    TicketCard,
    TransferTicket,
    Turn,
)
from tests.bot.world import TUESDAY, rules

E = TypeVar("E", bound=Effect)

JUAN = AgentCard(1, "Juan Pérez", active=True, registered=True)
NEW_JUAN = AgentCard(1, "Juan Pérez", active=True, registered=False)
IDLE_JUAN = AgentCard(1, "Juan Pérez", active=False, registered=True)
SUPPORT = GroupCard(10, "support", "Soporte", 100)
SUPERVISORS = GroupCard(12, "supervisor", "Supervisores", 102)
SEAT = GroupCard(11, "personal", "Chat soporte Juan N°1", 101, agent_id=1)
CASE = TicketCard(7, 57, "en_progreso", "support", agent_id=1, agent_name="Juan Pérez")
POST = Quote(900, ticket_id=7)
REQUEST = Quote(901, registration_agent_id=1)
AGENTS = ((1, "Juan Pérez"), (2, "Ana Ruiz"), (3, "Juan Gómez"))
RULES = rules(agents=AGENTS)


def lines(*texts: str | Line, quote: Quote | None = None) -> tuple[Line, ...]:
    return tuple(
        one if isinstance(one, Line) else Line(place, place, text=one, quote=quote) for place, one in enumerate(texts)
    )


def in_main(
    *texts: str | Line,
    quote: Quote | None = None,
    sender: AgentCard | None = JUAN,
    group: GroupCard = SUPPORT,
    pending: tuple[AgentCard, ...] = (),
) -> Turn:
    turn = Turn(
        TUESDAY,
        RULES,
        lines(*texts, quote=quote),
        group=group,
        sender=sender,
        sender_contact_id=5,
        pending_registrations=pending,
    )
    desk.run_group(turn)
    return turn


def in_seat(*texts: str | Line, ticket: TicketCard | None = CASE, sender: AgentCard | None = JUAN) -> Turn:
    turn = Turn(TUESDAY, RULES, lines(*texts), group=SEAT, sender=sender, sender_contact_id=5, ticket=ticket)
    desk.run_group(turn)
    return turn


def only(turn: Turn, kind: type[E]) -> E:
    [effect] = turn.effects
    assert isinstance(effect, kind)
    return effect


def answer(turn: Turn) -> str:
    assert turn.effects == turn.said
    return "\n\n".join(said.text for said in turn.said)


# --- main groups ------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["Lo tomo", "va", "👍", "listo", "yo", ""])
def test_quoting_a_ticket_with_anything_takes_it(text):
    take = only(in_main(text, quote=POST), TakeTicket)
    assert (take.ticket_id, take.agent_id, take.number) == (7, 1, None)
    assert take.otherwise["already_taken"] == "Ya lo tomó {agente}."
    assert take.otherwise["all_busy"].startswith("Todos los grupos del agente están ocupados")


@pytest.mark.parametrize("text", ["tomo 57", "Tomo el 57", "tomo #57", "TOMO ticket n° 57", "lo tomo 57"])
def test_without_a_quote_the_number_is_enough(text):
    take = only(in_main(text), TakeTicket)
    assert (take.ticket_id, take.number) == (None, 57)


@pytest.mark.parametrize("text", ["tomo mate", "lo tomo", "57", "buen día", "tomo 57 mates", "listo"])
def test_talk_among_agents_is_left_alone(text):
    assert in_main(text).effects == []


def test_two_lines_about_one_ticket_take_it_once():
    only(in_main("lo tomo", "voy", quote=POST), TakeTicket)


def test_an_inactive_agent_is_told():
    assert "Inactivo" in answer(in_main("lo tomo", quote=POST, sender=IDLE_JUAN))


def test_an_unregistered_agent_is_asked_for_listo():
    assert only(in_main("lo tomo", quote=POST, sender=NEW_JUAN), AskRegistration).agent_id == 1


def test_a_stranger_who_quotes_is_told_once_and_one_who_chats_is_ignored():
    assert "No figurás como agente" in answer(in_main("lo tomo", "dale", quote=POST, sender=None))
    assert in_main("hola", sender=None).effects == []


def test_a_hidden_number_may_be_the_only_one_pending():
    assert only(in_main("lo tomo", quote=POST, sender=None, pending=(NEW_JUAN,)), AskRegistration).agent_id == 1


@pytest.mark.parametrize("text", ["LISTO", "listo ", "Listo!", "listo ✅", "¡Listo! gracias", '"LISTO"', "lista"])
def test_listo_quoting_the_request_registers(text):
    register = only(in_main(text, quote=REQUEST, sender=NEW_JUAN), RegisterAgent)
    assert (register.agent_id, register.contact_id) == (1, 5)
    assert "{agente}" in register.otherwise["wrong_number"]


def test_listo_without_quoting_registers_the_pending_number_only():
    assert only(in_main("listo", sender=NEW_JUAN), RegisterAgent).agent_id == 1
    guess = only(in_main("listo", sender=None, pending=(NEW_JUAN,)), RegisterAgent)
    assert set(guess.otherwise.values()) == {""}
    assert in_main("listo", sender=None, pending=(NEW_JUAN, JUAN)).effects == []
    assert in_main("listo nos vemos", sender=NEW_JUAN).effects == []


def test_listo_on_a_ticket_from_an_unregistered_agent_registers_first():
    only(in_main("listo", quote=POST, sender=NEW_JUAN), RegisterAgent)


def test_answering_the_request_with_something_else_reminds():
    assert "LISTO" in answer(in_main("ok", quote=REQUEST, sender=NEW_JUAN))
    assert in_main("bien ahí", quote=REQUEST, sender=JUAN).effects == []


def test_commands_in_a_main_group_explain_where_they_work():
    assert "grupo personal" in answer(in_main("/fin listo"))
    assert "citando" in answer(in_main("/ayuda"))


def test_supervisors_have_only_help_and_their_own_registration():
    assert in_main("lo tomo", quote=POST, group=SUPERVISORS).effects == []
    assert in_main("/fin", group=SUPERVISORS).effects == []
    assert "a tiempo" in answer(in_main("/ayuda", group=SUPERVISORS))
    only(in_main("listo", quote=REQUEST, sender=NEW_JUAN, group=SUPERVISORS), RegisterAgent)


def test_a_group_that_is_not_ours_is_left_alone():
    turn = Turn(TUESDAY, RULES, lines("hola", quote=POST), sender=JUAN)
    desk.run_group(turn)
    assert turn.effects == []


def test_listo_in_private_from_whoever_was_asked_there():
    turn = Turn(TUESDAY, RULES, lines("Listo"), contact=ContactCard(5, "Juan", ""), pending_registrations=(NEW_JUAN,))
    assert desk.registers_in_private(turn)
    assert only(turn, RegisterAgent).agent_id == 1
    for other in (lines("hola"), ()):
        turn = Turn(TUESDAY, RULES, other, contact=ContactCard(5, "Juan", ""), pending_registrations=(NEW_JUAN,))
        assert not desk.registers_in_private(turn)


# --- the seat ---------------------------------------------------------------------------------


def test_plain_words_go_to_the_customer_line_by_line_in_order():
    turn = in_seat("Hola María, ya reviso tu conexión", "dame un minuto")
    relays = [effect for effect in turn.effects if isinstance(effect, RelayToCustomer)]
    assert [(one.ticket_id, one.line, one.text) for one in relays] == [(7, 0, None), (7, 1, None)]
    assert "no le llegó" in relays[0].otherwise["not_in_progress"]


def test_photos_and_places_go_too():
    photo = Line(0, 0, media_id=3)
    place = Line(1, 1, location={"latitude": -32.9, "longitude": -68.8})
    assert len([one for one in in_seat(photo, place).effects if isinstance(one, RelayToCustomer)]) == 2


def test_something_empty_is_not_sent():
    assert "no se puede" in answer(in_seat(Line(0, 0)))


@pytest.mark.parametrize(
    "text", ["/info", "/INFO", " / info", "／info", "\\info", "/información", "- /info", "*/info*"]
)
def test_info_however_it_is_typed(text):
    assert only(in_seat(text), ShowTicketInfo).ticket_id == 7


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("/fin Problema resuelto - reinicio de módem", "Problema resuelto - reinicio de módem"),
        ("/fin", ""),
        ("/FIN: listo", "listo"),
        ("/ fin   reinicio", "reinicio"),
        ("\u200e/fín reinicio", "reinicio"),
        ("/cerrar se mudó", "se mudó"),
    ],
)
def test_fin_closes_with_its_reason(text, reason):
    close = only(in_seat(text), CloseTicket)
    assert (close.ticket_id, close.agent_id, close.reason) == (7, 1, reason)


def test_after_fin_nothing_of_the_burst_reaches_the_customer():
    turn = in_seat("quedó andando", "/fin listo", "qué pesada")
    assert [type(effect) for effect in turn.effects[:2]] == [RelayToCustomer, CloseTicket]
    assert "no tiene un caso asignado" in turn.said[0].text
    assert len(turn.effects) == 3


def test_cliente_sends_only_its_text():
    relay = only(in_seat("/cliente Gracias por esperar"), RelayToCustomer)
    assert relay.text == "Gracias por esperar"


def test_cliente_with_nothing_to_say_explains_itself():
    assert "/cliente Gracias" in answer(in_seat("/cliente"))
    assert only(in_seat(Line(0, 0, text="/cliente", media_id=3)), RelayToCustomer).text == ""


def test_a_note_is_kept_and_answered():
    turn = in_seat("/nota cliente difícil\nllamar mañana")
    note, said = turn.effects
    assert isinstance(note, NoteOnTicket)
    assert note.text == "cliente difícil\nllamar mañana"
    assert said == turn.said[0]
    assert "Escribí la nota" in answer(in_seat("/nota"))


def test_the_photo_of_a_note_stays_in_the_house():
    turn = in_seat(Line(0, 0, text="/nota foto del poste", media_id=3))
    assert not [effect for effect in turn.effects if isinstance(effect, RelayToCustomer)]


@pytest.mark.parametrize("text", ["/agendar 2026-12-03", "/finn", "/", "//", "/ ", "/?", "/reiniciar"])
def test_an_unknown_command_is_answered_with_help_and_never_sent(text):
    said = answer(in_seat(text))
    assert "no se lo mandé al cliente" in said
    assert "/fin [motivo]" in said


def test_help_lists_every_command():
    said = answer(in_seat("/ayuda", "/ayuda"))
    for command in ("/fin", "/info", "/cliente", "/nota", "/transferir", "/ayuda"):
        assert command in said
    assert said.count("Comandos disponibles") == 1


@pytest.mark.parametrize("text", ["Hola María\n/nota es una pesada", "ya está\n /fin listo", "/cliente hola\n/fin"])
def test_a_command_inside_a_message_stops_the_message(text):
    assert "mensaje aparte" in answer(in_seat(text))


def test_a_second_slash_after_cliente_is_not_sent():
    assert "mensaje aparte" in answer(in_seat("/cliente /fin"))


def test_a_path_or_a_fraction_inside_a_text_is_just_text():
    only(in_seat("entrá a 192.168.1.1/admin\n1/2 hora"), RelayToCustomer)


@pytest.mark.parametrize(
    ("text", "area", "agent", "note"),
    [
        ("/transferir ventas quiere 300 megas", "sales", None, "quiere 300 megas"),
        ("/transferir a Ventas: quiere 300", "sales", None, "quiere 300"),
        ("/transferir soporte", "support", None, ""),
        ("/transferir Ana sigue ella", None, 2, "sigue ella"),
        ("/transferir @Ana Ruiz sigue ella", None, 2, "sigue ella"),
        ("/transferir juan gomez", None, 3, ""),
        ("/transferir Juan", None, 3, ""),
    ],
)
def test_transfers_by_area_or_name(text, area, agent, note):
    transfer = only(in_seat(text), TransferTicket)
    assert (transfer.to_area, transfer.to_agent_id, transfer.note, transfer.agent_id) == (area, agent, note, 1)
    assert "all_busy" in transfer.otherwise


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/transferir", "¿A quién se lo paso?"),
        ("/transferir a", "¿A quién se lo paso?"),
        ("/transferir Pepe", "No encuentro un área ni un agente activo que se llame «Pepe»"),
        ("/transferir Juan Pérez", "ya lo tenés vos"),
    ],
)
def test_transfers_to_nobody_are_explained(text, said):
    assert said in answer(in_seat(text))


def test_two_juanes_are_told_apart():
    ana = TicketCard(7, 57, "en_progreso", "support", agent_id=2)
    assert "Juan Pérez, Juan Gómez" in answer(in_seat("/transferir juan", ticket=ana))


def test_with_no_case_the_seat_says_so_once():
    assert answer(in_seat("hola", "/fin", ticket=None)).count("no tiene un caso asignado") == 1
    waiting = TicketCard(7, 57, "pendiente", "support")
    assert "no tiene un caso" in answer(in_seat("hola", ticket=waiting))


def test_a_hidden_number_in_the_seat_is_its_owner():
    assert only(in_seat("/fin", sender=None), CloseTicket).agent_id == 1


# --- the case's own lane ----------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "effect"), [("announce", AnnounceTicket), ("escalate", EscalateTicket)])
def test_the_timers_of_a_case(kind, effect):
    turn = Turn(TUESDAY, RULES, signal=Signal(kind, 1), ticket=CASE)
    desk.run_ticket(turn)
    assert turn.effects == [effect(7)]


@pytest.mark.parametrize("turn", [Turn(TUESDAY, RULES), Turn(TUESDAY, RULES, signal=Signal("otra", 1), ticket=CASE)])
def test_anything_else_in_that_lane_does_nothing(turn):
    desk.run_ticket(turn)
    assert turn.effects == []


# --- the rule that pays -----------------------------------------------------------------------

SLASH = st.sampled_from("/\\／⁄∕")
BEFORE = st.text(st.sampled_from(" \n\t\u200e\u200b\ufeff\u00a0*_~`>•-"), max_size=5)


def sent_to_customer(turn: Turn) -> list[str]:
    relays = [effect for effect in turn.effects if isinstance(effect, RelayToCustomer)]
    return [turn.lines[one.line].text if one.text is None else one.text for one in relays]


@given(BEFORE, SLASH, st.text(max_size=40))
def test_what_begins_with_a_slash_never_reaches_the_customer(before, slash, rest):
    turn = in_seat(before + slash + rest)
    for text in sent_to_customer(turn):
        assert commands.parse(text) is None
        assert turn.lines[0].text.lower().find("cliente") >= 0


@given(st.lists(st.text(max_size=30), max_size=4))
def test_a_burst_never_sends_a_command(texts):
    for text in sent_to_customer(in_seat(*texts)):
        assert commands.parse(text) is None
        assert not text.strip().startswith("/")


@given(st.lists(st.text(alphabet="abc \n", min_size=1, max_size=20), min_size=1, max_size=5))
def test_plain_text_is_sent_as_it_was_written_and_in_order(texts):
    plain = [text for text in texts if text.strip()]
    assert sent_to_customer(in_seat(*texts)) == plain
