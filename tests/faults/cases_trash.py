"""Ready calls of the verbs of the trash."""

from django.utils import timezone

from backoffice.catalog.models import Plan, Zone
from backoffice.common import deleting
from backoffice.conversations.models import Contact
from backoffice.customers.models import Customer
from backoffice.safekeeping import services
from backoffice.safekeeping.models import TrashItem
from backoffice.safekeeping.snapshots import take
from tests import cast
from tests.faults.cases import Call, admin, atomically, case
from tests.story import StoryHere


def maria() -> Contact:
    return Contact.objects.get(phone_key=cast.MARIA.key)


def item() -> TrashItem:
    return TrashItem.objects.get()


@case("safekeeping.keep_deleted")
def keep_deleted(story: StoryHere) -> Call:
    zone = Zone.objects.create(name="Lejos")
    return atomically(lambda: services.keep_deleted(seen=[take(zone)], by=admin()))


@case("safekeeping.restore")
def restore(story: StoryHere) -> Call:
    """With its phones, with the customer that was in it, and the plan that was sold there."""
    zone = Zone.objects.create(name="Lejos")
    Plan.objects.create(name="Viejo", price=1, download=1, upload=1).zones.add(zone)
    Customer.objects.filter(name=cast.MARIA.name).update(zone=zone)
    deleting.delete(zone)
    return lambda: services.restore(item=item(), by=admin())


@case("safekeeping.throw_away")
def throw_away(story: StoryHere) -> Call:
    deleting.delete(Zone.objects.create(name="Lejos"))
    return lambda: services.throw_away(item=item(), by=admin())


@case("safekeeping.trash_contact")
def trash_contact(story: StoryHere) -> Call:
    story.maria.says("hola")
    return lambda: services.trash_contact(contact=maria(), by=admin())


@case("safekeeping.purge_expired")
def purge_expired(story: StoryHere) -> Call:
    for name in ("Lejos", "Más lejos"):
        deleting.delete(Zone.objects.create(name=name))
    TrashItem.objects.update(expires_at=timezone.now())
    return lambda: services.purge_expired(now=timezone.now(), after=0)
