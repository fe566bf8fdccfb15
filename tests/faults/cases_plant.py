"""Ready calls of the verbs of the plant, the stock and the seals."""

from backoffice.customers.models import Service
from backoffice.network import services
from backoffice.network.models import NapBox, Olt, Seal, Supply, Unit
from backoffice.network.services.stock import Destination
from tests.backoffice.network import plant
from tests.faults.cases import Call, admin, case
from tests.story import StoryHere


def maria() -> Service:
    return Service.objects.get(customer__code="000101")


@case("network.save_olt")
def save_olt(story: StoryHere) -> Call:
    plant.olt(pons=4)

    def shrink() -> object:
        olt = Olt.objects.get()
        olt.pon_count = 2
        return services.save_olt(olt=olt, by=admin())

    return shrink


@case("network.save_box")
def save_box(story: StoryHere) -> Call:
    plant.pon()
    return lambda: services.save_box(box=NapBox(name="NAP-1", capacity=4, pon=plant.pon()), by=admin())


@case("network.delete_box")
def delete_box(story: StoryHere) -> Call:
    plant.box()
    return lambda: services.delete_box(box=NapBox.objects.get(), by=admin())


@case("network.connect")
def connect(story: StoryHere) -> Call:
    """From another port: one is freed and the other taken, or neither."""
    plant.box()
    services.connect(port=plant.port(1), service=plant.service())
    return lambda: services.connect(port=plant.port(2), service=maria(), by=admin())


@case("network.set_port")
def set_port(story: StoryHere) -> Call:
    plant.box()
    return lambda: services.set_port(port=plant.port(1), state="broken", note="Roto", by=admin())


def bought() -> None:
    services.add_units(item=plant.onu(), serials="HWTC0001\nHWTC0002", deposit=plant.deposit(), by=admin())


@case("network.add_units")
def add_units(story: StoryHere) -> Call:
    plant.onu()
    plant.deposit()
    return bought


@case("network.move_units")
def move_units(story: StoryHere) -> Call:
    bought()
    plant.service()
    return lambda: services.move_units(
        units=list(Unit.objects.all()), to=Destination("installed", service=maria()), by=admin()
    )


@case("network.change_supply")
def change_supply(story: StoryHere) -> Call:
    plant.cable()
    plant.deposit()
    return lambda: services.change_supply(
        item=plant.cable(), deposit=plant.deposit(), change=50, reason="Compra", by=admin()
    )


@case("network.transfer_supply")
def transfer_supply(story: StoryHere) -> Call:
    services.change_supply(item=plant.cable(), deposit=plant.deposit(), change=50, reason="Compra", by=admin())
    plant.deposit("Nodo")
    return lambda: services.transfer_supply(
        supply=Supply.objects.get(deposit=plant.deposit()), deposit=plant.deposit("Nodo"), quantity=20, by=admin()
    )


def rolls() -> None:
    services.receive_seals(first="FS1", last="FS3", by=admin())


@case("network.receive_seals")
def receive_seals(story: StoryHere) -> Call:
    return rolls


@case("network.hand_seals")
def hand_seals(story: StoryHere) -> Call:
    rolls()
    return lambda: services.hand_seals(first="FS1", last="FS2", technician=admin(), by=admin())


@case("network.use_seal")
def use_seal(story: StoryHere) -> Call:
    rolls()
    plant.service()
    return lambda: services.use_seal(code="FS1", service=maria(), by=admin())


@case("network.void_seals")
def void_seals(story: StoryHere) -> Call:
    rolls()
    return lambda: services.void_seals(first="FS1", last="FS2", reason="Se rompió", by=admin())


@case("network.restore_seal")
def restore_seal(story: StoryHere) -> Call:
    rolls()
    services.void_seals(first="FS1", last="", reason="Se rompió")
    return lambda: services.restore_seal(seal=Seal.objects.get(number=1), reason="No era ese", by=admin())
