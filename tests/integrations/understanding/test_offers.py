"""What is paid with a promotion, to the cent (PROMO, AMB-23)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.understanding.offers import Discount, Promo, best, quote

DAY = date(2026, 11, 24)
CENTRO, NORTE = 1, 2
FIBRA, COMERCIO = 10, 20
money = st.decimals(min_value=0, max_value=1_000_000, places=2)


def percent(value: str) -> Discount:
    return Discount(Decimal(value), percent=True)


def pesos(value: str) -> Discount:
    return Discount(Decimal(value))


@pytest.mark.parametrize(
    ("price", "discount", "off"),
    [
        ("8500.00", percent("50"), "4250.00"),
        ("18500.00", percent("33.33"), "6166.05"),
        ("0.01", percent("50"), "0.01"),  # half a cent counts as one
        ("99.99", percent("12.5"), "12.50"),
        ("5000.00", pesos("1500.50"), "1500.50"),
        ("1000.00", pesos("5000"), "1000.00"),  # never more than the price
        ("5000.00", percent("100"), "5000.00"),
    ],
)
def test_a_discount_is_exact_to_the_cent(price, discount, off):
    assert discount.of(Decimal(price)) == Decimal(off)


def test_half_the_first_month_and_a_free_installation():
    promo = Promo("Bienvenida", installation=percent("100"), monthly=percent("50"), months=3)
    paid = quote(Decimal("18500.00"), Decimal("15000.00"), promo)
    assert (paid.installation_now, paid.monthly_now, paid.months) == (Decimal(0), Decimal("9250.00"), 3)
    assert paid.first_payment == Decimal("9250.00")
    assert paid.saved == Decimal("42750.00")


def test_without_a_promotion_the_list_price_is_paid():
    paid = quote(Decimal("18500.00"), Decimal("15000.00"))
    assert (paid.first_payment, paid.saved) == (Decimal("33500.00"), Decimal(0))


@given(price=money, value=st.decimals(min_value="0.01", max_value=100, places=2))
def test_nobody_pays_less_than_nothing_nor_more_than_the_price(price, value):
    off = percent(str(value)).of(price)
    assert 0 <= off <= price
    assert off == off.quantize(Decimal("0.01"))


@pytest.mark.parametrize(
    ("day", "runs"),
    [(date(2026, 11, 9), False), (date(2026, 11, 10), True), (date(2026, 11, 30), True), (date(2026, 12, 1), False)],
)
def test_both_ends_of_the_dates_count(day, runs):
    assert Promo("x", starts_on=date(2026, 11, 10), ends_on=date(2026, 11, 30)).runs(day) is runs


def found(*promos: Promo, zone: int | None = CENTRO, plan: int = FIBRA) -> str:
    one = best(promos, plan=plan, zone=zone, day=DAY, monthly=Decimal(10_000), installation=Decimal(5_000))
    return one.name if one else ""


def test_the_one_that_saves_most_is_offered():
    half = Promo("mitad", monthly=percent("50"), months=1)
    longer = Promo("tercio por seis", monthly=percent("30"), months=6)
    assert found(half, longer) == "tercio por seis"


def test_a_zones_promotion_is_for_that_zone_and_not_for_who_knows_where():
    centro = Promo("centro", monthly=percent("50"), months=2, zones=frozenset({CENTRO}))
    everyone = Promo("todos", monthly=percent("10"), months=2)
    assert found(centro, everyone) == "centro"
    assert found(centro, everyone, zone=NORTE) == "todos"
    assert found(centro, zone=None) == ""


def test_a_plans_promotion_is_for_that_plan():
    assert found(Promo("comercio", monthly=percent("10"), months=1, plans=frozenset({COMERCIO}))) == ""
