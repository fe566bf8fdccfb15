"""An order from its first word to its end, told by its verbs (OPEN-ORD)."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backoffice.accounts.models import User
from backoffice.common.errors import DomainError
from backoffice.sales import services
from backoffice.sales.models import Branch, SalesOrder
from backoffice.sales.selectors import story
from backoffice.tickets.errors import NotYours
from backoffice.tickets.merging import merge_contacts
from backoffice.tickets.models import Ticket
from tests.backoffice import desk
from tests.cast import ANA, ELENA, JUAN, LUCIA, MARIA, Person

pytestmark = pytest.mark.flow
States = SalesOrder.State
FINAL = [States.INVOICED, States.CANCELLED, States.RESOLVED, States.NO_ANSWER]


def states_of(order: SalesOrder) -> list[tuple[str, str]]:
    return [(step.state, step.who) for step in story(order) if step.state]


def test_numbers_follow_each_other_and_nobody_has_two_open(order):
    first, second = order(MARIA), order(LUCIA)
    assert second.number == first.number + 1
    assert order(MARIA).pk == first.pk
    with pytest.raises(IntegrityError):
        SalesOrder.objects.create(number=99, contact=first.contact)


def test_an_order_is_completed_with_what_the_bot_collected(order, maria):
    order()
    case = desk.case(maria, area="sales")
    told = order(finished=True, subject="Contratar el servicio", data=(("Dirección", "Belgrano 1"),), ticket_id=case.pk)
    assert (told.state, told.subject, told.ticket) == (States.COMPLETE, "Contratar el servicio", case)
    assert told.data == [{"label": "Dirección", "value": "Belgrano 1"}]
    assert states_of(told) == [("Incompleto", "El bot"), ("Completo", "El bot")]


def test_forty_talks_cost_what_two_do(order, maria):
    def cost(people: list[Person]) -> int:
        contacts = [desk.chat_of(maria.channel, person).contact_id for person in people]
        order(people[0])
        talks = [services.Talk(pk, finished=place % 2 == 0) for place, pk in enumerate(contacts)]
        with CaptureQueriesContext(connection) as asked:
            services.record_talks(talks=talks, now=timezone.now())
        return len([one for one in asked if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))])

    few = cost([LUCIA, ANA, ELENA])
    many = cost([Person(f"Persona {n}", f"54926155501{n:02}") for n in range(40)])
    assert many == few <= 8


def test_in_process_the_bot_is_quiet_and_who_put_it_attends(order, maria, sofia):
    case = desk.case(maria, area="sales")
    saved = services.edit_order(order=order(finished=True, ticket_id=case.pk), by=sofia, state=States.IN_PROCESS)
    case.refresh_from_db()
    assert (saved.state, saved.ticket, case.state, case.user) == (States.IN_PROCESS, case, "en_progreso", sofia)
    assert states_of(saved)[-1] == ("En proceso", str(sofia))


def test_without_a_case_it_takes_the_chat_and_the_end_gives_it_back(order, maria, sofia):
    attended = services.edit_order(order=order(), by=sofia, state=States.IN_PROCESS)
    assert attended.ticket is not None
    ended = services.edit_order(order=attended, by=sofia, state=States.INVOICED, values={"amount": Decimal(18500)})
    assert (ended.state, ended.amount, ended.ended_at is not None) == (States.INVOICED, Decimal(18500), True)
    assert Ticket.objects.get().state == "cerrado"
    assert desk.signals(maria, "order_ended") == [{"number": ended.number}]
    assert order().pk != ended.pk


def test_one_attended_in_a_group_stays_with_its_agent(order, maria, sofia):
    """Juan has the case: Sofía may say that it is in process, and not end it under his hands."""
    juan = desk.agent(maria.channel, JUAN)
    case = desk.case(maria)
    from backoffice.tickets import services as tickets

    tickets.take(ticket=case, agent=juan)
    attended = services.edit_order(order=order(), by=sofia, state=States.IN_PROCESS)
    assert attended.ticket == case
    with pytest.raises(NotYours):
        services.edit_order(order=attended, by=sofia, state=States.RESOLVED)
    assert SalesOrder.objects.get().state == States.IN_PROCESS


@pytest.mark.parametrize("final", FINAL)
def test_what_is_ended_stays_so_and_its_data_may_be_corrected(order, sofia, final):
    ended = services.edit_order(order=order(), by=sofia, state=final)
    for state in (States.IN_PROCESS, States.INCOMPLETE, States.EXPIRED, *FINAL):
        with pytest.raises(DomainError, match="ya terminó") as refused:
            services.edit_order(order=ended, by=sofia, state=state)
        assert refused.value.field == "move_to"
    assert services.edit_order(order=ended, by=sofia, values={"comments": "era en efectivo"}).state == final


@pytest.mark.parametrize("state", [States.INCOMPLETE, States.COMPLETE, States.EXPIRED, "inventado"])
def test_the_states_of_the_system_are_not_set_by_hand(order, sofia, state):
    with pytest.raises(DomainError):
        services.edit_order(order=order(), by=sofia, state=state)


def test_who_may_not_attend_puts_nothing_in_process(order, db):
    clerk = User.objects.create_user("marta", is_staff=True)
    with pytest.raises(DomainError, match="permiso"):
        services.edit_order(order=order(), by=clerk, state=States.IN_PROCESS)
    assert SalesOrder.objects.get().state == States.INCOMPLETE


def test_the_story_says_who_changed_what(order, sofia):
    centro = Branch.objects.create(name="Centro")
    values = {"amount": Decimal("18500"), "payment": "efectivo", "branch": centro}
    saved = services.edit_order(order=order(), by=sofia, values=values)
    step = story(saved)[-1]
    assert (step.who, step.state) == (str(sofia), "")
    assert step.edits == [
        ("Monto", "—", "$ 18.500,00"),
        ("Forma de pago", "—", "Efectivo"),
        ("Sucursal", "—", "Centro"),
    ]


def test_of_two_contacts_that_are_one_the_order_that_got_further_goes_on(order, sofia):
    began, attended = order(MARIA), services.edit_order(order=order(LUCIA), by=sofia, state=States.IN_PROCESS)
    merge_contacts(keep=began.contact, lose=attended.contact)
    began.refresh_from_db()
    attended.refresh_from_db()
    assert (attended.state, attended.contact) == (States.IN_PROCESS, began.contact)
    assert (began.state, began.comments) == (States.CANCELLED, f"Unido al {attended}.")
