"""The verbs of orders: begun and completed by the bot, attended by staff, ended by the clock."""

from datetime import timedelta

from django.utils import timezone

from backoffice.conversations.models import Contact
from backoffice.sales import services as sales
from backoffice.sales.models import SalesOrder
from tests import cast
from tests.faults.cases import Call, admin, case, waiting
from tests.story import StoryHere

LATER = timedelta(hours=49)


def contact(person: cast.Person = cast.MARIA) -> Contact:
    return Contact.objects.get(phone_key=person.key)


def begun(story: StoryHere) -> None:
    """María waits for a person, and her order with her."""
    waiting(story)
    sales.record_talks(talks=[sales.Talk(contact().pk)], now=timezone.now())


def order() -> SalesOrder:
    return SalesOrder.objects.latest("pk")


def attended(story: StoryHere) -> None:
    begun(story)
    sales.edit_order(order=order(), by=admin(), state="en_proceso")


@case("sales.record_talks")
def record_talks(story: StoryHere) -> Call:
    """One order begins and another is completed, in one go."""
    begun(story)
    story.lucia.says("hola")
    talks = [
        sales.Talk(contact().pk, finished=True, subject="Contratar", data=(("Dirección", "Belgrano 1"),)),
        sales.Talk(contact(cast.LUCIA).pk),
    ]
    return lambda: sales.record_talks(talks=talks, now=timezone.now())


@case("sales.edit_order")
def edit_order(story: StoryHere) -> Call:
    attended(story)
    return lambda: sales.edit_order(order=order(), by=admin(), values={"comments": "listo"}, state="facturado")


@case("sales.expire_orders")
def expire_orders(story: StoryHere) -> Call:
    begun(story)
    return lambda: sales.expire_orders(now=timezone.now() + LATER)


@case("sales.give_back_expired")
def give_back_expired(story: StoryHere) -> Call:
    attended(story)
    sales.expire_orders(now=timezone.now() + LATER)
    return lambda: sales.give_back_expired()


@case("sales.warn_supervisors")
def warn_supervisors(story: StoryHere) -> Call:
    attended(story)
    return lambda: sales.warn_supervisors(now=timezone.now() + timedelta(hours=45))


@case("sales.join_orders")
def join_orders(story: StoryHere) -> Call:
    begun(story)
    story.lucia.says("hola")
    sales.record_talks(talks=[sales.Talk(contact(cast.LUCIA).pk)], now=timezone.now())
    return lambda: sales.join_orders(keep=contact(), lose=contact(cast.LUCIA))
