"""Who changed what and when, in words, and going back to an earlier version (NAV-01, issue 4)."""

from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from backoffice.catalog.models import Plan, Promotion, SalesSettings, Zone
from backoffice.catalog.services import save_plan
from backoffice.common.models import ConfigRevision
from backoffice.company.models import Company, Holiday
from backoffice.dialogs.models import BotText
from backoffice.dialogs.services import change_text
from backoffice.panel.history import RESTORABLE


@pytest.fixture
def fibra(db: None) -> Plan:
    return Plan.objects.create(name="Fibra 100MB", price=Decimal(18500), download=100, upload=50)


def version(row, back: int = 1) -> int:
    """The id of the version so many lines before the last."""
    return row.history.order_by("-history_id")[back].pk


def goes_back(client: Client, table: str, pk: int):
    return client.post(reverse("admin:panel_restore_version", args=[table, pk]), follow=True)


def test_going_back_is_a_new_version_with_who_and_why(admin: Client, fibra):
    fibra.price = Decimal(25000)
    fibra.save()
    before = ConfigRevision.current()
    assert "volvió a esa versión" in goes_back(admin, "catalog.plan", version(fibra)).text
    fibra.refresh_from_db()
    last = fibra.history.first()
    assert fibra.price == Decimal(18500)
    assert ConfigRevision.current() > before
    assert last.history_user.username == "admin2"
    assert last.history_change_reason.startswith("Volvió a la versión del")
    assert fibra.history.count() == 3


def test_the_history_tells_it_in_words_with_the_zones(admin: Client, fibra):
    centro, norte = (Zone.objects.create(name=name) for name in ("Centro", "Norte"))
    save_plan(plan=fibra, zones=[centro])
    fibra.active, fibra.price = False, Decimal("19900.50")
    save_plan(plan=fibra, zones=[centro, norte])
    told = admin.get(reverse("admin:panel_changes", args=["planes"])).text
    for words in ("Fibra 100MB", "19900,50", "Centro, Norte", "Volver a esta versión"):
        assert words in told, words
    own = admin.get(reverse("admin:catalog_plan_history", args=[fibra.pk])).text
    assert own.count("Volver a esta versión") >= 2  # each but the last, which is how it is now


def test_the_lists_of_the_version_come_back_too(admin: Client, fibra):
    centro = Zone.objects.create(name="Centro")
    save_plan(plan=fibra, zones=[centro])
    save_plan(plan=fibra, zones=[])
    goes_back(admin, "catalog.plan", version(fibra))
    assert list(fibra.zones.all()) == [centro]


def test_it_is_refused_when_what_it_names_is_gone(admin: Client, fibra):
    centro = Zone.objects.create(name="Centro")
    save_plan(plan=fibra, zones=[centro])
    save_plan(plan=fibra, zones=[])
    centro.delete()
    told = goes_back(admin, "catalog.plan", version(fibra)).text
    assert "nombra zona de cobertura «Centro», que ya no existe" in told
    assert not fibra.zones.exists()


def test_it_is_refused_when_it_is_not_valid_today(admin: Client, fibra):
    fibra.name = "Fibra vieja"
    fibra.save()
    Plan.objects.create(name="Fibra 100MB", price=1, download=1, upload=1)
    told = goes_back(admin, "catalog.plan", version(fibra)).text
    assert "Ya existe" in told
    fibra.refresh_from_db()
    assert fibra.name == "Fibra vieja"


def test_a_version_whose_logo_is_gone_is_refused(admin: Client, db):
    company = Company.load()
    company.logo.save("logo.png", ContentFile(b"x"))
    path = company.logo.name
    company.logo.storage.delete(path)
    company.logo = ""
    company.save()
    assert "el archivo de «logo» ya no está" in goes_back(admin, "company.company", version(company)).text


def test_what_was_deleted_comes_back_with_its_own_number(admin: Client, db):
    day = Holiday.objects.create(date="2026-12-25", name="Navidad")
    pk = day.pk
    day.delete()
    page = admin.get(reverse("admin:panel_changes", args=["feriados"])).text
    assert "Recuperar" in page
    goes_back(admin, "company.holiday", Holiday.history.first().pk)
    assert Holiday.objects.get().pk == pk


def test_a_text_goes_back_through_its_own_check(admin: Client, db):
    change_text(key="talk.thanks", text="De nada 😊")
    change_text(key="talk.thanks", text="A vos")
    goes_back(admin, "dialogs.bottext", BotText.history.order_by("history_id").first().pk)
    assert BotText.objects.get().text == "De nada 😊"


def test_settings_of_one_row_go_back(admin: Client, db):
    selling = SalesSettings.load()
    selling.welcome = "¡Buenas!"
    selling.save()
    goes_back(admin, "catalog.salessettings", version(selling))
    assert "¡Hola!" in SalesSettings.load().welcome


def test_a_version_that_is_not_there_says_so(admin: Client, db):
    assert "ya no está en el historial" in goes_back(admin, "catalog.plan", 999_999).text
    assert admin.post(reverse("admin:panel_restore_version", args=["accounts.user", 1])).status_code == 404


@pytest.mark.parametrize("table", sorted(RESTORABLE))
@pytest.mark.parametrize("role", ["Supervisor", "Agente"])
def test_only_who_may_change_it_goes_back(signed_in, table, role):
    assert signed_in(role).post(reverse("admin:panel_restore_version", args=[table, 1])).status_code == 403


def test_a_story_costs_the_same_whatever_its_length(admin: Client, fibra, django_assert_max_num_queries):
    zone = Zone.objects.create(name="Centro")
    for number in range(12):
        promotion = Promotion(name=f"P{number}", installation_discount=Decimal(1), starts_on="2026-11-24")
        promotion.save()
        promotion.zones.set([zone])
        promotion.plans.set([fibra])
    with django_assert_max_num_queries(22):
        admin.get(reverse("admin:panel_changes", args=["promociones"]))
