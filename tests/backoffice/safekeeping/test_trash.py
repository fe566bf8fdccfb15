"""What staff delete is in the trash for thirty days, and comes back as it was (AMB-33)."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.sites import site
from django.contrib.auth.models import Permission
from django.db import models
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from backoffice.accounts.models import AuditEvent, User
from backoffice.agents.models import Agent
from backoffice.catalog.models import Plan, Promotion, Zone
from backoffice.channels.models import Channel
from backoffice.common import deleting, worker
from backoffice.common.errors import DomainError
from backoffice.common.models import ConfigRevision, Job
from backoffice.connections.models import Connection
from backoffice.customers.models import Customer, CustomerPhone, Service
from backoffice.customers.services import create_customer
from backoffice.dialogs import services as dialogs
from backoffice.dialogs.models import ActionType, CollectField, Menu, MenuOption
from backoffice.network.models import Deposit, Item, NapBox, Olt, Supply
from backoffice.network.services import save_box, save_olt
from backoffice.notices.models import Gateway
from backoffice.safekeeping import services
from backoffice.safekeeping.models import TrashItem
from backoffice.safekeeping.tasks.trash import purge_daily
from backoffice.sales.models import Branch
from tests.security import house

TRASH = "admin:safekeeping_trashitem_changelist"
_NOT_COMPARED = {
    "accounts.auditevent", "common.configrevision", "common.activity", "admin.logentry",
    "common.searchentry", "common.searchdirty",
}  # fmt: skip


@pytest.fixture
def elena(db: None) -> User:
    return User.objects.create_user("elena", first_name="Elena", last_name="Soto", is_staff=True)


@pytest.fixture
def plan(db: None) -> Plan:
    return Plan.objects.create(name="Fibra 100", price=Decimal("18500.50"), download=100, upload=50)


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table by value, links too; not what is written of each change."""
    return {
        model._meta.label_lower: sorted(model._base_manager.values_list(), key=repr)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label_lower not in _NOT_COMPARED and not hasattr(model, "history_id")
    }


def trashed(row: models.Model, by: User | None = None) -> TrashItem:
    deleting.delete(row, by=by)
    return TrashItem.objects.latest("pk")


# --- every kind of thing ---


def bare_rows() -> Iterator[models.Model]:
    """What nothing in the house's company may lose: one of each that can go."""
    zone = Zone.objects.create(name="Lejos", aliases="Allá")
    plan = Plan.objects.create(name="Viejo", price=1, download=1, upload=1)
    plan.zones.add(zone)
    yield plan
    yield zone
    customer = create_customer(name="Pedro Lucero", document="28.333.444", phones=["261 555-1234", "261 555-9876"])
    Customer.objects.filter(pk=customer.pk).update(zone=Zone.objects.get(name="Centro"))
    Service.objects.create(customer=customer, plan=Plan.objects.get(name="Fibra 100"), price=1, since="2026-01-02")
    yield customer
    yield Service.objects.create(customer=customer, plan=Plan.objects.get(name="Fibra 100"), price=1)
    yield Branch.objects.create(name="Norte")
    yield Channel.objects.create(name="Otro", kind="simulator")
    yield Gateway.objects.create(name="Otro", slug="otro", channel=Channel.objects.get(name="Simulador"), key_hash="h")
    yield Item.objects.create(name="Router", kind="router")
    cable = Item.objects.create(name="Conector", kind="cable", measure="metres")
    yield Supply.objects.create(item=cable, deposit=Deposit.objects.create(name="Norte"))
    yield Deposit.objects.create(name="Sur")
    olt = save_olt(olt=Olt(name="OLT Norte", pon_count=3))
    yield olt
    yield save_box(box=NapBox(name="NAP-9", capacity=4, latitude=Decimal("-32.8908"), longitude=Decimal("-68.8272")))


