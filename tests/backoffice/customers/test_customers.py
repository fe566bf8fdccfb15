"""Customers are added and changed with what staff type, and nothing is half done."""

import pytest

from backoffice.common.errors import DomainError
from backoffice.company.models import Company
from backoffice.customers import services
from backoffice.customers.models import Customer, CustomerPhone

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fibrasur():
    Company.objects.create(name="FibraSur", default_area_code="261")


def test_a_customer_is_added_with_phones_as_staff_type_them():
    maria = services.create_customer(
        name="  María   González ", document="30.111.222", phones=["234-5678", "0261 15 234 5678", "11 4444-5555"]
    )
    assert (maria.name, maria.document, maria.code) == ("María González", "30111222", "000001")
    assert set(maria.phones.values_list("number", flat=True)) == {"+5492612345678", "+5491144445555"}
    assert CustomerPhone.history.count() == 2


def test_codes_are_given_in_order_and_skip_those_taken_by_hand():
    services.create_customer(name="Ana", code="000002")
    codes = [services.create_customer(name=name).code for name in ("Beto", "Carla")]
    assert codes == ["000001", "000003"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "Ana", "document": "123"}, "document"),
        ({"name": "Ana", "document": "20-30111222-1"}, "document"),
        ({"name": "Ana", "phones": ["2612345678", "hola"]}, "phones"),
        ({"name": "Ana", "code": "7"}, "code"),
    ],
)
def test_bad_data_is_refused_at_its_field_and_nothing_is_left(given, field):
    services.create_customer(name="Juan", code="7")
    with pytest.raises(DomainError) as refused:
        services.create_customer(**given)
    assert refused.value.field == field
    assert Customer.objects.count() == 1


def test_a_valid_cuit_and_a_placeholder_are_kept():
    assert services.clean_document("20-12345678-6") == "20123456786"
    assert services.clean_document("9999999") == "9999999"
    assert [services.clean_document(told) for told in ("", " - ", "S/D", "no tiene", "N/A")] == [""] * 5
    with pytest.raises(DomainError, match="«abc» no es un DNI ni un CUIT"):
        services.clean_document("abc")
    assert services.clean_document("07.123.456") == "7123456"


def test_changing_phones_keeps_those_that_stay():
    maria = services.create_customer(name="María", phones=["2612345678", "2614440000"])
    stays = maria.phones.get(key="2612345678").pk
    services.update_customer(customer=maria, phones=["+54 9 261 234-5678", "2615550000"], name="María González")
    assert set(maria.phones.values_list("key", flat=True)) == {"2612345678", "2615550000"}
    assert maria.phones.get(key="2612345678").pk == stays
    assert Customer.objects.get().name == "María González"
    assert list(maria.history.values_list("history_type", flat=True)) == ["~", "+"]


def test_a_customer_may_keep_their_own_code_but_not_take_anothers():
    ana = services.create_customer(name="Ana", code="1")
    services.create_customer(name="Beto", code="2")
    services.update_customer(customer=ana, code="1", address="Mitre 1")
    with pytest.raises(DomainError, match="Ya hay un cliente"):
        services.update_customer(customer=ana, code="2")
