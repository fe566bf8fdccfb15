"""A company with a row in every table, and one text in every field that somebody can write."""

from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile
from django.db import models
from django.db.models import Model
from django.utils import timezone

from backoffice.accounts import audit
from backoffice.accounts import services as accounts
from backoffice.accounts.models import AccessPolicy, User, WorkShift
from backoffice.agents.models import RegistrationRequest, WhatsAppGroup
from backoffice.billing.models import Invoice
from backoffice.catalog.models import Faq, Plan, Promotion, SalesSettings, Zone
from backoffice.channels.models import Channel
from backoffice.common import deleting
from backoffice.common.models import Activity, Export, Job
from backoffice.common.services import imports
from backoffice.company.models import Holiday, PointOfSale
from backoffice.connections.models import CallLog, Connection
from backoffice.connections.services import save_connection
from backoffice.conversations.models import (
    ChatMark,
    Contact,
    ContactLink,
    Conversation,
    DialogState,
    InboxEvent,
    Label,
    Lane,
    Media,
    Message,
)
from backoffice.customers.models import Customer, CustomerPhone, Service
from backoffice.dialogs.models import ActionType, BotText, CollectField, Menu, MenuOption, MenuVersion
from backoffice.dialogs.selectors import draft
from backoffice.dialogs.services import publish_as_it_is
from backoffice.mail.models import OutgoingMail
from backoffice.network import services as network
from backoffice.network.models import Deposit, Item, NapBox, NapPort, Olt, Seal, Unit
from backoffice.network.services.stock import Destination
from backoffice.notices.models import Gateway, GatewayNotice
from backoffice.operations.models import BotControl, StandingAlert
from backoffice.panel.models import SkippedStep
from backoffice.safekeeping.models import BackupSettings
from backoffice.sales import services as sales
from backoffice.sales.models import Branch, SalesOrder
from backoffice.tickets import services as tickets
from backoffice.tickets.models import Ticket
from tests.backoffice import desk
from tests.cast import MARIA, Person

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
# What the program itself writes, and reads again: addresses, keys, states. Nobody types these.
_OURS = """address key phone_key kind state flow step menu cursor token owner subject timezone source external_id digest
file sha256 mimetype code username password lane document default_area_code number fingerprint key_hash hash
logo qr bank_cbu history_type session_key session_data app_label model codename policy email phone
slug allowed_ips rules serial mac prefix cuit coverage installation_unit monthly_unit tax_condition website
  secrets who where ended_by days secret table clock columns"""
_MACHINERY = {"common.counter", "common.seedmark", "operations.heartbeat", "operations.metric"}
_WRITTEN_ONCE = {"accounts.auditevent"}  # its rows get the text when they are made
_TYPED_ANYWAY = {"tickets.ticket.subject", "customers.customer.address", "customers.service.address"}


def build() -> None:
    """A day at the desk: cases in every state, chats, files, a doubtful message, a dead letter."""
    channel = desk.open_for_business()
    desk.group(channel, "support", "Soporte")
    agent = desk.agent(channel, groups=2)
    _catalog_and_accounts()
    _menus()
    for number in range(3):
        chat = desk.chat_of(channel, Person(f"Persona {number}", f"549261888000{number}"))
        _talk(chat, number)
    case = desk.case(desk.chat_of(channel, MARIA))
    tickets.take_in_panel(ticket=case, user=_somebody())
    tickets.note(ticket=case, actor="Juan", text="nota")
    case.contact.labels.add(Label.objects.create(name="VIP"))
    ChatMark.objects.create(user=_somebody(), contact=case.contact)
    _staff()
    _gateway(channel)
    _connection()
    _orders(case.contact)
    _network()
    _what_went_wrong(channel)
    deleting.delete(Holiday.objects.create(date=date(2027, 1, 1), name="Año nuevo"), by=_somebody())
    request = desk.writes(desk.chat_of(channel), "LISTO")
    RegistrationRequest.objects.create(agent=agent, message=request)
    WhatsAppGroup.objects.create(kind="support", name="Otro", state="failed", error="motivo", number=9)


def write_everywhere(text: str) -> int:
    """Put `text` (cut to fit) in every field of every table of ours that a person can fill, history included."""
    written = 0
    for model in apps.get_models():
        if not model.__module__.startswith("backoffice.") or model._meta.label_lower in _MACHINERY | _WRITTEN_ONCE:
            continue
        values = {field.name: _fitting(field, text) for field in _typed(model)}
        if values:
            written += model._default_manager.update(**values)
    audit.note(audit.Kind.USER, text, about=text)
    for ticket in Ticket.objects.all():
        ticket.data = [{"label": text, "value": text}]
        ticket.save(update_fields=["data"])
    for order in SalesOrder.objects.all():
        order.data = [{"label": text, "value": text}]
        order.save(update_fields=["data"])
    Message.objects.filter(location__isnull=False).update(
        location={"latitude": -32.8, "longitude": -68.8, "name": text, "address": text}
    )
    MenuVersion.objects.update(tree=draft().to_json())
    Message.objects.filter(menu__isnull=False).update(menu=[{"key": "x", "title": text}])
    Job.objects.update(steps=[{"name": text, "state": "done", "detail": text, "text": text}])
    return written


