"""What is typed in the seat reaches María exactly; what she answers comes back; quotes follow both ways."""

import pytest

from backoffice.common.errors import DomainError
from backoffice.conversations.models import Media, Message
from backoffice.tickets import services
from backoffice.tickets.errors import NotInProgress
from tests.backoffice import desk


@pytest.fixture
def ticket(maria, juan):
    ticket = desk.case(maria)
    services.take(ticket=ticket, agent=juan)
    return ticket


@pytest.fixture
def seat(ticket):
    """The chat of the personal group."""
    return ticket.group.conversation


def test_maria_receives_exactly_what_juan_wrote(ticket, seat, maria):
    source = desk.writes(seat, "Hola María, ya reviso tu conexión", author="agent", author_name="Juan Pérez")
    sent = services.relay_to_customer(ticket=ticket, source=source)
    assert sent.conversation == maria
    assert sent.text == "Hola María, ya reviso tu conexión"
    assert (sent.author, sent.priority, sent.relay_of) == ("agent", Message.Priority.AGENT, source)


def test_a_command_for_the_customer_sends_only_its_text(ticket, seat, maria):
    source = desk.writes(seat, "/cliente Gracias por esperar", author="agent")
    services.relay_to_customer(ticket=ticket, source=source, text="Gracias por esperar")
    assert desk.said_in(maria)[-1] == "Gracias por esperar"


def test_marias_answer_comes_to_the_seat_as_she_wrote_it(ticket, seat, maria):
    source = desk.writes(maria, "Sigue igual")
    came = services.relay_to_agent(ticket=ticket, source=source)
    assert came is not None
    assert (came.conversation, came.text, came.relay_of) == (seat, "Sigue igual", source)
    assert came.author_name == "María González"


def test_photos_and_places_cross_as_they_are(ticket, seat, maria):
    photo = Media.objects.create(kind="image", file="x.jpg", mimetype="image/jpeg", sha256="0" * 64)
    came = services.relay_to_agent(ticket=ticket, source=desk.writes(maria, "la luz", media=photo))
    assert came is not None
    assert came.media == photo
    place = {"latitude": -32.9, "longitude": -68.8}
    sent = services.relay_to_customer(ticket=ticket, source=desk.writes(seat, author="agent", location=place))
    assert sent.location == place


def test_quoting_a_relayed_line_quotes_the_original_for_its_author(ticket, seat, maria):
    hers = desk.writes(maria, "Sigue igual")
    in_seat = services.relay_to_agent(ticket=ticket, source=hers)
    answer = services.relay_to_customer(ticket=ticket, source=desk.writes(seat, "¿Igual cómo?", quoted=in_seat))
    assert answer.quoted == hers


def test_quoting_ones_own_line_quotes_its_relay(ticket, seat, maria):
    his = desk.writes(seat, "Reinicié el equipo", author="agent")
    sent = services.relay_to_customer(ticket=ticket, source=his)
    came = services.relay_to_agent(ticket=ticket, source=desk.writes(maria, "¿cuál?", quoted=sent))
    assert came is not None
    assert came.quoted == his
    again = services.relay_to_customer(ticket=ticket, source=desk.writes(seat, "este", quoted=his))
    assert again.quoted == sent


def test_a_quote_of_something_the_other_side_never_saw_is_dropped(ticket, seat, maria):
    assigned = Message.objects.filter(conversation=seat).first()
    sent = services.relay_to_customer(ticket=ticket, source=desk.writes(seat, "empiezo", quoted=assigned))
    assert sent.quoted is None


def test_nothing_flows_once_the_case_is_closed(ticket, seat, maria):
    services.close(ticket=ticket, actor="Juan Pérez")
    with pytest.raises(NotInProgress):
        services.relay_to_customer(ticket=ticket, source=desk.writes(seat, "una cosa más"))
    with pytest.raises(NotInProgress):
        services.relay_to_agent(ticket=ticket, source=desk.writes(maria, "hola"))


def test_only_the_seat_that_holds_the_case_may_write(ticket, juan):
    other = juan.groups.get(number=2).conversation
    with pytest.raises(NotInProgress):
        services.relay_to_customer(ticket=ticket, source=desk.writes(other, "hola"))


def test_an_empty_line_is_refused(ticket, seat):
    with pytest.raises(DomainError):
        services.relay_to_customer(ticket=ticket, source=desk.writes(seat, "  "))


def test_what_cannot_be_sent_on_is_at_least_told(ticket, seat, maria):
    services.relay_to_agent(ticket=ticket, source=desk.writes(maria))
    assert desk.said_in(seat)[-1] == "[El cliente mandó algo que no se puede reenviar]"


def test_in_the_panel_nothing_is_relayed_and_elena_answers_there(maria, support, django_user_model):
    elena = django_user_model.objects.create(username="elena", first_name="Elena", last_name="Soto")
    ticket = desk.case(maria)
    services.take_in_panel(ticket=ticket, user=elena)
    assert services.relay_to_agent(ticket=ticket, source=desk.writes(maria, "hola")) is None
    sent = services.reply_from_panel(ticket=ticket, user=elena, text="Hola María")
    assert (sent.author, sent.author_name, sent.text) == ("staff", "Elena Soto", "Hola María")


def test_the_panel_cannot_write_in_a_case_nobody_took(maria, support, django_user_model):
    elena = django_user_model.objects.create(username="elena")
    ticket = desk.case(maria)
    with pytest.raises(NotInProgress):
        services.reply_from_panel(ticket=ticket, user=elena, text="hola")
    with pytest.raises(DomainError):
        services.reply_from_panel(ticket=ticket, user=elena, text=" ")


def test_a_relay_costs_a_few_queries(ticket, seat, maria, django_assert_max_num_queries):
    hers = services.relay_to_agent(ticket=ticket, source=desk.writes(maria, "hola"))
    source = desk.writes(seat, "hola", quoted=hers)
    with django_assert_max_num_queries(9):
        services.relay_to_customer(ticket=ticket, source=source)
