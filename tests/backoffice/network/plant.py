"""FibraSur's corner: an OLT, a box, María's and Lucía's services, a deposit and the people who climb poles."""

from decimal import Decimal

from backoffice.accounts.models import User
from backoffice.catalog.models import Plan, Zone
from backoffice.customers.models import Customer, Service
from backoffice.network import services
from backoffice.network.models import Deposit, Item, NapBox, NapPort, Olt, PonPort
from integrations.understanding.places import parse_point


def zone(name: str = "Godoy Cruz") -> Zone:
    return Zone.objects.get_or_create(name=name)[0]


def olt(name: str = "OLT Central", pons: int = 4) -> Olt:
    return services.save_olt(olt=Olt(name=name, pon_count=pons))


def pon(number: int = 1) -> PonPort:
    head = Olt.objects.first() or olt()
    return head.pons.get(number=number)


def box(name: str = "NAP-GC-001", capacity: int = 4, at: str = "-32.9280, -68.8440", **more: object) -> NapBox:
    row = NapBox(name=name, capacity=capacity, zone=zone(), pon=pon(), **more)
    row.point = parse_point(at) if at else None
    return services.save_box(box=row)


def port(number: int = 1, of: NapBox | None = None) -> NapPort:
    return (of or NapBox.objects.first() or box()).ports.get(number=number)


def service(
    name: str = "María González", code: str = "000101", address: str = "San Martín 450", document: str = "30111222"
) -> Service:
    plan, _ = Plan.objects.get_or_create(
        name="Fibra 100", defaults={"price": Decimal(18500), "download": 100, "upload": 50}
    )
    customer, _ = Customer.objects.get_or_create(code=code, defaults={"name": name, "document": document})
    return Service.objects.create(customer=customer, plan=plan, price=plan.price, address=address)


def deposit(name: str = "Depósito Central") -> Deposit:
    return Deposit.objects.get_or_create(name=name)[0]


def onu() -> Item:
    return Item.objects.get_or_create(name="ONU Huawei HG8310M", defaults={"kind": "onu"})[0]


def cable() -> Item:
    return Item.objects.get_or_create(name="Cable drop", defaults={"kind": "cable", "measure": "metres"})[0]


def technician(username: str = "juan", first_name: str = "Juan", last_name: str = "Pérez") -> User:
    user, _ = User.objects.get_or_create(
        username=username, defaults={"first_name": first_name, "last_name": last_name, "is_staff": True}
    )
    return user
