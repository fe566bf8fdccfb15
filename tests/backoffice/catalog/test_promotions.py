"""Promotions: what may be typed, how they stand, and what customers pay with them (PROMO-01…09, AMB-23)."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from backoffice.catalog.models import Plan, Promotion, SalesSettings, Zone
from backoffice.catalog.selectors import running_promotions
from backoffice.catalog.services import delete_plan, delete_zone, save_plan, save_promotion
from backoffice.common.errors import DomainError
from backoffice.common.models import ConfigRevision

DAY = date(2026, 11, 24)


def promotion(**values) -> Promotion:
    values = {"name": "50% OFF", "monthly_discount": Decimal(50), "months": 1, "starts_on": DAY, **values}
    return Promotion(**values)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"monthly_discount": None, "months": None}, "installation_discount"),
        ({"monthly_discount": Decimal(0)}, "monthly_discount"),
        ({"monthly_discount": Decimal(101)}, "monthly_discount"),
        ({"months": None}, "months"),
        ({"months": 0}, "months"),
        ({"months": 37}, "months"),
        ({"monthly_discount": None, "installation_discount": Decimal(10), "months": 2}, "months"),
        ({"installation_discount": Decimal(-1)}, "installation_discount"),
        ({"installation_discount": Decimal(101), "installation_unit": "percent"}, "installation_discount"),
        ({"ends_on": date(2026, 11, 23)}, "ends_on"),
    ],
)
def test_what_makes_no_sense_is_told_at_its_field_and_the_database_refuses_it_too(db, values, field):
    wrong = promotion(**values)
    with pytest.raises(ValidationError) as told:
        wrong.full_clean()
    assert field in told.value.message_dict
    with pytest.raises(IntegrityError), transaction.atomic():
        wrong.save()


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({}, "Vigente"),
        ({"ends_on": DAY}, "Vigente"),
        ({"starts_on": date(2026, 11, 25)}, "Programada"),
        ({"starts_on": date(2026, 11, 1), "ends_on": date(2026, 11, 23)}, "Vencida"),
        ({"active": False}, "Inactiva"),
    ],
)
def test_how_it_stands_is_computed_from_its_dates_and_its_switch(values, state):
    assert promotion(**values).state(DAY).label == state


def test_those_that_are_off_or_over_are_not_offered(centro):
    for name, values in {
        "vigente": {},
        "programada": {"starts_on": date(2026, 12, 1)},
        "vencida": {"starts_on": date(2026, 11, 1), "ends_on": date(2026, 11, 23)},
        "inactiva": {"active": False},
    }.items():
        save_promotion(promotion=promotion(name=name, **values), zones=[centro], plans=[])
    assert {one.name for one in running_promotions(DAY)} == {"vigente", "programada"}
    assert running_promotions(DAY)[0].zones == {centro.pk}


def test_a_change_of_zones_is_one_line_of_history_and_the_bot_hears_of_it(fibra, centro, norte):
    save_plan(plan=fibra, zones=[centro])
    before, lines = ConfigRevision.current(), fibra.history.count()
    save_plan(plan=fibra, zones=[norte])
    assert ConfigRevision.current() > before
    assert fibra.history.count() == lines + 1
    assert [row.zone for row in fibra.history.first().zones.all()] == [norte]


def test_a_zone_or_plan_that_a_promotion_is_for_is_not_deleted_from_under_it(centro, fibra):
    save_promotion(promotion=promotion(), zones=[centro], plans=[fibra])
    for delete in (lambda: delete_zone(zone=centro), lambda: delete_plan(plan=fibra)):
        with pytest.raises(DomainError, match="«50% OFF» es solo para algunos"):
            delete()
    assert (Zone.objects.count(), Plan.objects.count()) == (1, 1)


# --- the screen ---


def typed(**values) -> dict[str, str]:
    values = {
        "name": "50% OFF",
        "description": "Altas nuevas",
        "installation_unit": "percent",
        "installation_discount": "100",
        "monthly_unit": "percent",
        "monthly_discount": "33.33",
        "months": "3",
        "starts_on": "24/11/2026",
        "active": "on",
        **values,
    }
    return {key: value for key, value in values.items() if value != ""}


def test_staff_type_a_promotion_and_nothing_is_lost_when_it_is_wrong(admin: Client, centro, fibra):
    add = reverse("admin:catalog_promotion_add")
    wrong = admin.post(add, typed(months="", zones=centro.pk))
    assert "¿Durante cuántos meses" in wrong.text
    assert 'value="33.33"' in wrong.text
    assert admin.post(add, typed(zones=centro.pk, plans=fibra.pk)).status_code == 302
    made = Promotion.objects.get()
    assert (list(made.zones.all()), list(made.plans.all())) == ([centro], [fibra])


def test_the_preview_says_what_each_plan_costs_while_it_is_typed(admin: Client, fibra, comercio, centro):
    SalesSettings.objects.create(installation_cost=Decimal(15000))
    save_plan(plan=comercio, zones=[centro])
    preview = reverse("admin:panel_promotion_preview")
    told = admin.post(preview, typed()).text
    for amount in ("$ 12.333,95", "$ 18.500,00", "$ 15.000,00", "$ 33.498,15", "Comercio 300MB"):
        assert amount in told, amount
    assert "Comercio" not in admin.post(preview, typed(plans=fibra.pk)).text
    assert "Durante cuántos meses" in admin.post(preview, typed(months="")).text
    assert not Promotion.objects.exists()


def test_the_list_says_the_state_and_filters_by_it(admin: Client, centro):
    save_promotion(
        promotion=promotion(name="Otoño", starts_on=date(2020, 3, 1), ends_on=date(2020, 4, 1)), zones=[], plans=[]
    )
    save_promotion(promotion=promotion(name="Siempre", starts_on=date(2020, 3, 1)), zones=[centro], plans=[])
    url = reverse("admin:catalog_promotion_changelist")
    everything = admin.get(url).text
    assert all(state in everything for state in ("Vencida", "Vigente", "50 % del abono por 1 mes"))
    expired = admin.get(url, {"estado": "expired"}).text
    assert "Otoño" in expired
    assert "Siempre" not in expired


def test_the_expired_ones_are_deleted_together_and_may_come_back(admin: Client):
    old = save_promotion(promotion=promotion(starts_on=date(2020, 3, 1), ends_on=date(2020, 4, 1)), zones=[], plans=[])
    url = reverse("admin:catalog_promotion_changelist")
    data = {"action": "delete_selected", "_selected_action": old.pk, "post": "yes"}
    assert admin.post(url, data).status_code == 302
    assert not Promotion.objects.exists()
    gone = Promotion.history.filter(history_type="-").get()
    admin.post(reverse("admin:panel_restore_version", args=["catalog.promotion", gone.pk]))
    assert Promotion.objects.get().name == "50% OFF"
