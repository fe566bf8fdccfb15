"""FibraSur itself: data, hours, holidays, zones, plans, and who works in the panel."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Group

from backoffice.accounts.models import User
from backoffice.agents.models import AttentionSettings
from backoffice.catalog.models import Plan, Promotion, SalesSettings, Zone
from backoffice.catalog.services import save_promotion
from backoffice.common.bulk import bulk_create_with_history
from backoffice.company.models import Company, PointOfSale
from backoffice.company.services import add_holiday, set_hours
from backoffice.demo.people import PLANS, ZONES
from backoffice.operations.models import BotControl

NAME = "FibraSur"
PASSWORD = "fibrasur"  # noqa: S105 (a toy company that README shows to everybody)
STAFF = (  # user, first name, last name, role ("" is the owner, who may everything)
    ("admin", "Administrador", "FibraSur", ""),
    ("elena", "Elena", "Soto", "Supervisor"),
    ("oper", "Olga", "Pereyra", "Operador"),
    ("sofia", "Sofía", "Molina", "Ventas"),
    ("raul", "Raúl", "Ibáñez", "Técnico"),
    ("marta", "Marta", "Quiroga", "Administración"),
)
HOLIDAYS = ((date(2026, 12, 25), "Navidad"), (date(2027, 1, 1), "Año Nuevo"))


def load_company() -> Company:
    """Open around the clock, so that whoever tries it at night meets the agents; its usual hours are loaded too."""
    company = Company.load()
    company.name = NAME
    company.phone = "+54 261 555-0100"
    company.address = "Av. San Martín 1200, Godoy Cruz, Mendoza"
    company.default_area_code = "261"
    company.bank_alias = "FIBRASUR.DEMO"
    company.bank_cbu = "0000999100000002610018"  # right check digits, of a wallet that does not exist
    company.bank_holder = "FibraSur SRL"
    company.email = "hola@fibrasur.example"
    company.legal_name = "FibraSur SRL"
    company.cuit = "30712345671"
    company.tax_condition = Company.TaxCondition.REGISTERED
    company.gross_income = "0712345"
    company.activity_started_on = date(2015, 3, 1)
    company.fiscal_address = "Av. San Martín 1200, Godoy Cruz, Mendoza"
    company.always_open = True
    company.save()
    set_hours(hours={day: ["08:00-12:00", "14:00-18:00"] for day in range(5)} | {5: ["09:00-13:00"], 6: []})
    for day, name in HOLIDAYS:
        add_holiday(day=day, name=name)
    AttentionSettings.load()
    BotControl.load()
    return company


def load_catalog() -> tuple[dict[str, Zone], dict[str, Plan]]:
    """Zones and plans by name."""
    zones = bulk_create_with_history([Zone(name=name) for name in ZONES])
    plans = bulk_create_with_history(
        [
            Plan(name=name, price=price, download=download, upload=upload, ideal_for=ideal)
            for name, price, download, upload, ideal in PLANS
        ]
    )
    return {zone.name: zone for zone in zones}, {plan.name: plan for plan in plans}


def load_offers(zones: Mapping[str, Zone], plans: Mapping[str, Plan], day: date) -> None:
    """How it sells: the cost of the installation, where it gets to, and promotions in each state."""
    selling = SalesSettings.load()
    selling.description = "Somos un proveedor de fibra óptica del Gran Mendoza, con atención local."
    selling.installation_cost = Decimal(15000)
    selling.orders = True
    selling.save()
    _mark(zones["Maipú"], Zone.Coverage.CHECK, "Coquimbito, Luzuriaga, Gutiérrez")
    _mark(zones["Luján de Cuyo"], Zone.Coverage.YES, "Chacras de Coria, Vistalba, Carrodilla")
    bulk_create_with_history([PointOfSale(number=1, name="Casa central"), PointOfSale(number=2, name="Web")])
    for name, values, where, which in _promotions(day):
        promotion = Promotion(name=name, **values)
        save_promotion(promotion=promotion, zones=[zones[one] for one in where], plans=[plans[one] for one in which])


def _promotions(day: date) -> list[tuple[str, dict[str, Any], tuple[str, ...], tuple[str, ...]]]:
    """Name, values, zones and plans (none: all)."""
    half = {"monthly_discount": Decimal(50), "monthly_unit": "percent", "months": 1}
    free = {"installation_discount": Decimal(100), "installation_unit": "percent"}
    third = {"monthly_discount": Decimal(4000), "monthly_unit": "amount", "months": 3}
    ago, ahead = timedelta(days=1) * -1, timedelta(days=1)
    return [
        ("50% OFF el primer mes",
         {**half, "starts_on": day + 20 * ago, "ends_on": day + 40 * ahead,
          "description": "Para altas nuevas. No se suma a otras promociones."}, (), ()),
        ("Instalación gratis en Godoy Cruz",
         {**free, **third, "starts_on": day + 10 * ago, "ends_on": day + 20 * ahead,
          "description": "Con débito automático."}, ("Godoy Cruz",), ("Fibra 300MB", "Fibra 600MB")),
        ("Verano conectado", {**third, "starts_on": day + 30 * ahead, "ends_on": day + 90 * ahead}, (), ()),
        ("Vuelta al cole", {**half, "starts_on": day + 270 * ago, "ends_on": day + 240 * ago}, (), ("Fibra 100MB",)),
    ]  # fmt: skip


def _mark(zone: Zone, coverage: str, aliases: str) -> None:
    zone.coverage, zone.aliases = coverage, aliases
    zone.save()


def load_staff() -> None:
    """The users of the panel. The first `admin` is taken over only while nobody has chosen its password."""
    for username, first, last, role in STAFF:
        user = User.objects.filter(username=username).first() or User(username=username, must_change_password=True)
        if not user.must_change_password:
            continue
        user.first_name, user.last_name = first, last
        user.email = f"{username}@fibrasur.com.ar"
        user.is_staff, user.is_superuser, user.must_change_password = True, not role, False
        user.set_password(PASSWORD)
        user.save()
        user.groups.set(Group.objects.filter(name=role or "Administrador"))