def row_of(model: type[Model]) -> Any:
    """Any row of a table, the newest."""
    return model._default_manager.order_by("-pk").first()


def _typed(model: type[Model]) -> list[Any]:
    return [
        field
        for field in model._meta.get_fields()
        if isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and not field.primary_key
        and (f"{model._meta.label_lower}.{field.name}" in _TYPED_ANYWAY or field.name not in _OURS.split())
        and (not field.unique or model._default_manager.count() <= 1)
    ]


def _fitting(field: Any, text: str) -> str:
    return text[: field.max_length] if field.max_length else text


def _somebody() -> Any:
    return User.objects.get_or_create(username="quien-atiende", defaults={"is_staff": True})[0]


def _staff() -> None:
    """Somebody with a shift and a telephone, inside in two browsers, who did something."""
    user = _somebody()
    WorkShift.objects.create(user=user, days="01234", starts=time(0, 0), ends=time(23, 59))
    for number in (1, 2):
        accounts.open_session(user=user, key=f"key-{number}", device="Firefox en Linux", address="10.0.0.1")
    AccessPolicy.load()
    BackupSettings.load()
    SkippedStep.objects.create(key="zones", by=user)


def _catalog_and_accounts() -> None:
    zone = Zone.objects.create(name="Centro")
    plan = Plan.objects.create(name="Fibra 100", price=Decimal(18500), download=100, upload=100)
    customer = Customer.objects.create(code="1001", name=MARIA.name, zone=zone, document="30111222")
    CustomerPhone.objects.create(customer=customer, number=f"+{MARIA.phone}", key=MARIA.key)
    Service.objects.create(customer=customer, plan=plan, price=plan.price, address="San Martín 450")
    day = date(2026, 11, 1)
    Invoice.objects.create(
        number="0001-00000001", customer=customer, concept="Abono", period=day, issued_on=day, due_on=day,
        total=Decimal(18500), balance=Decimal(18500),
    )  # fmt: skip
    Faq.objects.create(area="support", category="Internet", question="¿Anda?", answer="Sí", keywords="anda")
    Holiday.objects.create(date=day + timedelta(days=54), name="Navidad")
    promotion = Promotion.objects.create(name="50% OFF", monthly_discount=Decimal(50), months=1, starts_on=day)
    promotion.zones.set([zone])
    PointOfSale.objects.create(number=1, name="Casa central")
    SalesSettings.load()


def _menus() -> None:
    reply, _ = ActionType.objects.get_or_create(code="reply", defaults={"label": "Respuesta"})
    root, _ = Menu.objects.get_or_create(is_root=True, defaults={"key": "principal", "title": "Principal"})
    option = MenuOption.objects.create(menu=root, title="Opción", action=reply, text="hola", position=9)
    CollectField.objects.create(option=option, label="Domicilio", question="¿Dónde?")
    publish_as_it_is(note="Primera")
    BotText.objects.get_or_create(key="talk.thanks", defaults={"text": "De nada"})


def _talk(chat: Conversation, number: int) -> None:
    first = desk.writes(chat, "hola")
    for kind in Media.Kind.values:
        media = Media(kind=kind, filename="foto.png", mimetype="image/png", size=len(PNG), sha256=f"{number}{kind}")
        media.file.save(f"{number}-{kind}.png", ContentFile(PNG), save=True)
        desk.writes(chat, "mirá", media=media, quoted=first)
    desk.writes(chat, location={"latitude": -32.8, "longitude": -68.8, "name": "Casa", "address": "Acá"})
    Message.objects.create(
        conversation=chat, channel=chat.channel, direction="out", author="bot", text="Elegí", status="sent",
        due_at=timezone.now(),
        menu=[{"key": "x", "title": "Uno"}],
    )  # fmt: skip
    DialogState.objects.create(contact=chat.contact, flow="identify", step="who")
    Conversation.objects.filter(pk=chat.pk).update(last_message_at=timezone.now() - timedelta(minutes=30))
    if number:
        case = desk.case(chat)
        if number == 2:
            tickets.close(ticket=case, actor="Juan", reason="listo")
    customer = Customer.objects.first()
    ContactLink.objects.create(contact=chat.contact, customer=customer, how="document", verified_at=timezone.now())


def _gateway(channel: Channel) -> None:
    gateway = Gateway.objects.create(name="MikroWisp", slug="mikrowisp", channel=channel)
    GatewayNotice.objects.create(
        gateway=gateway, phone_raw=MARIA.phone, phone=f"+{MARIA.phone}", phone_key=MARIA.key, text="Su factura vence",
        fingerprint="x", raw={"message": "Su factura vence"},
    )  # fmt: skip


