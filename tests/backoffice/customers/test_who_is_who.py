"""A phone, a DNI, a CUIT or a customer number finds its people, for many at once and in one query."""

import pytest

from backoffice.customers import services
from backoffice.customers.models import Customer
from backoffice.customers.selectors import MATCHES, by_documents_or_codes, by_phone_keys

pytestmark = pytest.mark.django_db


@pytest.fixture
def maria() -> Customer:
    return services.create_customer(name="María González", code="003365", document="30111222", phones=["2612345678"])


def test_sixteen_phones_are_looked_up_in_one_query(maria, django_assert_num_queries):
    keys = [f"26155500{n:02d}" for n in range(15)] + ["2612345678"]
    with django_assert_num_queries(1):
        found = by_phone_keys(keys)
    assert found["2612345678"] == [maria]
    assert set(found) == set(keys)


def test_a_phone_shared_by_a_family_finds_all_active_ones_first(maria):
    services.update_customer(customer=maria, status=Customer.Status.SUSPENDED)
    pedro = services.create_customer(name="Pedro González", phones=["0261 15-234-5678"])
    assert by_phone_keys(["2612345678"])["2612345678"] == [pedro, maria]


def test_a_phone_shared_by_a_crowd_is_cut():
    for number in range(MATCHES + 3):
        services.create_customer(name=f"Vecino {number}", phones=["2614000000"])
    assert len(by_phone_keys(["2614000000"])["2614000000"]) == MATCHES


@pytest.mark.parametrize("term", ["30111222", "30.111.222", "DNI 30111222", "20301112228", "003365", "3365", "0003365"])
def test_every_way_of_writing_it_finds_maria(maria, term):
    assert by_documents_or_codes([term])[term] == [maria]


def test_a_dni_finds_the_cuit_that_contains_it():
    ana = services.create_customer(name="Ana Ruiz", document="27123456780")
    assert by_documents_or_codes(["12345678", "12.345.678"]) == {"12345678": [ana], "12.345.678": [ana]}


def test_a_companys_cuit_finds_only_itself():
    shop = services.create_customer(name="Kiosco SRL", document="30712345671")
    services.create_customer(name="Otro", document="71234567")
    assert by_documents_or_codes(["30-71234567-1"])["30-71234567-1"] == [shop]


@pytest.mark.parametrize("term", ["9999999", "99999999", "9.999.999", "0000000", "11111111", "20999999990"])
def test_placeholders_never_match(term):
    for name in ("Uno", "Dos"):
        services.create_customer(name=name, document="9999999")
    services.create_customer(name="Tres", document="99999999", code="9999999")
    assert by_documents_or_codes([term])[term] == []


def test_nothing_typed_finds_nobody_and_asks_nothing(maria, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert by_documents_or_codes(["", "   "]) == {"": [], "   ": []}
        assert by_documents_or_codes([]) == {}
        assert by_phone_keys([]) == {}


def test_many_terms_take_one_query(maria, django_assert_num_queries):
    terms = [str(30_000_000 + n) for n in range(30)] + ["30111222", "3365", "cliente-9"]
    with django_assert_num_queries(1):
        found = by_documents_or_codes(terms)
    assert found["30111222"] == found["3365"] == [maria]
    assert sum(map(len, found.values())) == 2


def test_letters_in_a_code_match_in_capitals():
    shop = services.create_customer(name="Kiosco", code="AB-12")
    assert by_documents_or_codes(["ab-12"])["ab-12"] == [shop]
