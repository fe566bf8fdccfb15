"""What a story does to FibraSur without a phone: set its hours and its mode, look at a ticket, begin again.

Every function takes and gives plain JSON values, because the same story is also told to real processes: then
`python -m tests.hands` runs these beside them, one call a line on stdin, one answer a line on stdout.
"""

import json
import sys
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

WEEK = range(7)
MADE_UP = "Etiqueta de prueba"


def load_world() -> int:
    """The company, its customers and the desk of the demo, without its past. Returns the channel's id."""
    from backoffice.common.management.commands.prepare import Command
    from backoffice.demo import company, desk
    from backoffice.demo.accounts import load_customers
    from backoffice.demo.people import customers
    from backoffice.dialogs.services import synchronise_actions
    from bot.actions import listed_actions

    synchronise_actions(listed_actions())
    Command().run_hooks()
    company.load_company()
    company.load_staff()
    zones, plans = company.load_catalog()
    people = customers()
    load_customers(people, zones, plans)
    channel = desk.load_channel()
    suspended = next(one for one in people if one.suspended)
    desk.load_network(suspended.phone, suspended.name)
    desk.load_groups(channel, desk.load_agents(channel))
    return channel.pk


def load_demo() -> bool:
    """The whole demo, with its past, as `make up` leaves it."""
    from backoffice.common.management.commands.prepare import Command
    from backoffice.common.search import entries
    from backoffice.demo.services import load_demo as load
    from backoffice.dialogs.services import synchronise_actions
    from bot.actions import listed_actions

    synchronise_actions(listed_actions())
    Command().run_hooks()
    loaded = load()
    entries.drain_all()
    return loaded


def begin_again() -> None:
    """Forget what was said, so that the next story starts as the first did. Agents and groups stay."""
    from backoffice.agents.models import Agent, RegistrationRequest
    from backoffice.catalog.models import SalesSettings
    from backoffice.common.models import Activity, ConfigRevision, Job
    from backoffice.conversations.models import (
        Contact,
        ContactLink,
        DialogState,
        InboxEvent,
        Label,
        Lane,
        Message,
    )
    from backoffice.demo.desk import SEATS
    from backoffice.notices.models import Gateway, GatewayNotice
    from backoffice.sales.models import SalesOrder
    from backoffice.simulator.services import clear_faults
    from backoffice.tickets.models import Ticket

    GatewayNotice.objects.all().delete()
    Gateway.objects.all().delete()
    made_up = Label.objects.filter(name__startswith=MADE_UP)
    made_up._raw_delete(made_up.db)
    for model in (SalesOrder, Ticket, RegistrationRequest, ContactLink, DialogState, InboxEvent, Lane, Job, Activity):
        model.objects.all().delete()
    Message.objects.update(quoted=None, relay_of=None)
    Message.objects.all().delete()
    Contact.objects.filter(agent__isnull=True).delete()
    clear_faults()
    SalesSettings.objects.filter(orders=True).update(orders=False)
    set_mode("completo")
    opens_always()
    for agent in Agent.objects.exclude(name__in=[seat.name for seat in SEATS]):
        remove_agent(agent.pk)
    ConfigRevision.bump()


def many_labels(amount: int) -> None:
    """So many labels that their list does not leave at once; they go when the company begins again."""
    from backoffice.conversations.models import Label

    Label.objects.bulk_create(Label(name=f"{MADE_UP} {number:05}") for number in range(amount))


def do_jobs() -> None:
    """What the worker would do now."""
    from backoffice.common import worker

    worker.work()


def keep_orders() -> None:
    """From now on each talk has its order, until the company begins again."""
    from backoffice.catalog.models import SalesSettings

    settings = SalesSettings.load()
    settings.orders = True
    settings.save()


def empty_phones() -> None:
    """Nobody's chats show anything of before, for whoever looks at the screens."""
    from backoffice.simulator.models import Message

    Message.objects.all().delete()


