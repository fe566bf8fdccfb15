"""Reads about what customers owe. Fixed numbers of queries, whatever the number of customers."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from backoffice.billing.models import Invoice
from backoffice.billing.pdf import InvoiceSheet, invoice_pdf
from backoffice.company.models import Company
from backoffice.customers.models import Customer, Service
from integrations.understanding.phones import local_display

RECENT = 12  # invoices a customer may ask for by their month


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """An invoice as a chat tells it. `period` is the first day of its month."""

    id: int
    number: str
    concept: str
    period: date
    due_on: date
    balance: Decimal


@dataclass(frozen=True, slots=True)
class ServiceRow:
    plan: str
    address: str
    price: Decimal
    suspended: bool


@dataclass(frozen=True, slots=True)
class Account:
    """Where a customer stands: what is unpaid (oldest due first), the last year's invoices (newest first), services."""

    unpaid: tuple[InvoiceRow, ...] = ()
    recent: tuple[InvoiceRow, ...] = ()
    services: tuple[ServiceRow, ...] = ()

    @property
    def last_invoice_id(self) -> int | None:
        return self.recent[0].id if self.recent else None

    @property
    def debt(self) -> Decimal:
        return sum((invoice.balance for invoice in self.unpaid), Decimal("0.00"))


def accounts(customer_ids: Collection[int]) -> dict[int, Account]:
    """The account of each customer, in three queries. Whoever has nothing gets an empty one."""
    ids = set(customer_ids)
    if not ids:
        return {}
    unpaid, recent, services = _by_customer(_unpaid(ids)), _by_customer(_recent(ids)), _services(ids)
    return {
        pk: Account(tuple(unpaid.get(pk, ())), tuple(recent.get(pk, ())), tuple(services.get(pk, ()))) for pk in ids
    }


def _unpaid(ids: set[int]) -> QuerySet[Invoice]:
    return Invoice.objects.filter(customer__in=ids, status=Invoice.Status.UNPAID).order_by("due_on", "id")


def _recent(ids: set[int]) -> QuerySet[Invoice]:
    newest = Window(RowNumber(), partition_by=F("customer_id"), order_by=[F("period").desc(), F("id").desc()])
    issued = Invoice.objects.filter(customer__in=ids).exclude(status=Invoice.Status.VOID)
    return issued.annotate(place=newest).filter(place__lte=RECENT).order_by("-period", "-id")


def _services(ids: set[int]) -> dict[int, list[ServiceRow]]:
    found: dict[int, list[ServiceRow]] = defaultdict(list)
    working = Service.objects.filter(customer__in=ids).exclude(status=Service.Status.CANCELLED).order_by("id")
    for customer, plan, address, price, status in working.values_list(
        "customer_id", "plan__name", "address", "price", "status"
    ):
        found[customer].append(ServiceRow(plan, address, price, status == Service.Status.SUSPENDED))
    return found


def _by_customer(invoices: QuerySet[Invoice]) -> dict[int, list[InvoiceRow]]:
    found: dict[int, list[InvoiceRow]] = defaultdict(list)
    fields = ("customer_id", "pk", "number", "concept", "period", "due_on", "balance")
    for customer, pk, number, concept, period, due_on, balance in invoices.values_list(*fields):
        found[customer].append(InvoiceRow(pk, number, concept, period, due_on, balance))
    return found


@dataclass(frozen=True, slots=True)
class Document:
    """A file to send."""

    filename: str
    mimetype: str
    data: bytes


def invoice_document(invoice_id: int) -> Document:
    """The PDF of an invoice, in two queries. The same invoice gives the same bytes.

    Raises:
        Invoice.DoesNotExist: there is no such invoice.
    """
    invoice = Invoice.objects.select_related("customer").get(pk=invoice_id)
    company = Company.objects.filter(pk=1).first() or Company()
    return Document(f"Factura {invoice.number}.pdf", "application/pdf", invoice_pdf(sheet_of(invoice, company)))


def sheet_of(invoice: Invoice, company: Company) -> InvoiceSheet:
    """The plain values that the page shows."""
    customer = invoice.customer
    return InvoiceSheet(
        company=company.name,
        company_lines=company_lines(company),
        number=invoice.number,
        customer=customer.name,
        customer_lines=_customer_lines(customer),
        concept=invoice.concept,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        total=invoice.total,
        balance=invoice.balance,
        state=str(invoice.get_status_display()),
        how_to_pay=how_to_pay(company),
        logo=logo_of(company),
    )


def how_to_pay(company: Company) -> tuple[str, ...]:
    """The transfer's data, one line each; empty when the company loaded none."""
    if not (company.bank_alias or company.bank_cbu):
        return ()
    lines = (
        f"Alias: {company.bank_alias}" if company.bank_alias else "",
        f"CBU/CVU: {company.bank_cbu}" if company.bank_cbu else "",
        f"Titular: {company.bank_holder}" if company.bank_holder else "",
        f"Consultas: {local_display(company.phone)}" if company.phone else "",
    )
    return tuple(filter(None, lines))


def company_lines(company: Company) -> tuple[str, ...]:
    """Where it is, and what the tax office knows of it (WIS-FISC)."""
    cuit = company.cuit
    papers = (
        company.legal_name,
        f"CUIT {cuit[:2]}-{cuit[2:10]}-{cuit[10:]}" if cuit else "",
        company.get_tax_condition_display() if company.tax_condition else "",
    )
    lines = (company.fiscal_address or company.address, company.phone, " · ".join(filter(None, papers)))
    return tuple(filter(None, lines))


def _customer_lines(customer: Customer) -> tuple[str, ...]:
    document = f"DNI/CUIT {customer.document}" if customer.document.strip("9") else ""
    who = " · ".join(filter(None, (f"Cliente N° {customer.code}", document)))
    return tuple(filter(None, (who, customer.address)))


def logo_of(company: Company) -> bytes | None:
    """The picture's bytes; None where there is none, or its file went missing."""
    if not company.logo:
        return None
    try:
        with company.logo.open("rb") as file:
            return bytes(file.read())
    except OSError:  # the file went missing: the invoice does not wait for it
        return None