def test_of_every_kind_that_an_administrator_deletes_each_row_comes_back_equal(db: None, elena: User) -> None:
    house.build()
    elena.is_superuser = True
    request = RequestFactory().get("/")
    request.user = elena
    deletable = {table for table, screen in site._registry.items() if screen.has_delete_permission(request)} - {User}
    candidates = [row for table in deletable for row in table._default_manager.order_by("-pk")[:1]]
    TrashItem.objects.all().delete()
    done: set[type[models.Model]] = set()
    for row in [*candidates, *bare_rows()]:
        before, table, key = rows(), type(row), row.pk
        try:
            item = trashed(row, by=elena)
        except deleting.InUse:
            continue
        assert not table._base_manager.filter(pk=key).exists()
        assert services.restore(item=item, by=elena) == []
        assert rows() == before, f"{table} is not as it was"
        done.add(table)
    assert {table.__name__ for table in deletable - done} == set()
    assert {Plan, Customer, Promotion, NapBox, Olt, Gateway} <= done


def test_a_whole_menu_comes_back_also_with_options_that_open_itself(db: None) -> None:
    dialogs.synchronise_actions([])
    menu = dialogs.save_menu(menu=Menu(title="Promociones", text="¿Cuál?"))
    asked = CollectField(label="Domicilio", question="¿Dónde?")
    reply = dialogs.save_option(option=MenuOption(menu=menu, title="Ver", action_id=_action("reply")), fields=[asked])
    MenuOption.objects.filter(pk=reply.pk).update(target=menu)
    before = rows()
    dialogs.delete_menu(menu=menu)
    item = TrashItem.objects.get()
    assert (item.title, item.what) == ("Promociones", "1 menú, 1 opción de menú, 1 dato a pedir")
    services.restore(item=item, by=None)
    assert rows() == before


def _action(code: str) -> str:
    return ActionType.objects.get_or_create(code=code, defaults={"label": code})[0].code


def test_a_key_is_forgotten_with_its_connection_and_nobody_gets_access_back(db: None, elena: User) -> None:
    row = Connection.objects.create(kind="isp", provider="mikrowisp", name="Wisp", secrets='{"token": "secreto-9"}')
    item = trashed(row)
    assert "secreto" not in str(item.rows)
    services.restore(item=item, by=elena)
    assert Connection.objects.get().secrets == ""
    deleting.delete(User.objects.create_user("nuevo", password="cuatro-perros"))
    assert not TrashItem.objects.exists()


# --- in the panel ---


def delete(client: Client, row: models.Model) -> Any:
    url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_delete", args=[row.pk])
    return client.post(url, {"post": "yes"}, follow=True)


def test_a_customer_goes_with_phones_and_services_and_is_had_back_from_the_page(admin: Client, plan: Plan) -> None:
    customer = create_customer(name="Pedro Lucero", phones=["261 555-1234", "261 555-9876"])
    Service.objects.create(customer=customer, plan=plan, price=1, address="San Martín 450")
    before, revision = rows(), ConfigRevision.current()
    told = delete(admin, customer).text
    assert "Quedó en la papelera 30 días." in told
    assert reverse(TRASH) in told
    page = admin.get(reverse(TRASH)).text
    for words in ("Pedro Lucero", "1 cliente, 2 teléfonos, 1 servicio", "Elena Soto", "29 días", "Restaurar"):
        assert words in page
    item = TrashItem.objects.get()
    assert "está de vuelta" in admin.post(reverse("admin:panel_restore_trash", args=[item.pk]), follow=True).text
    assert {name: found for name, found in rows().items() if "session" not in name} == {
        name: found for name, found in before.items() if "session" not in name
    }
    lines = Customer.history.filter(code=customer.code).values_list("history_type", "history_change_reason")
    assert list(lines)[:2] == [("+", "Restaurado de la papelera"), ("-", None)]
    assert CustomerPhone.history.filter(history_type="+", history_user__username="admin2").count() == 2 + 2 - 2
    assert ConfigRevision.current() > revision
    audited = AuditEvent.objects.filter(kind="deleted").values_list("text", flat=True)
    assert list(audited) == ["Restauró cliente «Pedro Lucero»", "Borró cliente «Pedro Lucero»"]
    gone = admin.post(reverse("admin:panel_restore_trash", args=[item.pk]), follow=True).text
    assert "ya no está en la papelera" in gone