def is_idle() -> bool:
    """Nothing on its way: no event to take in or held by the network, no lane to run, no answer to send, no group job.

    Notices leave at their own pace (`unsent_notices`), and nobody waits for them.
    """
    from django.utils import timezone

    from backoffice.common.models import Job
    from backoffice.conversations.models import Lane, Message
    from backoffice.simulator.models import Network, WireEvent

    soon = timezone.now() + timedelta(seconds=7)
    acknowledged = Network.objects.values_list("acked", flat=True).first() or 0
    busy = (
        WireEvent.objects.filter(seq__gt=acknowledged).exists()
        or WireEvent.objects.filter(seq__isnull=True, due_at__lte=soon).exists()
        or Lane.objects.filter(lease_until__isnull=False).exists()
        or Lane.objects.filter(ready_at__lte=soon).exists()
        or Message.objects.filter(status__in=["queued", "sending"], due_at__lte=soon, priority__lte=1).exists()
        or Job.objects.filter(state__in=["pending", "running"], not_before__lte=soon).exists()
    )
    return not busy


def set_mode(mode: str, text: str = "", every: int = 30) -> None:
    from backoffice.operations.models import BotControl

    control = BotControl.load()
    control.mode = mode
    control.emergency_text = text or control.emergency_text
    control.emergency_every = every
    control.save()


def open_gateway(gap: float) -> str:
    """A door for MikroWisp, open at any hour, whose notices leave `gap` seconds apart. Returns its key."""
    from backoffice.channels.models import Channel
    from backoffice.notices.models import Gateway
    from backoffice.notices.services import renew_key

    channel = Channel.objects.get()
    channel.gap_min = channel.gap_max = gap
    channel.batch_size = 30_000
    channel.save()
    gateway = Gateway.objects.create(name="MikroWisp", slug="mikrowisp", channel=channel, opens=None, closes=None)
    return renew_key(gateway=gateway, by=None)


def count_notices() -> dict[str, int]:
    """How many notices there are in each state."""
    from django.db.models import Count

    from backoffice.notices.models import GatewayNotice

    rows = GatewayNotice.objects.order_by().values("state").annotate(count=Count("pk"))
    return {row["state"]: row["count"] for row in rows}


def cancel_notices() -> int:
    """As staff cancel all that still wait (AMB-27). Returns how many."""
    from backoffice.notices.services import cancel_waiting

    return cancel_waiting(by=None)


def unsent_notices() -> int:
    """How many wait, for their turn or in the outbox."""
    from backoffice.conversations.models import Message
    from backoffice.notices.models import GatewayNotice

    waiting = GatewayNotice.objects.filter(due_at__isnull=False).count()
    return waiting + Message.objects.filter(priority__gte=2, due_at__isnull=False).count()


def has_phones(numbers: list[str]) -> None:
    """Somebody on the network answers at these."""
    from backoffice.simulator.services import ensure_phones

    ensure_phones(numbers=numbers)


def ask_restart() -> None:
    from backoffice.operations import services

    services.ask_restart(by=None)


def opens_always() -> None:
    from backoffice.company.models import Company, Holiday

    Holiday.objects.filter(name="Hoy").delete()
    row = Company.load()
    row.always_open = True
    row.save()


def keeps_hours() -> None:
    """Its own hours: Mon–Fri 8–12 and 14–18, Saturday 9–13."""
    from backoffice.company.models import Company

    row = Company.load()
    row.always_open = False
    row.save()


def closes_now() -> None:
    """Nobody attends at this hour of any day; tomorrow they do."""
    from backoffice.company.selectors import local_now
    from backoffice.company.services import set_hours

    keeps_hours()
    slot = "00:00-01:00" if local_now().hour >= 2 else "22:00-23:00"
    set_hours(hours={day: [slot] for day in WEEK})


def holiday_today() -> None:
    from backoffice.company.models import Holiday
    from backoffice.company.selectors import today

    Holiday.objects.create(date=today(), name="Hoy")


def forget_holidays() -> None:
    from backoffice.company.models import Holiday

    Holiday.objects.all().delete()


