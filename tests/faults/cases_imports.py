"""Ready calls of the verbs of imports, and of what they write by the thousand."""

from collections.abc import Callable

from django.core.files.base import ContentFile

from backoffice.catalog.models import Plan
from backoffice.common.importing.models import Import
from backoffice.common.services import imports
from backoffice.conversations import services as conversations
from backoffice.conversations.models import Contact
from backoffice.conversations.services import ContactChange
from backoffice.customers import services as customers
from backoffice.customers.models import Customer, Service
from tests.faults.cases import Call, admin, case
from tests.story import StoryHere

TEXT = "número de cliente;nombre;teléfonos\n000101;María;2612345678\n;Nuevo;2615550199\n"


def brought() -> Import:
    file = ContentFile(TEXT.encode(), name="clientes.csv")
    return imports.bring(table="customers.customer", name="clientes.csv", file=file, by=admin())


def of(verb: Callable[..., object]) -> Call:
    return lambda: verb(one=Import.objects.latest("pk"))


@case("common.imports.apply")
def apply(story: StoryHere) -> Call:
    brought()
    return of(imports.apply)


@case("common.imports.undo")
def undo(story: StoryHere) -> Call:
    one = brought()
    imports.apply(one=one)
    imports.do_now(one=one)
    return of(imports.undo)


@case("common.imports.cancel")
def cancel(story: StoryHere) -> Call:
    brought()
    return of(imports.cancel)


@case("common.imports.forget")
def forget(story: StoryHere) -> Call:
    brought()
    return of(imports.forget)


@case("common.imports.forget_naming")
def forget_naming(story: StoryHere) -> Call:
    brought()
    return lambda: imports.forget_naming(rows={"customers.customer": set()}, numbers=["2612345678"], looked={})


def new_ones() -> list[customers.Change]:
    named = customers.Change(Customer(name="Ana", code="900"), phones={"2615550199": "+5492615550199"})
    return [named, customers.Change(Customer(name="Luz"))]


@case("customers.write_customers")
def write_customers(story: StoryHere) -> Call:
    """Two new ones, one of them without a number, and one whose name and phones change."""
    rosa()

    def write() -> object:
        maria = Customer.objects.get(code="000777")
        maria.name = "María de Paz"
        changed = customers.Change(maria, ["name"], {"2615550198": "+5492615550198"})
        return customers.write_customers(new=new_ones(), changed=[changed], by=admin(), reason="Importación 1")

    return write


@case("customers.remove_customers")
def remove_customers(story: StoryHere) -> Call:
    customers.write_customers(new=new_ones(), changed=[])
    return lambda: customers.remove_customers(customers=list(Customer.objects.filter(name__in=["Ana", "Luz"])))


def rosa() -> Customer:
    return customers.create_customer(name="Rosa Ibáñez", code="000777", phones=["2615550177"])


def contract(address: str) -> Service:
    customer = Customer.objects.filter(code="000777").first() or rosa()
    plan, _ = Plan.objects.get_or_create(name="Fibra 77", defaults={"price": 1, "download": 1, "upload": 1})
    return Service(customer=customer, plan=plan, price=100, address=address)


@case("customers.write_services")
def write_services(story: StoryHere) -> Call:
    customers.write_services(new=[contract("Mitre 1")], changed=[])

    def write() -> object:
        stored = Service.objects.get(address="Mitre 1")
        stored.price = 200
        return customers.write_services(new=[contract("Mitre 2")], changed=[(stored, ["price"])], by=admin())

    return write


@case("customers.remove_services")
def remove_services(story: StoryHere) -> Call:
    customers.write_services(new=[contract("Mitre 1")], changed=[])
    return lambda: customers.remove_services(contracts=list(Service.objects.filter(address="Mitre 1")))


def agenda() -> list[ContactChange]:
    """Two new contacts, one with a label that nobody has yet."""
    luz = Contact(name="Luz Ibáñez", phone="+5492615550177", phone_key="2615550177")
    sol = Contact(name="Sol Ibáñez", phone="+5492615550178", phone_key="2615550178")
    return [ContactChange(luz, labels=["Obra nueva"]), ContactChange(sol)]


def of_the_agenda() -> list[Contact]:
    return list(Contact.objects.filter(phone_key__in=["2615550177", "2615550178"]).order_by("pk"))


@case("conversations.write_contacts")
def write_contacts(story: StoryHere) -> Call:
    """Two new ones, and one whose name and labels change."""
    rosa = Contact(name="Rosa", phone="+5492615550179", phone_key="2615550179")
    conversations.write_contacts(new=[ContactChange(rosa, labels=["VIP"])], changed=[])

    def write() -> object:
        stored = Contact.objects.get(phone_key="2615550179")
        stored.name = "Rosa Ibáñez"
        changed = ContactChange(stored, ["name"], ["vip", "Llamar de tarde"])
        return conversations.write_contacts(new=agenda(), changed=[changed], by=admin(), reason="Importación 1")

    return write


@case("conversations.remove_contacts")
def remove_contacts(story: StoryHere) -> Call:
    conversations.write_contacts(new=agenda(), changed=[])
    return lambda: conversations.remove_contacts(contacts=of_the_agenda())