def test_what_is_ticked_inside_a_form_goes_too_and_waits_for_its_parent(admin: Client, plan: Plan) -> None:
    customer = create_customer(name="Pedro Lucero", phones=["261 555-1234"])
    phone = customer.phones.get()
    url = reverse("admin:customers_customer_change", args=[customer.pk])
    data = {"name": customer.name, "code": customer.code, "status": "active"}
    for prefix, count in (("phones", 1), ("services", 0), ("invoices", 0)):
        data |= {f"{prefix}-TOTAL_FORMS": count, f"{prefix}-INITIAL_FORMS": count}
    data |= {"phones-0-id": phone.pk, "phones-0-customer": customer.pk, "phones-0-number": "261 444-0000"}
    told = admin.post(url, data | {"phones-0-DELETE": "on"}, follow=True).text
    assert "Quedó en la papelera" in told
    item = TrashItem.objects.get()
    assert (item.title, item.of, item.what) == ("+5492615551234", "cliente Pedro Lucero", "1 teléfono")
    deleting.delete(customer)
    refused = admin.post(reverse("admin:panel_restore_trash", args=[item.pk]), follow=True).text
    assert "Primero restaurá «Pedro Lucero»" in refused
    services.restore(item=TrashItem.objects.latest("pk"), by=None)
    services.restore(item=item, by=None)
    assert CustomerPhone.objects.get().number == phone.number


def test_some_of_a_list_go_together_and_each_comes_back_alone(admin: Client) -> None:
    for number in range(3):
        Promotion.objects.create(name=f"Promo {number}", installation_discount=1, starts_on="2026-11-01")
    keys = list(Promotion.objects.values_list("pk", flat=True))
    url = reverse("admin:catalog_promotion_changelist")
    admin.post(url, {"action": "delete_selected", "_selected_action": keys[:2], "post": "yes"})
    assert Promotion.objects.count() == 1
    assert TrashItem.objects.count() == 2
    services.restore(item=TrashItem.objects.earliest("pk"), by=None)
    assert Promotion.objects.count() == 2


def test_it_is_found_by_words_by_kind_and_by_who(admin: Client, plan: Plan, elena: User) -> None:
    trashed(Zone.objects.create(name="Lejos"), by=elena)
    trashed(plan)

    def listed(**asked: str) -> list[str]:
        return [row.title for row in admin.get(reverse(TRASH), asked).context["cl"].result_list]

    assert listed() == ["Fibra 100", "Lejos"]
    assert listed(q="lej") == ["Lejos"]
    assert listed(es="catalog.plan") == ["Fibra 100"]
    assert listed(quien="Elena Soto") == ["Lejos"]


def test_only_an_administrator_sees_it_and_only_they_act(signed_in: Callable[..., Client], plan: Plan) -> None:
    item = trashed(plan)
    supervisor = signed_in("Supervisor", username="ana")
    assert supervisor.get(reverse(TRASH)).status_code == 403
    for name in ("panel_restore_trash", "panel_empty_trash"):
        assert supervisor.post(reverse(f"admin:{name}", args=[item.pk])).status_code == 403
    assert TrashItem.objects.get() == item
    seller = signed_in(username="leo")
    user = User.objects.get(username="leo")
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_zone", "change_zone", "delete_zone"]))
    told = delete(seller, Zone.objects.create(name="Lejos")).text
    assert "un administrador lo puede restaurar" in told
    assert reverse(TRASH) not in told


def test_for_good_is_asked_once_and_audited(admin: Client, plan: Plan) -> None:
    url = reverse("admin:panel_empty_trash", args=[trashed(plan).pk])
    assert "Plan de Internet «Fibra 100»" in admin.get(url).text
    assert TrashItem.objects.exists()
    assert "se borró para siempre" in admin.post(url, follow=True).text
    assert not TrashItem.objects.exists()
    assert AuditEvent.objects.latest("pk").text == "Borró para siempre plan de Internet «Fibra 100», de la papelera"


