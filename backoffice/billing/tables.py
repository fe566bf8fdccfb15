"""Invoices as a spreadsheet. They only leave: each is issued by its verb, which gives it its number."""

from backoffice.billing.models import Invoice
from backoffice.common.tables.columns import Column
from backoffice.common.tables.resources import TableResource
from backoffice.common.tables.widgets import ChoiceWidget, DayWidget, PesosWidget


class InvoiceResource(TableResource):
    number = Column("number", "número")
    code = Column("customer__code", "número de cliente")
    customer = Column("customer__name", "cliente")
    document = Column("customer__document", "DNI o CUIT")
    concept = Column("concept", "concepto")
    period = Column("period", "período", DayWidget())
    issued_on = Column("issued_on", "emitida", DayWidget())
    due_on = Column("due_on", "vence", DayWidget())
    total = Column("total", "total", PesosWidget())
    balance = Column("balance", "saldo", PesosWidget())
    status = Column("status", "estado", ChoiceWidget(Invoice.Status))

    class Meta(TableResource.Meta):
        model = Invoice
        fields = (
            "number", "code", "customer", "document", "concept", "period", "issued_on", "due_on", "total", "balance",
            "status",
        )  # fmt: skip