def connect_mail() -> None:
    """A connection by which mails leave, and some that left or did not; no server is called."""
    from django.utils import timezone

    from backoffice.connections.models import Connection
    from backoffice.connections.services import save_connection
    from backoffice.mail.models import OutgoingMail

    box = "avisos@fibrasur.com.ar"
    settings = {"host": "smtp.fibrasur.com.ar", "port": 465, "security": "tls", "user": box, "sender": box}
    row = Connection(kind="mail", provider="smtp", name="Correo")
    save_connection(connection=row, settings=settings | {"verify_tls": True}, secrets={"password": "clave"}, by=None)
    told = "El servidor no acepta al destinatario. Contestó: «5.1.1 no existe esa casilla»."
    rows = [
        ("access", "diego@fibrasur.com.ar", "Cómo ingresar al panel de FibraSur", "sent", ""),
        ("access", "lucas@fibrasru.com.ar", "Cómo ingresar al panel de FibraSur", "failed", told),
        ("alert", "marta@fibrasur.com.ar", "Mostrador: Un mensaje no se pudo enviar hoy.", "sent", ""),
        ("solved", "marta@fibrasur.com.ar", "Mostrador: Ya se resolvió", "sent", ""),
        ("forgotten", "diego@fibrasur.com.ar", "Elegí una contraseña nueva", "sent", ""),
    ]
    OutgoingMail.objects.bulk_create(
        OutgoingMail(
            kind=kind, to=to, subject=subject, state=state, error=error, fault="mail" if error else "", tries=1,
            text="texto" if error else "", tried_at=timezone.now(), message_id=f"<{number}@fibrasur.com.ar>",
        )
        for number, (kind, to, subject, state, error) in enumerate(rows)
    )  # fmt: skip


def new_customer(name: str, phones: list[str]) -> int:
    """A customer with a service and no invoice yet, so that they may be deleted."""
    from backoffice.catalog.models import Plan
    from backoffice.customers.models import Service
    from backoffice.customers.services import create_customer

    customer, plan = create_customer(name=name, phones=phones), Plan.objects.order_by("pk")[0]
    Service.objects.create(customer=customer, plan=plan, price=plan.price, address="San Martín 450")
    return customer.pk


def last_ticket() -> dict[str, Any]:
    """The newest ticket in plain values; {} when there is none."""
    from backoffice.tickets.models import Ticket

    ticket = Ticket.objects.select_related("agent", "group").order_by("-pk").first()
    if ticket is None:
        return {}
    return {
        "id": ticket.pk,
        "number": ticket.number,
        "state": ticket.state,
        "area": ticket.area,
        "sentiment": ticket.sentiment,
        "urgent": ticket.priority == Ticket.Priority.URGENT,
        "agent": ticket.agent.name if ticket.agent else None,
        "group": ticket.group.name if ticket.group else None,
        "reason": ticket.close_reason,
        "rating": ticket.rating,
        "announced": ticket.announced_at is not None,
    }


def count_tickets() -> int:
    from backoffice.tickets.models import Ticket

    return Ticket.objects.count()


def count_contacts(phone_key: str) -> int:
    from backoffice.conversations.models import Contact

    return Contact.objects.filter(phone_key=phone_key).count()


def contact_of(phone_key: str) -> int:
    """The id of somebody as a contact."""
    from backoffice.conversations.models import Contact

    return Contact.objects.get(phone_key=phone_key).pk


def user_of(username: str) -> int:
    """The id of somebody of the staff."""
    from backoffice.accounts.models import User

    return User.objects.get(username=username).pk


def count_received() -> int:
    """How many lines of people are stored, answered or not."""
    from backoffice.conversations.models import Message

    return Message.objects.filter(direction="in").count()


def create_agent(name: str, phone: str, group_count: int) -> int:
    """As the panel does it, into Soporte."""
    from backoffice.agents.models import WhatsAppGroup
    from backoffice.agents.services import create_agent as create

    main = list(WhatsAppGroup.objects.filter(kind="support"))
    return create(name=name, phone=phone, group_count=group_count, active=True, main_groups=main).pk


def create_lone_agent(name: str, phone: str) -> int:
    """With one personal group and in no main one."""
    from backoffice.agents.services import create_agent as create

    return create(name=name, phone=phone, group_count=1, main_groups=[]).pk


def job_steps(subject: str) -> list[dict[str, str]]:
    from backoffice.common.models import Job

    job = Job.objects.filter(subject=subject).order_by("-pk").first()
    return list(job.steps) if job else []


def has_registered(agent_id: int) -> bool:
    from backoffice.agents.models import Agent

    return Agent.objects.filter(pk=agent_id, registered_at__isnull=False).exists()