def _connection() -> None:
    """To a port where nobody listens: trying it leaves no machine."""
    row = Connection(kind="isp", provider="mikrowisp", name="MikroWisp")
    settings = {"base_url": "http://127.0.0.1:1", "timeout": 3, "verify_tls": True}
    save_connection(connection=row, settings=settings, secrets={"token": "clave-secreta-1234"}, by=_somebody())
    CallLog.objects.create(connection=row, name="MikroWisp", provider="mikrowisp", what="Probar", ms=9, result="ok")
    OutgoingMail.objects.create(
        kind="access", to="ana@fibrasur.test", person=_somebody(), subject="Cómo ingresar", text="un enlace",
        message_id="<1@fibrasur.test>", state="failed", error="no contesta", tries=5, tried_at=timezone.now(),
    )  # fmt: skip
    StandingAlert.objects.create(key="disk", text="Queda poco lugar", since=timezone.now())


def _orders(contact: Contact) -> None:
    """One that ended and one that is open, with all that may be written in them."""
    branch, plan = Branch.objects.create(name="Centro", address="San Martín 1"), Plan.objects.first()
    for state in ("resuelto", ""):
        talk = sales.Talk(contact.pk, finished=True, subject="Contratar", data=(("Dirección", "Belgrano 1"),))
        sales.record_talks(talks=[talk], now=timezone.now())
        order = SalesOrder.objects.latest("pk")
        values = {"amount": Decimal(100), "plan": plan, "branch": branch, "comments": "llamar de tarde"}
        sales.edit_order(order=order, by=_somebody(), values=values, state=state)


def _network() -> None:
    """A box with a customer on it, equipment at their house, cable, and a roll of seals."""
    olt = network.save_olt(olt=Olt(name="OLT Central", pon_count=2))
    box = NapBox(name="NAP-1", zone=Zone.objects.first(), pon=olt.pons.first(), capacity=2, latitude=-32, longitude=-68)
    network.save_box(box=box)
    service = Service.objects.latest("pk")
    network.connect(port=NapPort.objects.get(number=1), service=service, note="nota")
    network.set_port(port=NapPort.objects.get(number=2), state="broken", note="nota")
    deposit = Deposit.objects.create(name="Central")
    onu = Item.objects.create(name="ONU", kind="onu")
    units = network.add_units(item=onu, serials="HWTC0001\nHWTC0002", deposit=deposit, by=_somebody())
    network.move_units(units=units[1:], to=Destination("installed", service=service), by=_somebody())
    Unit.objects.filter(pk=units[0].pk).update(notes="nota")
    cable = Item.objects.create(name="Cable", kind="cable", measure="metres")
    network.change_supply(item=cable, deposit=deposit, change=100, reason="Compra", by=_somebody())
    network.receive_seals(first="FS1", last="FS3", note="nota")
    network.use_seal(code="FS1", service=service, technician=_somebody())
    network.void_seals(first="FS3", last="", reason="se rompió")
    assert Seal.objects.count() == 3


def _what_went_wrong(channel: Channel) -> None:
    chat = desk.chat_of(channel, Person("Dudosa", "5492618880009"))
    for status in ("uncertain", "failed"):
        Message.objects.create(
            conversation=chat,
            channel=channel,
            direction="out",
            author="bot",
            text="¿salió?",
            status=status,
            error="no",
            due_at=timezone.now(),
        )
    lane = Lane.objects.create(key=f"{channel.pk}:p:{MARIA.key}x")
    InboxEvent.objects.create(
        lane=lane, source=f"channel:{channel.pk}", external_id="muerto", kind="message", state=2,
        payload={"kind": "message", "text": "no se pudo", "sender_name": "María", "sender": f"p:{MARIA.phone}"},
    )  # fmt: skip
    _import()
    Job.objects.create(kind="main_group", owner="worker", subject="group:1", steps=[{"name": "x", "state": "done"}])
    Export.objects.create(
        owner=_somebody(), job=Job.objects.latest("pk"), table="customers.customer", title="clientes", format="csv",
        columns=["nombre"], clock="UTC", rows=3, token="tres-filas",
    )  # fmt: skip
    Activity.note("error", "algo pasó")
    Activity.note("message", "llegó algo")
    control = BotControl.load()
    control.mode = "emergencia"
    control.emergency_text = "Hay un corte"
    control.save()


def _import() -> None:
    """A file of plans that was looked at: one that would change, and one that is wrong."""
    text = "nombre;precio mensual;color\nFibra 100;19.500;rojo\nFibra 300;mucho;azul\n"
    file = ContentFile(text.encode(), name="planes.csv")
    one = imports.bring(table="catalog.plan", name="planes.csv", file=file, by=_somebody())
    assert (one.changed, one.wrong) == (1, 1)
