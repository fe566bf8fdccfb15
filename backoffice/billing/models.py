"""What customers owe. Internal documents only: fiscal ones belong to the ISP's own system."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from backoffice.customers.models import Customer


class Invoice(models.Model):
    """A month's charge. `balance` is what is left to pay; a paid one has zero."""

    class Status(models.TextChoices):
        UNPAID = "unpaid", "Impaga"
        PAID = "paid", "Pagada"
        VOID = "void", "Anulada"

    number = models.CharField("número", max_length=20, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="invoices", verbose_name="cliente")
    concept = models.CharField("concepto", max_length=120)
    period = models.DateField("período", help_text="Primer día del mes que se factura.")
    issued_on = models.DateField("emitida")
    due_on = models.DateField("vence")
    total = models.DecimalField("total", max_digits=12, decimal_places=2, validators=[MinValueValidator(Decimal(0))])
    balance = models.DecimalField("saldo", max_digits=12, decimal_places=2)
    status = models.CharField("estado", max_length=8, choices=Status.choices, default=Status.UNPAID)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "factura"
        verbose_name_plural = "facturas"
        ordering = ["-due_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(balance__gte=0) & Q(balance__lte=models.F("total")), name="invoice_balance_in_range"
            ),
            models.CheckConstraint(condition=~Q(status="paid") | Q(balance=0), name="invoice_paid_owes_nothing"),
        ]
        indexes = [models.Index(fields=["customer", "status", "due_on"], name="invoice_unpaid")]

    def __str__(self) -> str:
        return self.number