def make_backup(by: str = "") -> str:
    """A copy of everything, in the installation's own folder; its name."""
    from backoffice.safekeeping.backups import making
    from backoffice.safekeeping.backups.manifest import Kind

    return making.make(kind=Kind.MANUAL if by else Kind.AUTOMATIC, by=by).name


def create_user(username: str, password: str, role: str, must_change: bool = False) -> None:
    """Somebody of the staff with a role; the same name again begins anew."""
    from django.contrib.auth.models import Group

    from backoffice.accounts.models import User

    User.objects.filter(username=username).delete()
    user = User.objects.create_user(username, password=password, is_staff=True, must_change_password=must_change)
    user.groups.set(Group.objects.filter(name=role))


def remove_agent(agent_id: int) -> None:
    from backoffice.agents.models import Agent, RegistrationRequest, WhatsAppGroup

    RegistrationRequest.objects.filter(agent_id=agent_id).delete()
    WhatsAppGroup.objects.filter(agent_id=agent_id).delete()
    Agent.objects.filter(pk=agent_id).delete()


def published_menus() -> int:
    """The number of the version that customers get."""
    from backoffice.dialogs.selectors import published

    version = published()
    assert version is not None
    return version.number


def publish_menus() -> list[str]:
    """Publish the draft as staff do; the codes of the errors when it is refused."""
    from backoffice.dialogs import services
    from backoffice.dialogs.selectors import draft

    try:
        services.publish(seen=draft().stamp, author=None, despite_warnings=True)
    except services.Unfit as refused:
        return sorted({one.code for one in refused.problems if one.is_error})
    return []


def roll_back_menus(number: int) -> None:
    """Put that version in force again, and in the draft."""
    from backoffice.dialogs import services
    from backoffice.dialogs.models import MenuVersion
    from backoffice.dialogs.selectors import draft, published

    services.bring_back(version=MenuVersion.objects.get(number=number), seen=draft().stamp)
    version = published()
    if version is None or version.menus != draft():
        services.publish(seen=draft().stamp, author=None, despite_warnings=True)


def draft_submenu(under: str, title: str, kinds: list[str]) -> None:
    """An option that opens a new menu with one of each kind of action, with these titles (SC-40)."""
    from backoffice.dialogs import services
    from backoffice.dialogs.models import CollectField, Menu, MenuOption

    made = services.save_menu(menu=Menu(title="Cuenta", text="¿Qué querés hacer?"))
    opener = MenuOption(menu=Menu.objects.get(key=under), title=title, action_id="submenu", target=made)
    services.save_option(option=opener)
    more, hours, person, data, pay = kinds
    problems = Menu.objects.get(key="problemas")
    services.save_option(option=MenuOption(menu=made, title=more, action_id="submenu", target=problems))
    services.save_option(option=MenuOption(menu=made, title=hours, action_id="reply", text="De 8 a 18"))
    services.save_option(option=MenuOption(menu=made, title=person, action_id="create_ticket"))
    asked = [CollectField(label="Domicilio", question="¿Dónde vivís?")]
    services.save_option(option=MenuOption(menu=made, title=data, action_id="collect"), fields=asked)
    services.save_option(option=MenuOption(menu=made, title=pay, action_id="pay"))


def draft_loop() -> None:
    """Two menus that open each other."""
    from backoffice.dialogs import services
    from backoffice.dialogs.models import Menu, MenuOption

    root = Menu.objects.get(is_root=True)
    made = services.save_menu(menu=Menu(title="Vueltas", text="¿?"))
    services.save_option(option=MenuOption(menu=root, title="Sin salida", action_id="submenu", target=made))
    services.save_option(option=MenuOption(menu=made, title="Otra vez", action_id="submenu", target=root))


def draft_rename(old: str, new: str, text: str) -> None:
    """An option becomes an answer with another title."""
    from backoffice.dialogs import services
    from backoffice.dialogs.models import MenuOption

    option = MenuOption.objects.get(title=old)
    option.title, option.action_id, option.text = new, "reply", text
    services.save_option(option=option)


def serve(functions: Mapping[str, Any]) -> None:
    """One JSON call a line: {"do": name, "with": {…}} → {"gives": …} or {"error": …}."""
    import django

    django.setup()
    for line in sys.stdin:
        call = json.loads(line)
        try:
            answer = {"gives": functions[call["do"]](**call["with"])}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve(globals())
