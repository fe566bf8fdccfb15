"""«Vencido» at 48 h, and the supervisors' warning 4 h before (OPEN-ORD-16, AMB-31), with the clock moved."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backoffice.common.models import Activity
from backoffice.conversations.models import Conversation
from backoffice.operations.alerts import alerts
from backoffice.sales import services
from backoffice.sales.models import SalesOrder
from backoffice.sales.selectors import story
from backoffice.tickets.models import Ticket
from bot.watchdog import Watchdog
from tests.backoffice import desk
from tests.cast import ANA, ELENA, LUCIA, MARIA, Person

pytestmark = pytest.mark.flow
States = SalesOrder.State
START = datetime(2026, 11, 24, 13, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as moved:
        yield moved


def state_of(order: SalesOrder) -> str:
    order.refresh_from_db()
    return order.state


def alerted() -> bool:
    """Whether the panel says it too."""
    return "Un pedido en proceso vence en menos de 4 h." in [alert.text for alert in alerts()]


def test_what_is_open_expires_at_48_hours_and_what_is_ended_does_not(clock, order, sofia):
    begun, complete, attended = order(MARIA), order(LUCIA, finished=True), order(ANA)
    services.edit_order(order=attended, by=sofia, state=States.IN_PROCESS)
    ended = services.edit_order(order=order(ELENA), by=sofia, state=States.RESOLVED)
    clock.shift(timedelta(hours=47, minutes=59))
    assert services.expire_orders() == 0
    clock.shift(timedelta(minutes=1))
    assert services.expire_orders() == 3
    assert {state_of(one) for one in (begun, complete, attended)} == {States.EXPIRED}
    assert state_of(ended) == States.RESOLVED
    last = story(begun)[-1]
    assert (last.state, last.who, last.reason) == ("Vencido", "Sistema", "A las 48 h de recibido")
    assert services.expire_orders() == 0


def test_many_expire_in_the_statements_of_one(clock, order, maria):
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            services.expire_orders(now=START + timedelta(hours=49))
        return len(asked)

    order(MARIA)
    one = cost()
    for number in range(30):
        order(Person(f"Persona {number}", f"54926155501{number:02}"))
    assert cost() == one
    assert not SalesOrder.objects.filter(state__in=SalesOrder.OPEN).exists()


def test_an_expired_one_leaves_the_chat_with_the_bot(clock, order, maria, sofia):
    attended = services.edit_order(order=order(), by=sofia, state=States.IN_PROCESS)
    assert services.give_back_expired() == 0
    clock.shift(timedelta(hours=48))
    Watchdog().look()
    assert state_of(attended) == States.EXPIRED
    assert Ticket.objects.get().close_reason == "Volvió al bot"
    assert desk.signals(maria, "ticket_given_back")
    assert order().number == attended.number + 1


def test_supervisors_hear_once_of_those_in_process(clock, order, maria, sofia):
    supervisors = desk.group(maria.channel, "supervisor", "Supervisores")
    attended, _waits = order(MARIA), order(LUCIA, finished=True)
    services.edit_order(order=attended, by=sofia, state=States.IN_PROCESS)
    clock.shift(timedelta(hours=43))
    assert services.warn_supervisors() == 0
    assert not alerted()
    clock.shift(timedelta(hours=1))
    assert services.warn_supervisors() == 1
    assert services.warn_supervisors() == 0
    assert alerted()
    [told] = desk.said_in(Conversation.objects.get(pk=supervisors.conversation_id))
    assert f"N° {attended.number}, María González" in told
    assert "?estado=en_proceso" in told
    assert Activity.objects.filter(text="Un pedido en proceso vence en menos de 4 h.").exists()
