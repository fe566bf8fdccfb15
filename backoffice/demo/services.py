"""Loading the demo company, whole or not at all."""

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from backoffice.common.errors import DomainError
from backoffice.common.models import Activity
from backoffice.company.models import Company
from backoffice.company.selectors import today
from backoffice.customers.models import Customer
from backoffice.demo import company, desk
from backoffice.demo.access import load_access
from backoffice.demo.accounts import load_customers
from backoffice.demo.alone import load_alone
from backoffice.demo.day import load_day, load_weeks
from backoffice.demo.labels import load_labels
from backoffice.demo.menus import load_menu_versions
from backoffice.demo.notices import load_notices
from backoffice.demo.orders import load_orders
from backoffice.demo.past import load_past
from backoffice.demo.people import MARIA, customers
from backoffice.demo.plant import load_plant


@transaction.atomic
def load_demo() -> bool:
    """Put FibraSur in an empty database. False, and nothing done, when it is there already.

    Raises:
        DomainError: the database has a real company; the demo would mix with it.
    """
    if _is_loaded():
        return False
    company.load_company()
    company.load_staff()
    zones, plans = company.load_catalog()
    company.load_offers(zones, plans, today())
    people = customers()
    rows = load_customers(people, zones, plans)
    load_plant(zones)
    _load_desk_and_past(rows)
    Activity.note(Activity.Kind.CONNECTION, "Se cargó la empresa de demostración FibraSur")
    return True


def _load_desk_and_past(rows: dict[str, Customer]) -> None:
    """The cast of the manual has no past: whoever tries María begins from her first «hola»."""
    channel = desk.load_channel()
    suspended = next(one for one in customers() if one.suspended)
    desk.load_network(suspended.phone, suspended.name)
    agents = desk.load_agents(channel)
    groups = desk.load_groups(channel, agents)
    others = [row for name, row in rows.items() if name not in (MARIA.name, suspended.name)]
    prefetch_related_objects(others, "phones")
    takers = [agents[seat.name] for seat in desk.SEATS if seat.groups]
    load_past(channel, others[:24], takers, groups)
    load_alone(channel, others[24:])
    load_labels()
    load_notices(channel)
    load_orders(timezone.now())
    load_menu_versions(timezone.now())
    load_day(timezone.now())
    load_weeks(timezone.now())
    load_access(timezone.now())


def _is_loaded() -> bool:
    name = Company.objects.filter(pk=1).values_list("name", flat=True).first()
    has_customers = Customer.objects.exists()
    if name == company.NAME and has_customers:
        return True
    if has_customers or name not in (None, company.NAME, Company._meta.get_field("name").default):
        raise DomainError(
            "Esta base ya tiene una empresa real: la demostración no se mezcla con ella. "
            "Usá otra base (por defecto, var/demo.sqlite3)."
        )
    return False
