"""Cases change hands, are seen by a supervisor when nobody takes them, end and begin again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backoffice.agents.models import AttentionSettings
from backoffice.catalog.models import Plan
from backoffice.common.errors import DomainError
from backoffice.common.models import Activity
from backoffice.conversations.models import Message
from backoffice.customers.models import Customer, Service
from backoffice.tickets import selectors, services
from backoffice.tickets.errors import AgentInactive, AllGroupsBusy, NotRegistered, TicketClosed, TransferToSelf
from backoffice.tickets.models import Ticket
from backoffice.tickets.phrases import duration
from tests.backoffice import desk
from tests.cast import LUCIA


@pytest.fixture
def taken(maria, juan):
    """María's case, in Juan's first seat."""
    ticket = desk.case(maria)
    services.take(ticket=ticket, agent=juan)
    return ticket


def test_transfer_to_ventas_takes_the_note_and_tells_everybody(taken, maria, sales):
    seat = taken.group
    services.transfer(ticket=taken, actor="Juan Pérez", area="sales", note="quiere pasar a 300 megas")
    taken.refresh_from_db()
    assert (taken.state, taken.area, taken.agent, taken.group) == (Ticket.State.PENDING, "sales", None, None)
    [text] = desk.said_in(sales.conversation)
    assert "Nuevo Ticket de Ventas" in text
    assert "Nota de Juan Pérez: quiere pasar a 300 megas" in text
    assert desk.said_in(seat.conversation)[-1] == f"↪️ El caso #{taken.number} pasó a Ventas."
    assert desk.said_in(maria)[-1] == "Te paso con el área de Ventas."
    assert desk.signals(maria, "ticket_transferred")[0]["area_label"] == "Ventas"
    event = taken.events.get(kind="transferred")
    assert (event.actor, event.text) == ("Juan Pérez", "A Ventas. quiere pasar a 300 megas")


def test_transfer_to_another_agent_goes_straight_to_their_seat(taken, maria, ana):
    services.transfer(ticket=taken, actor="Juan Pérez", agent=ana, note="ya reinició")
    taken.refresh_from_db()
    assert (taken.agent, taken.state) == (ana, Ticket.State.IN_PROGRESS)
    [text] = desk.said_in(taken.group.conversation)
    assert "Agente: Ana Ruiz" in text
    assert "Nota de Juan Pérez: ya reinició" in text
    assert desk.said_in(maria)[-1] == "Te paso con Ana Ruiz, que sigue con tu caso."


def test_a_transfer_frees_the_seat_it_left(taken, juan, sales, channel):
    services.transfer(ticket=taken, actor="Juan Pérez", area="sales")
    other = desk.case(desk.chat_of(channel, LUCIA))
    assert services.take(ticket=other, agent=juan).number == 1


def test_transfers_that_cannot_be(taken, juan, ana, channel):
    with pytest.raises(TransferToSelf):
        services.transfer(ticket=taken, actor="Juan Pérez", agent=juan)
    services.take(ticket=desk.case(desk.chat_of(channel, LUCIA)), agent=ana)
    ana.groups.filter(number=2).delete()
    with pytest.raises(AllGroupsBusy):
        services.transfer(ticket=taken, actor="Juan Pérez", agent=ana)
    ana.active = False
    with pytest.raises(AgentInactive):
        services.transfer(ticket=taken, actor="Juan Pérez", agent=ana)
    ana.active, ana.registered_at = True, None
    with pytest.raises(NotRegistered):
        services.transfer(ticket=taken, actor="Juan Pérez", agent=ana)
    with pytest.raises(DomainError):
        services.transfer(ticket=taken, actor="Juan Pérez", area="cobranzas")
    taken.refresh_from_db()
    assert taken.agent == juan


def test_a_closed_case_is_not_transferred(taken, sales):
    stale = Ticket.objects.get(pk=taken.pk)
    services.close(ticket=taken, actor="Juan Pérez")
    with pytest.raises(TicketClosed):
        services.transfer(ticket=stale, actor="Juan Pérez", area="sales")


def test_fin_closes_with_its_reason_and_how_long_it_took(taken, maria):
    seat = taken.group
    end = taken.taken_at + timedelta(minutes=25)
    services.close(ticket=taken, actor="Juan Pérez", reason="Problema resuelto - reinicio de módem", now=end)
    assert desk.said_in(seat.conversation)[-1] == (
        f"✅ Caso #{taken.number} cerrado.\nCliente: María González\nDuración: 25 min\n"
        "Motivo: Problema resuelto - reinicio de módem"
    )
    [payload] = desk.signals(maria, "ticket_closed")
    assert payload["agent_name"] == "Juan Pérez"
    assert payload["reason"] == "Problema resuelto - reinicio de módem"


def test_closing_twice_is_refused_and_says_nothing_twice(taken, maria):
    services.close(ticket=taken, actor="Juan Pérez")
    with pytest.raises(TicketClosed):
        services.close(ticket=Ticket.objects.get(pk=taken.pk), actor="Elena Soto")
    assert len(desk.signals(maria, "ticket_closed")) == 1


def test_a_case_closed_before_anybody_took_it_is_told_to_its_queue(maria, support):
    ticket = desk.case(maria)
    services.close(ticket=ticket, actor="Elena Soto")
    assert (
        desk.said_in(support.conversation)[-1] == f"El ticket #{ticket.number} de María González se cerró sin tomarlo."
    )
    assert desk.signals(maria, "ticket_closed")[0]["agent_name"] == ""


def test_closing_what_somebody_took_meanwhile_tells_their_group(maria, juan):
    ticket = desk.case(maria)
    stale = Ticket.objects.select_related("conversation", "contact").get(pk=ticket.pk)
    seat = services.take(ticket=ticket, agent=juan)
    services.close(ticket=stale, actor="Elena Soto")
    assert "cerrado" in desk.said_in(seat.conversation)[-1]


def test_notes_stay_in_the_house(taken, maria):
    before = Message.objects.count()
    services.note(ticket=taken, actor="Juan Pérez", text="cliente difícil")
    assert Message.objects.count() == before
    assert taken.events.get(kind="note").text == "cliente difícil"
    with pytest.raises(DomainError):
        services.note(ticket=taken, actor="Juan Pérez", text="  ")


def test_a_case_is_rated_once(taken):
    services.close(ticket=taken, actor="Juan Pérez")
    assert services.rate(ticket=taken, rating=2)
    assert not services.rate(ticket=taken, rating=5)
    taken.refresh_from_db()
    assert taken.rating == 2
    assert Activity.objects.filter(text__contains="calificó con 2").exists()
    with pytest.raises(DomainError):
        services.rate(ticket=taken, rating=6)


def test_nobody_takes_it_and_the_supervisors_hear_once(maria, support, supervisors):
    ticket = desk.case(maria, sentiment="enojado")
    due = desk.timers(ticket, "escalate")[0]
    assert services.escalate(ticket=ticket, now=due)
    assert not services.escalate(ticket=ticket, now=due + timedelta(minutes=5))
    [text] = desk.said_in(supervisors.conversation)
    for piece in ("Espera hace: 5 min", "Sentimiento: Enojado", f"/panel/ticket/{ticket.pk}/", "María González"):
        assert piece in text
    assert ticket.events.filter(kind="escalated").count() == 1


def test_without_a_supervisor_group_the_panel_is_alerted(maria, support):
    ticket = desk.case(maria)
    assert services.escalate(ticket=ticket, now=desk.timers(ticket, "escalate")[0])
    assert Activity.objects.filter(text__contains="no hay grupo de Supervisor").exists()


def test_a_case_that_was_taken_alerts_nobody(taken, supervisors):
    assert not services.escalate(ticket=taken, now=timezone.now() + timedelta(hours=1))
    assert desk.said_in(supervisors.conversation) == []


def test_a_timer_that_rings_early_is_set_again(maria, support, supervisors):
    ticket = desk.case(maria)
    due = desk.timers(ticket, "escalate")[0]
    settings = AttentionSettings.load()
    settings.sla_minutes = 40
    settings.save()
    assert not services.escalate(ticket=ticket, now=due)
    assert desk.timers(ticket, "escalate") == [due, ticket.announced_at + timedelta(minutes=40)]


def test_a_transferred_case_waits_its_own_time(taken, sales, supervisors):
    later = timezone.now() + timedelta(hours=2)
    services.transfer(ticket=taken, actor="Juan Pérez", area="sales", now=later)
    assert not services.escalate(ticket=taken, now=later + timedelta(minutes=1))
    assert services.escalate(ticket=taken, now=later + timedelta(minutes=15))


def test_a_closed_case_is_opened_again_within_seven_days(taken, support):
    services.close(ticket=taken, actor="Juan Pérez", reason="listo")
    services.reopen(ticket=taken, actor="Elena Soto", message="volvió a fallar")
    taken.refresh_from_db()
    assert (taken.state, taken.agent, taken.close_reason) == (Ticket.State.PENDING, None, "")
    assert "volvió a fallar" in desk.said_in(support.conversation)[-1]
    with pytest.raises(DomainError, match="menos de 7 días"):
        services.reopen(ticket=taken, actor="Elena Soto")


def test_after_a_week_or_with_another_case_open_it_stays_closed(taken, maria):
    services.close(ticket=taken, actor="Juan Pérez")
    with pytest.raises(DomainError, match="menos de 7 días"):
        services.reopen(ticket=taken, actor="Elena Soto", now=timezone.now() + timedelta(days=8))
    desk.case(maria)
    with pytest.raises(DomainError, match="otro ticket abierto"):
        services.reopen(ticket=taken, actor="Elena Soto")


def test_when_the_bot_is_taken_out_the_case_goes_back_to_the_queue(taken, support):
    seat = taken.group
    services.bot_left(group=seat)
    services.bot_left(group=seat)
    taken.refresh_from_db()
    assert (taken.state, taken.agent) == (Ticket.State.PENDING, None)
    assert "Sacaron al bot" in desk.said_in(support.conversation)[-1]
    assert Activity.objects.filter(text__startswith="Sacaron al bot").count() == 1


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3600, "1 h"), (7500, "2 h 5 min"), (90000, "1 d 1 h"), (-5, "0 s")],
)
def test_durations_in_words(seconds, text):
    assert duration(timedelta(seconds=seconds)) == text


def test_the_board_counts_what_is_open(taken, channel, support):
    desk.case(desk.chat_of(channel, LUCIA), sentiment="enojado")
    board = selectors.board()
    assert (board.open, board.pending, board.in_progress, board.urgent) == (2, 1, 1, 1)
    assert [row.contact.name for row in selectors.open_tickets()] == ["Lucía Paz", "María González"]
    assert [(agent.name, agent.ready, agent.busy) for agent in selectors.seats()] == [("Juan Pérez", 3, 1)]


def test_info_tells_who_is_attended(taken, maria, django_assert_max_num_queries):
    services.close(ticket=taken, actor="Juan Pérez", reason="reinicio")
    again = desk.case(maria, data=[{"label": "Luces", "value": "roja"}])
    with django_assert_max_num_queries(4):
        facts = dict(selectors.info_facts(again))
    assert facts["Nombre"] == "María González"
    assert facts["Teléfono"] == "261 234-5678"
    assert facts["Cliente"] == "No identificado"
    assert facts["Luces"] == "roja"
    assert facts["Tickets anteriores"] == "1"
    assert "reinicio" in facts["Último"]


def test_info_tells_the_plan_and_the_state_of_the_service(maria, support):
    customer = Customer.objects.create(code="1001", name="María González", document="30111222", address="Mitre 50")
    plan = Plan.objects.create(name="Fibra 100", price=18500, download=100, upload=20)
    for status in ("active", "cancelled"):
        Service.objects.create(customer=customer, plan=plan, price=18500, address="San Martín 450", status=status)
    facts = selectors.info_facts(desk.case(maria, customer=customer))
    assert [value for name, value in facts if name == "Servicio"] == ["Fibra 100 · San Martín 450 (activo)"]
    assert dict(facts)["N° de cliente"] == "1001"
    assert dict(facts)["Domicilio"] == "Mitre 50"


def test_what_was_escalated_is_listed(maria, support):
    ticket = desk.case(maria)
    assert list(selectors.unattended()) == []
    services.escalate(ticket=ticket, now=desk.timers(ticket, "escalate")[0])
    assert list(selectors.unattended()) == [ticket]
    assert selectors.waiting_time(ticket, ticket.announced_at + timedelta(minutes=16)) == "16 min"
    assert [event.kind for event in selectors.story(ticket)] == ["opened", "announced", "escalated"]
