"""The demo company: whole, once, and never over a real one."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from backoffice.accounts import prepare as accounts
from backoffice.accounts.models import User
from backoffice.agents.models import Agent, GroupMember, WhatsAppGroup
from backoffice.billing.models import Invoice
from backoffice.billing.selectors import accounts as accounts_of
from backoffice.channels.models import Channel
from backoffice.company.models import Company, Holiday
from backoffice.company.selectors import schedule, today
from backoffice.conversations.models import Contact, Conversation, Message
from backoffice.customers.models import Customer, CustomerPhone, Service
from backoffice.customers.selectors import by_documents_or_codes, by_phone_keys
from backoffice.demo.services import load_demo
from backoffice.network.models import NapBox, NapPort, Supply, Unit
from backoffice.network.selectors.seals import report
from backoffice.network.selectors.stock import short_supplies
from backoffice.notices.models import Gateway
from backoffice.operations import metering
from backoffice.operations.models import BotControl
from backoffice.operations.selectors import unanswered
from backoffice.sales.models import SalesOrder
from backoffice.sales.selectors import story
from backoffice.simulator.models import Group, Network, Phone
from backoffice.tickets.models import Ticket, TicketEvent
from integrations.understanding.documents import is_alias, is_valid_cbu
from integrations.whatsapp.base import ConnState

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo():
    accounts.prepare()
    assert load_demo()


def counts() -> dict[str, int]:
    models = (User, Agent, WhatsAppGroup, Invoice, Customer, Contact, Message, Ticket, TicketEvent, Group, Phone)
    return {model.__name__: model.objects.count() for model in models}


def test_the_second_time_it_does_nothing(demo):
    before = counts()
    assert not load_demo()
    assert counts() == before


def test_it_loads_in_a_bounded_number_of_queries(django_assert_max_num_queries):
    accounts.prepare()
    with django_assert_max_num_queries(470):
        load_demo()


def test_maria_is_the_manuals_maria(demo):
    [maria] = by_phone_keys(["2612345678"])["2612345678"]
    assert by_documents_or_codes(["30111222", maria.code]) == {"30111222": [maria], maria.code: [maria]}
    assert maria.phones.get().number == "+5492612345678"
    account = accounts_of([maria.pk])[maria.pk]
    assert [(service.plan, service.price) for service in account.services] == [("Fibra 100MB", Decimal(18500))]
    assert [invoice.balance for invoice in account.unpaid] == [Decimal(18500)]
    assert account.last_invoice_id == account.unpaid[-1].id
    assert account.unpaid[-1].due_on > today()
    assert not Contact.objects.filter(phone_key="2612345678").exists()


def test_customers_are_many_and_different(demo):
    assert Customer.objects.count() == 41
    assert Customer.objects.values("document").distinct().count() == 41
    assert CustomerPhone.objects.values("key").distinct().count() == 41
    suspended = Customer.objects.get(status=Customer.Status.SUSPENDED)
    assert suspended.invoices.filter(status=Invoice.Status.UNPAID).count() == 3
    assert suspended.services.get().status == "suspended"


def test_invoice_numbers_follow_the_dates_and_have_history(demo):
    rows = list(Invoice.objects.order_by("number").values_list("period", flat=True))
    assert rows == sorted(rows)
    assert Invoice.history.count() == len(rows)
    assert not Invoice.objects.filter(issued_on__gt=today()).exists()


def test_fibrasur_is_open_now_with_its_hours_and_holidays_loaded(demo):
    company = Company.load()
    assert company.name == "FibraSur"
    assert is_alias(company.bank_alias)
    assert is_valid_cbu(company.bank_cbu)
    open_today = schedule().is_open(timezone.now())
    assert open_today is not Holiday.objects.filter(date=today()).exists()
    company.always_open = False
    company.save()
    assert [len(schedule().slots.get(day, ())) for day in range(7)] == [2, 2, 2, 2, 2, 1, 0]
    assert set(Holiday.objects.values_list("date", flat=True)) == {date(2026, 12, 25), date(2027, 1, 1)}
    assert BotControl.load().mode == BotControl.Mode.FULL


def test_the_agents_can_work_at_once(demo):
    agents = {agent.name: agent for agent in Agent.objects.all()}
    assert {name: agent.groups.count() for name, agent in agents.items()} == {
        "Juan Pérez": 3,
        "Ana Ruiz": 2,
        "Elena Soto": 0,
    }
    assert all(agent.registered_at and agent.contact_id for agent in agents.values())
    assert agents["Elena Soto"].user == User.objects.get(username="elena")
    groups = WhatsAppGroup.objects.select_related("conversation")
    assert {group.state for group in groups} == {WhatsAppGroup.State.READY}
    assert {group.name for group in groups if group.is_main} == {"Soporte", "Ventas", "Supervisores"}
    assert GroupMember.objects.exclude(state=GroupMember.State.ADDED).count() == 0


def test_the_network_knows_the_same_groups_and_is_linked(demo):
    assert Network.objects.get().state == ConnState.ONLINE
    addresses = {group.conversation.address for group in WhatsAppGroup.objects.select_related("conversation")}
    assert addresses == {f"g:{group.wire_id}" for group in Group.objects.all()}
    support = Group.objects.get(name="Soporte")
    assert {(member.phone.key, member.admin) for member in support.members.all()} == {
        ("5492615550101", True),
        ("5492615550102", True),
    }
    assert Phone.objects.get(key="5492612345678").name == "María González"
    assert Channel.objects.get().kind == Channel.Kind.SIMULATOR


def test_the_dashboard_has_a_month_to_show(demo):
    tickets = Ticket.objects.filter(opened_at__gte=timezone.now() - timedelta(days=30), closed_at__lt=timezone.now())
    assert tickets.count() == Ticket.objects.count() == 48
    assert set(tickets.values_list("sentiment", flat=True)) == set(Ticket.Sentiment.values)
    assert not Ticket.objects.exclude(state=Ticket.State.CLOSED).exists()
    assert not unanswered().exists()
    assert Message.objects.count() > 250
    assert not Message.objects.filter(status=Message.Status.QUEUED).exists()
    numbers = list(Ticket.objects.order_by("opened_at").values_list("number", flat=True))
    assert numbers == sorted(numbers)


def test_there_are_orders_in_every_state_with_their_story(demo):
    orders = SalesOrder.objects.all()
    assert {order.state for order in orders} == set(SalesOrder.State.values)
    invoiced = orders.filter(state="facturado").earliest("number")
    told = [(step.state, step.who) for step in story(invoiced)]
    sofia = "Sofía Molina"
    bot = [("Incompleto", "El bot"), ("Completo", "El bot")]
    assert told == [*bot, ("En proceso", sofia), ("Facturado", sofia)]


def test_the_gateway_has_notices_of_the_last_days_in_the_chats(demo):
    gateway = Gateway.objects.get()
    assert (gateway.slug, gateway.key_hash) == ("mikrowisp", "")
    counts = Counter(notice.status_shown for notice in gateway.notices.select_related("message"))
    assert counts["Leído"] > 3
    assert {"Entregado", "Enviado", "Repetido", "Vencido", "No se pudo enviar"} <= set(counts)
    assert not gateway.notices.filter(due_at__isnull=False).exists()
    for chat in Conversation.objects.filter(messages__notice__isnull=False).distinct():
        times = list(chat.messages.order_by("pk").values_list("created_at", flat=True))
        assert times == sorted(times)
        assert chat.last_message_at == times[-1]


def test_the_users_may_enter_and_have_their_roles(demo, client):
    roles = {user.username: list(user.groups.values_list("name", flat=True)) for user in User.objects.all()}
    assert roles == {
        "admin": ["Administrador"],
        "elena": ["Supervisor"],
        "oper": ["Operador"],
        "sofia": ["Ventas"],
        "raul": ["Técnico"],
        "marta": ["Administración"],
    }
    for name in roles:
        assert client.login(username=name, password="fibrasur")
    assert User.objects.get(username="admin").is_superuser
    assert not User.objects.filter(must_change_password=True).exists()


def test_a_password_that_somebody_chose_is_not_touched():
    accounts.prepare()
    admin = User.objects.get(username="admin")
    admin.must_change_password = False
    admin.set_password("elegida por mí")
    admin.save()
    load_demo()
    admin.refresh_from_db()
    assert admin.check_password("elegida por mí")


def test_a_real_company_is_refused_and_untouched():
    Company.objects.create(name="Redes del Valle")
    before = counts()
    with pytest.raises(CommandError, match="empresa real"):
        call_command("demo")
    assert counts() == before
    assert Company.load().name == "Redes del Valle"


def test_a_database_with_customers_is_refused():
    Customer.objects.create(code="1", name="Alguien")
    with pytest.raises(CommandError, match="empresa real"):
        call_command("demo")


def test_the_command_says_what_it_did():
    out = StringIO()
    call_command("demo", stdout=out)
    call_command("demo", stdout=out)
    assert out.getvalue().splitlines() == ["FibraSur está lista para probar.", "FibraSur ya estaba cargada."]


def test_the_health_page_shows_a_day_of_work(demo):
    day = metering.together(metering.spans(timezone.now(), count=49, minutes=30))
    assert day.count("received") > 60
    assert day.count("answered") < day.count("received")
    assert day.count("notices_sent") > 20
    assert (day.quantile("turn", 0.5) or 0) < 30


def test_the_network_has_room_stock_and_every_seal_accounted_for(demo):
    counts = Counter(NapPort.objects.values_list("state", flat=True))
    assert counts["occupied"] == Service.objects.count() == 41
    assert counts["reserved"] == counts["broken"] == 1
    assert counts["free"] > 40
    assert not NapBox.objects.filter(latitude=None).exists()
    for unit in Unit.objects.all():
        newest = unit.moves.first()
        assert (unit.state, unit.service_id, unit.technician_id) == (
            newest.state, newest.service_id, newest.technician_id,
        )  # fmt: skip
    for supply in Supply.objects.all():
        assert supply.quantity == sum(supply.moves.values_list("change", flat=True))
    assert [supply.item.name for supply in short_supplies()] == ["Conector SC/APC"]
    told = report()
    assert all(sum(roll.counts.values()) == roll.total for roll in told.rolls)
    assert told.left_behind == ["FS001021"]
