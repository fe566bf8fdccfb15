"""What the bot tells about plans, promotions and coverage (PLAN-07…10, PROMO-10, ZONE-03/04, SALE-01…04, AMB-24)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.rules import PlanCard, Shop, ZoneCard
from integrations.understanding.offers import Discount, Promo
from tests.bot.world import MARIA, Chat

CENTRO, NORTE, LEJOS = 1, 2, 3
ZONES = (
    ZoneCard(CENTRO, "Centro", "yes", ("Centro", "La Sexta")),
    ZoneCard(NORTE, "Zona Norte", "check", ("Zona Norte", "Las Heras")),
    ZoneCard(LEJOS, "Potrerillos", "no", ("Potrerillos",)),
)
FIBRA = PlanCard(10, "Fibra 100MB", Decimal("18500.00"), 100, 50, "Hogar")
CAMPO = PlanCard(20, "Aire 10MB", Decimal("9000.00"), 10, 10, "", frozenset({NORTE}))
HALF = Promo("50% OFF", "Altas nuevas.", monthly=Discount(Decimal(50), percent=True), months=1)
CENTRO_ONLY = Promo(
    "Semana del centro", installation=Discount(Decimal(100), percent=True), zones=frozenset({CENTRO}),
    starts_on=date(2026, 11, 20), ends_on=date(2026, 11, 30),
)  # fmt: skip
SHOP = Shop(
    plans=(CAMPO, FIBRA), promos=(HALF, CENTRO_ONLY), zones=ZONES, installation=Decimal("15000.00"),
    welcome="¡Hola! Soy de {empresa}.", description="Fibra al hogar.", no_coverage="Todavía no llegamos a {zona} 😔",
)  # fmt: skip


def prospect(shop: Shop = SHOP, **changes) -> Chat:
    return Chat(None, phone="+5492617778899", known=(), shop=shop, **changes)


def test_whoever_asks_for_plans_reads_them_with_todays_promotion():
    told = prospect().says("qué planes tienen?")
    assert "¡Hola! Soy de FibraSur." in told
    assert "Fibra al hogar." in told
    assert (
        "• *Fibra 100MB*: 100/50 Mbps por $ 18.500 al mes. Con la promo, *$ 9.250* durante 1 mes. Ideal para Hogar"
        in told
    )
    assert "• *Aire 10MB*: 10 Mbps por $ 9.000 al mes" in told
    assert "🎁 *50% OFF*\nAltas nuevas." in told
    assert "Semana del centro" not in told  # nobody knows yet whether they live there
    assert "¿Dónde lo querés?" in told


@pytest.mark.parametrize(
    "asked", ["planes", "precios", "cuanto sale internet", "tienen promociones?", "hay alguna promo"]
)
def test_it_is_asked_in_many_ways(asked):
    assert "Fibra 100MB" in prospect().says(asked)


def test_the_zone_they_tell_brings_its_promotion_and_only_its_plans():
    chat = prospect()
    chat.says("planes")
    chat.presses("Decir mi zona")
    assert "¡Sí, llegamos a Centro!" in chat.says("la sexta")
    told = chat.presses("Ver planes")
    assert "🎁 *Semana del centro* (hasta el 30/11)" in told
    assert "¡La instalación es gratis! (antes $ 15.000)" in told
    assert "Aire 10MB" not in told
    assert "Soy de FibraSur" not in told  # greeted once


def test_a_customers_zone_is_on_their_contract():
    chat = Chat(replace(MARIA, zone_id=CENTRO), shop=SHOP)
    told = chat.says("qué promociones tienen?")
    assert "Semana del centro" in told
    assert "Soy de FibraSur" not in told
    assert any("Cambiar de plan" in title for title in chat.titles)


def test_a_promotion_that_ended_is_not_told_though_the_settings_are_those_of_yesterday():
    over = Promo("Ayer", monthly=Discount(Decimal(50), percent=True), months=1, ends_on=date(2026, 11, 23))
    soon = Promo("Mañana", monthly=Discount(Decimal(50), percent=True), months=1, starts_on=date(2026, 11, 25))
    told = prospect(Shop(plans=(FIBRA,), promos=(over, soon))).says("planes")
    assert "Fibra 100MB" in told
    assert "🎁" not in told


def test_without_plans_loaded_they_are_for_a_person_as_before():
    assert "¿Cómo es tu nombre" in prospect(Shop()).says("planes")


def test_whoever_wants_it_is_not_told_the_prices_again():
    assert "¿Cómo es tu nombre" in prospect().says("quiero contratar")


@pytest.mark.parametrize(
    ("place", "answer"),
    [
        ("Las Heras", "En Zona Norte tenemos que confirmar"),
        ("vivo en potrerillos", "Todavía no llegamos a Potrerillos"),
        ("centro", "¡Sí, llegamos a Centro!"),
    ],
)
def test_coverage_is_yes_to_confirm_or_no(place, answer):
    chat = prospect()
    chat.says("planes")
    chat.presses("Decir mi zona")
    assert answer in chat.says(place)


def test_a_place_that_nobody_loaded_is_asked_once_more_and_then_left_to_people():
    chat = prospect()
    chat.says("planes")
    chat.presses("Decir mi zona")
    assert "No ubico ese lugar" in chat.says("xyzzy")
    told = chat.says("plugh")
    assert "te lo confirma alguien de Ventas" in told
    assert any("Quiero contratar" in title for title in chat.titles)


def test_an_answer_says_the_cost_of_the_installation_that_is_set():
    told = prospect(facts={"costo_instalacion": "$ 15.000"}).says("cuánto cuesta la instalación?")
    assert "El costo de la instalación es $ 15.000" in told
