"""When the bot begins and completes an order, and that a turn in the middle of a talk costs nothing for it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backoffice.catalog.models import SalesSettings
from backoffice.sales import services
from backoffice.sales.models import SalesOrder
from bot.rules import Mode, Shop
from bot.turn import KeepOrder
from tests.bot.world import ATTENDED, Chat, stranger
from tests.story import StoryHere

SELLS = Shop(orders=True)
States = SalesOrder.State


def orders(chat: Chat) -> list[KeepOrder]:
    return chat.all(KeepOrder)


def test_the_first_answer_of_a_talk_begins_an_order_and_the_next_ones_do_not():
    maria = Chat(shop=SELLS)
    maria.says("hola")
    assert orders(maria) == [KeepOrder()]
    maria.says("cuánto debo")
    assert orders(maria) == []
    maria.waits(hours=9).says("hola")
    assert orders(maria) == [KeepOrder()]


def test_who_is_handed_to_people_finished_the_steps():
    pepe = stranger(shop=SELLS)
    pepe.says("quiero contratar internet")
    assert orders(pepe) == [KeepOrder()]
    pepe.says("Pepe Gómez")
    assert orders(pepe) == []
    pepe.says("Belgrano 1450")
    [done] = orders(pepe)
    assert (done.finished, done.subject) == (True, pepe.ticket_opened.subject)
    assert ("Belgrano 1450" in [value for _, value in done.data]) is True


def test_after_the_order_ended_the_next_message_begins_another():
    maria = Chat(shop=SELLS)
    maria.says("hola")
    maria.hears("order_ended", number=1)
    assert orders(maria) == []
    maria.says("hola")
    assert orders(maria) == [KeepOrder()]


@pytest.mark.parametrize(
    "chat",
    [Chat(), Chat(shop=SELLS, mode=Mode.STOPPED), Chat(shop=SELLS, ticket=ATTENDED)],
    ids=["off", "stopped", "attended by a person"],
)
def test_who_the_bot_does_not_answer_or_a_company_without_orders_has_none(chat):
    chat.says("hola")
    assert orders(chat) == []


def test_a_word_that_asks_for_nothing_is_no_order():
    maria = Chat(shop=SELLS)
    maria.says("BAJA")
    assert orders(maria) == []


@pytest.fixture
def selling(story: StoryHere) -> StoryHere:
    settings = SalesSettings.load()
    settings.orders = True
    settings.save()
    return story


@pytest.mark.flow
def test_a_talk_from_hello_to_the_seller_and_back(selling: StoryHere):
    """INCOMPLETO, COMPLETO, EN PROCESO, FACTURADO, and the next message is another order (OPEN-ORD-08…15)."""
    selling.lucia.says("hola, quiero contratar")
    order = SalesOrder.objects.get()
    assert (order.state, order.contact.name) == (States.INCOMPLETE, "Lucía Paz")
    selling.lucia.says("Lucía Paz")
    selling.lucia.says("Belgrano 1450")
    order.refresh_from_db()
    assert (order.state, order.ticket.area) == (States.COMPLETE, "sales")
    assert "Belgrano 1450" in str(order.data)
    sofia = selling_user()
    services.edit_order(order=order, by=sofia, state=States.IN_PROCESS)
    selling.goes_on()
    selling.lucia.hears_all()
    selling.lucia.says("¿hay alguien?")
    assert selling.lucia.hears_nothing()
    services.edit_order(order=order, by=sofia, state=States.INVOICED)
    selling.goes_on()
    selling.lucia.hears_all()
    selling.lucia.says("hola de nuevo, ¿qué planes tienen?")
    assert selling.lucia.hears_all()
    assert [one.state for one in SalesOrder.objects.order_by("pk")] == [States.INVOICED, States.INCOMPLETE]


def selling_user():
    from backoffice.accounts.models import User

    return User.objects.get(username="sofia")


@pytest.mark.flow
def test_orders_cost_a_talk_its_beginning_and_nothing_in_the_middle(selling: StoryHere):
    def turns() -> list[int]:
        costs = []
        for text in ("hola", "¿a qué hora atienden?", "gracias"):
            selling.maria.writes(text)
            selling.listens()
            selling.time_to_answer()
            with CaptureQueriesContext(connection) as asked:
                assert selling.dispatcher.run_once() == 1
            costs.append(len([one for one in asked if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]))
            selling.goes_on()
        return costs

    turns()  # the first time makes the settings' rows
    selling.time_passes(hours=49)
    services.expire_orders()
    with_orders = turns()
    settings = SalesSettings.load()
    settings.orders = False
    settings.save()
    selling.time_passes(hours=9)
    selling.maria.says("hola")
    selling.time_passes(hours=9)
    without = turns()
    assert with_orders[1:] == without[1:]
    assert 0 < with_orders[0] - without[0] <= 6
    assert SalesOrder.objects.count() == 2
