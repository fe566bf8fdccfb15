"""The ISP port over our own tables: Mostrador is the system where the ISP has none."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from backoffice.billing import selectors
from backoffice.billing.models import Invoice
from backoffice.catalog.models import Plan
from backoffice.company.selectors import today
from backoffice.customers.models import Customer, Service
from backoffice.customers.selectors import by_documents_or_codes, by_phone_keys, code_forms, document_forms
from integrations.errors import NotFound
from integrations.isp import base
from integrations.understanding.phones import phone_key

PAGE = 500
OWED = Q(invoices__status=Invoice.Status.UNPAID)


class LocalIsp:
    """Reads customers and invoices that staff load in the panel. It has no payments yet."""

    caps = base.Caps(search_phone=True, search_doc=True, search_code=True, invoice_pdf=True, plans=True)

    def check(self) -> base.Health:
        return base.Health(base.HealthState.OK, "Los clientes y las facturas están en este mismo sistema.")

    def find_clients(
        self, *, phone: str | None = None, doc: str | None = None, code: str | None = None
    ) -> list[base.Client]:
        if sum(value is not None for value in (phone, doc, code)) != 1:
            raise ValueError("give exactly one of phone, doc and code")
        if phone is not None:
            key = phone_key(phone)
            found = by_phone_keys([key])[key] if key else []
        elif doc is not None:
            found = [one for one in by_documents_or_codes([doc])[doc] if one.document in document_forms(doc)]
        else:
            term = code or ""
            found = [one for one in by_documents_or_codes([term])[term] if one.code in code_forms(term)]
        return self._clients([customer.pk for customer in found])

    def get_client(self, client_id: str) -> base.Client | None:
        return next(iter(self._clients([_pk(client_id)])), None)

    def iter_clients(self, since: datetime | None = None) -> Iterator[base.Client]:
        rows = Customer.objects.order_by("pk")
        if since is not None:
            changed = Customer.history.filter(history_date__gte=since).values("id")
            rows = rows.filter(pk__in=changed)
        last = 0
        while page := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:PAGE]):
            yield from self._clients(page)
            last = page[-1]

    def services(self, client_id: str) -> list[base.Service]:
        rows = Service.objects.filter(customer=_pk(client_id)).select_related("plan").order_by("pk")
        return [_service(row) for row in rows]

    def invoices(self, client_id: str, *, unpaid_only: bool = True) -> list[base.Invoice]:
        rows = Invoice.objects.filter(customer=_pk(client_id)).exclude(status=Invoice.Status.VOID)
        if unpaid_only:
            rows = rows.filter(status=Invoice.Status.UNPAID)
        day = today()
        return [_invoice(row, day) for row in rows.order_by("due_on", "pk")]

    def invoice_pdf(self, invoice_id: str) -> bytes | None:
        try:
            return selectors.invoice_document(_pk(invoice_id)).data
        except Invoice.DoesNotExist:
            raise NotFound(f"no invoice {invoice_id}", staff_text="Esa factura no existe.") from None

    def payments(self, client_id: str, *, limit: int = 6) -> list[base.Payment]:
        return []

    def plans(self) -> list[base.Plan]:
        return [
            base.Plan(str(row.pk), row.name, row.price, row.download * 1000, row.upload * 1000, row.active)
            for row in Plan.objects.order_by("price", "pk")
        ]

    def _clients(self, ids: list[int]) -> list[base.Client]:
        """In the order of `ids`, in two queries."""
        rows = {row.pk: row for row in _with_debt(Customer.objects.filter(pk__in=ids)).prefetch_related("phones")}
        return [_client(rows[pk]) for pk in ids if pk in rows]


def _with_debt(rows: QuerySet[Customer]) -> QuerySet[Customer]:
    return rows.annotate(owed=Sum("invoices__balance", filter=OWED), unpaid=Count("invoices", filter=OWED))


def _pk(external: str) -> int:
    """Our ids are numbers; any other text names nothing."""
    return int(external) if external.isascii() and external.isdecimal() and len(external) < 19 else 0


def _client(row: Customer) -> base.Client:
    return base.Client(
        id=str(row.pk),
        code=row.code,
        name=row.name,
        doc=row.document,
        phones=tuple(phone.number for phone in row.phones.all()),
        email=row.email,
        address=row.address,
        status=base.ClientStatus(row.status),
        raw_status=str(row.get_status_display()),
        balance_due=getattr(row, "owed", None) or Decimal("0.00"),
        unpaid_count=getattr(row, "unpaid", 0),
    )


def _service(row: Service) -> base.Service:
    return base.Service(
        id=str(row.pk),
        client_id=str(row.customer_id),
        plan_id=str(row.plan_id),
        plan_name=row.plan.name,
        price=row.price,
        address=row.address,
        status=base.ServiceStatus(row.status),
    )


def _invoice(row: Invoice, day: date) -> base.Invoice:
    overdue = row.status == Invoice.Status.UNPAID and row.due_on < day
    return base.Invoice(
        id=str(row.pk),
        client_id=str(row.customer_id),
        number=row.number,
        concept=row.concept,
        issued=row.issued_on,
        due=row.due_on,
        total=row.total,
        balance=row.balance,
        status=base.InvoiceStatus.OVERDUE if overdue else base.InvoiceStatus(row.status),
    )
