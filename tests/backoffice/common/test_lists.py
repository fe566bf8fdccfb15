"""A list shows two hundred pages, counts no further, and says what to do beyond."""

import pytest
from django.test import Client

from backoffice.accounts.prepare import prepare
from backoffice.catalog.models import Zone
from backoffice.common import lists
from backoffice.customers.models import Customer
from tests.security.world import member

pytestmark = pytest.mark.django_db
LIST = "/panel/customers/customer/"


@pytest.fixture
def admin() -> Client:
    prepare()
    client = Client()
    client.force_login(member("Administrador", username="elena"))
    return client


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two pages are all that a list shows, and there are three."""
    monkeypatch.setattr(lists, "MOST_PAGES", 2)
    monkeypatch.setattr(lists, "NEAR", 1)
    Customer.objects.bulk_create(Customer(code=f"{n}", name=f"Cliente {n:03}") for n in range(60))


def test_what_is_beyond_is_said_and_not_counted(admin, short):
    page = admin.get(LIST)
    assert "más de 50" in page.text
    assert page.context["cl"].paginator.num_pages == 2


def test_the_last_page_shows_its_rows_in_their_order(admin, short):
    names = [row.name for row in admin.get(LIST, {"p": "2"}).context["cl"].result_list]
    assert names == [f"Cliente {n:03}" for n in range(25, 50)]


@pytest.mark.parametrize("page", ["3", "200000", "9" * 400])
def test_a_page_beyond_asks_to_filter_and_keeps_what_was_chosen(admin, short, page):
    answer = admin.get(LIST, {"p": page, "status__exact": "active"})
    assert answer.status_code == 200
    assert "filtrás" in answer.text
    assert 'name="status__exact" value="active"' in answer.text
    assert "p=2" in answer.text


def test_a_page_beyond_is_only_for_who_may_see_the_list():
    client = Client()
    client.force_login(member(username="nadie"))
    assert client.get(LIST, {"p": "999"}).status_code == 403


def test_a_filter_over_many_shows_each_row_once(admin):
    from backoffice.catalog.models import Plan
    from backoffice.customers.models import Service

    plan = Plan.objects.create(name="Fibra", price=1, download=1, upload=1)
    one = Customer.objects.create(code="1", name="Ana", zone=Zone.objects.create(name="Centro"))
    Service.objects.bulk_create(Service(customer=one, plan=plan, price=1) for _ in range(2))
    page = admin.get(LIST, {"services__plan__id__exact": str(plan.pk)})
    assert [row.pk for row in page.context["cl"].result_list] == [one.pk]