# --- what changed meanwhile ---


def refused(item: TrashItem) -> str:
    before = rows()
    with pytest.raises(DomainError) as found:
        services.restore(item=item, by=None)
    assert rows() == before
    return found.value.message


def test_a_name_that_was_taken_is_told_and_freeing_it_is_enough(plan: Plan) -> None:
    item = trashed(plan)
    other = Plan.objects.create(name="Fibra 100", price=1, download=1, upload=1)
    assert refused(item) == "Ya hay en planes de Internet «Fibra 100»: cambiale el nombre al que está y probá de nuevo."
    other.name = "Fibra 100 vieja"
    other.save()
    services.restore(item=item, by=None)
    assert set(Plan.objects.values_list("name", flat=True)) == {"Fibra 100", "Fibra 100 vieja"}


def test_what_came_back_another_way_is_not_brought_twice(plan: Plan) -> None:
    key = plan.pk
    item = trashed(plan)
    Plan.objects.create(pk=key, name="Otro nombre", price=1, download=1, upload=1)
    assert "ya está de vuelta en planes de Internet" in refused(item)


def test_what_pointed_to_it_does_so_again_unless_it_has_another(db: None) -> None:
    zone, other = Zone.objects.create(name="Centro"), Zone.objects.create(name="Norte")
    stays, moves = create_customer(name="Ana", zone=zone), create_customer(name="Beto", zone=zone)
    item = trashed(zone)
    moves.refresh_from_db()
    moves.zone = other
    moves.save()
    services.restore(item=item, by=None)
    assert dict(Customer.objects.values_list("name", "zone__name")) == {"Ana": "Centro", "Beto": "Norte"}
    assert stays.history.first().history_change_reason == "Restaurado de la papelera"


def test_what_it_needs_comes_first_and_what_is_gone_for_good_is_done_without(plan: Plan) -> None:
    zone, key = Zone.objects.create(name="Centro"), plan.pk
    customer = create_customer(name="Ana", zone=zone)
    Service.objects.create(customer=customer, plan=plan, price=1)
    of_ana = trashed(customer)
    of_zone = trashed(zone)
    assert refused(of_ana) == "Primero restaurá «Centro», que también está en la papelera: «Ana» lo necesita."
    of_zone.delete()
    of_plan = trashed(plan)
    assert "Primero restaurá «Fibra 100»" in refused(of_ana)
    of_plan.delete()
    assert "ya no existe" in refused(of_ana)
    Plan.objects.create(pk=key, name="Otro", price=1, download=1, upload=1)
    assert services.restore(item=of_ana, by=None) == ["zona de «Ana»"]


# --- thirty days ---


def test_after_thirty_days_the_worker_ends_it_once_a_day(plan: Plan) -> None:
    now = timezone.now()
    old, recent = trashed(plan), trashed(Zone.objects.create(name="Lejos"))
    purge_daily(now)
    assert not Job.objects.exists()
    TrashItem.objects.filter(pk=old.pk).update(expires_at=now - timedelta(minutes=1))
    purge_daily(now)
    purge_daily(now)
    assert Job.objects.count() == 1
    worker.work()
    assert list(TrashItem.objects.all()) == [recent]
    assert Job.objects.get().state == Job.State.DONE


def test_many_are_ended_in_pieces(db: None) -> None:
    for number in range(5):
        trashed(Zone.objects.create(name=f"Zona {number}"))
    TrashItem.objects.update(expires_at=timezone.now())
    after: int | None = 0
    pieces = 0
    while after is not None:
        after = services.purge_expired(now=timezone.now(), after=after, most=2)
        pieces += 1
    assert (pieces, TrashItem.objects.count()) == (3, 0)


def test_an_agent_who_is_a_person_of_the_panel_is_not_in_the_trash_either(db: None) -> None:
    """Only what a screen or a verb deletes goes there: rows that the program takes away itself do not."""
    Agent.objects.create(name="Juan", phone="+5492615550000", phone_key="2615550000").delete()
    assert not TrashItem.objects.exists()
