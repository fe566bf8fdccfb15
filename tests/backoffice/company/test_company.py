"""Datos Empresa with what the tax office knows (CO-01…06, WIS-FISC), and what the bot says with it."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from backoffice.billing.models import Invoice
from backoffice.billing.selectors import sheet_of
from backoffice.company.models import Company, PointOfSale
from backoffice.customers.models import Customer

CBU = "0000999100000002610018"


def company(**values: str) -> Company:
    row = Company.load()
    for field, value in values.items():
        setattr(row, field, value)
    return row


def test_the_papers_numbers_are_kept_bare(db):
    row = company(
        cuit="30-71234567-1", bank_cbu=f"{CBU[:8]} {CBU[8:]}", bank_alias=" fibrasur.pagos ", website="fibrasur.com.ar"
    )
    row.full_clean()
    assert (row.cuit, row.bank_cbu, row.bank_alias) == ("30712345671", CBU, "fibrasur.pagos")
    assert row.website == "https://fibrasur.com.ar"


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("cuit", "30-71234567-2", "Ese CUIT no es válido"),
        ("cuit", "123", "Ese CUIT no es válido"),
        ("bank_cbu", CBU[:-1] + "9", "Ese CBU o CVU no es válido"),
        ("bank_alias", "año", "de 6 a 20 letras"),
        ("closed_message", "Volvemos {cuando}", "No se conoce {cuando}"),
        ("holiday_message", "Hoy es {dia}", "No se conoce {dia}"),
        ("email", "hola", "email válida"),
        ("website", "hola mundo", "No es la dirección de un sitio"),
    ],
)
def test_a_mistake_is_told_at_its_field(db, field, value, reason):
    with pytest.raises(ValidationError) as told:
        company(**{field: value}).full_clean()
    assert reason in " ".join(told.value.message_dict[field])


def test_points_of_sale_go_from_1_to_99999_and_once(admin: Client):
    add = reverse("admin:company_pointofsale_add")
    assert "menor o igual" in admin.post(add, {"number": "100000", "active": "on"}).text
    assert admin.post(add, {"number": "3", "name": "Web", "active": "on"}).status_code == 302
    assert "ya está cargado" in admin.post(add, {"number": "3"}).text
    assert str(PointOfSale.objects.get()) == "00003 Web"


def test_the_preview_shows_what_the_bot_says_with_what_is_being_typed(admin: Client):
    row = company(name="FibraSur")
    row.save()
    url = reverse("admin:panel_company_preview")
    assert "Soy el asistente virtual de FibraSur" in admin.get(url).text
    typed = {"name": "Fibra<b>", "closed_message": "Cerrado en {empresa}", "bank_alias": "fibra.sur", "bank_cbu": ""}
    told = admin.post(url, typed).text
    assert "Cerrado en Fibra&lt;b&gt;" in told
    assert "Alias: <strong>fibra.sur</strong>" in told
    assert "CBU" not in told
    assert Company.load().name == "FibraSur"


def test_the_form_shows_it(admin: Client):
    page = admin.get(reverse("admin:company_company_change", args=[Company.load().pk])).text
    assert reverse("admin:panel_company_preview") in page
    assert "Datos fiscales" in page


def test_a_receipt_carries_the_fiscal_data(db):
    row = company(legal_name="FibraSur SRL", cuit="30712345671", tax_condition="registered", phone="261 555-0100")
    customer = Customer.objects.create(code="1", name="María González")
    day = date(2026, 11, 1)
    invoice = Invoice(
        number="0001-00000001", customer=customer, concept="Abono", period=day, issued_on=day, due_on=day,
        total=Decimal(18500), balance=Decimal(18500),
    )  # fmt: skip
    assert sheet_of(invoice, row).company_lines == (
        "261 555-0100",
        "FibraSur SRL · CUIT 30-71234567-1 · Responsable Inscripto",
    )
