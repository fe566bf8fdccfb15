"""Invoices, on their own and inside their customer."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import display

from backoffice.billing import services
from backoffice.billing.models import Invoice
from backoffice.billing.tables import InvoiceResource
from backoffice.common.admin import BackofficeAdmin, BackofficeInline
from backoffice.common.tables.screens import PEOPLE, Exportable
from backoffice.customers.admin import CustomerAdmin
from integrations.understanding.money import format_ars

STATES = {"Impaga": "warning", "Pagada": "success", "Anulada": "danger"}


class InvoiceForm(forms.ModelForm):
    class Meta:
        model = Invoice
        fields = ("number", "customer", "concept", "period", "issued_on", "due_on", "total", "balance", "status")

    def clean(self) -> dict[str, Any]:
        """The balance follows the state: a paid one owes nothing, and nobody owes more than the total."""
        data = super().clean() or {}
        total, balance = data.get("total"), data.get("balance")
        if data.get("status") == Invoice.Status.PAID:
            data["balance"] = Decimal(0)
        elif total is not None and balance is not None and balance > total:
            raise ValidationError({"balance": "El saldo no puede ser mayor que el total."})
        if data.get("issued_on") and data.get("due_on") and data["due_on"] < data["issued_on"]:
            raise ValidationError({"due_on": "El vencimiento no puede ser anterior a la emisión."})
        return data


@admin.register(Invoice)
class InvoiceAdmin(Exportable, BackofficeAdmin):
    form = InvoiceForm
    empty_state = (
        "Todavía no hay facturas. Agregá la primera y el bot la muestra cuando el cliente pregunta cuánto debe."
    )
    empty_icon = "receipt_long"
    search_fields = ("number", "customer__name", "customer__code", "customer__document")
    search_help_text = "Número de factura, nombre, número de cliente o DNI."
    list_display = ("number", "customer", "concept", "due_on", "total_shown", "balance_shown", "state_badge")
    list_filter = ("status", ("due_on", RangeDateFilter))
    list_select_related = ("customer",)
    autocomplete_fields = ("customer",)
    resource_classes = [InvoiceResource]
    export_permission = PEOPLE
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("number", "customer"),
                    ("concept", "period"),
                    ("issued_on", "due_on"),
                    ("total", "balance"),
                    "status",
                )
            },
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Invoice | None = None) -> Any:
        """A new one is only what is charged: its number, balance and state follow."""
        if obj is not None:
            return self.fieldsets
        return ((None, {"fields": ("customer", ("concept", "period"), ("issued_on", "due_on"), "total")}),)

    def save_model(self, request: HttpRequest, obj: Invoice, form: forms.ModelForm, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        data = form.cleaned_data
        issued = services.issue_invoice(
            customer=data["customer"],
            concept=data["concept"],
            total=data["total"],
            due_on=data["due_on"],
            issued_on=data["issued_on"],
            period=data["period"],
        )
        obj.pk = issued.pk
        obj.refresh_from_db()

    @display(description="Total", ordering="total")
    def total_shown(self, invoice: Invoice) -> str:
        return format_ars(invoice.total)

    @display(description="Saldo", ordering="balance")
    def balance_shown(self, invoice: Invoice) -> str:
        return format_ars(invoice.balance)

    @display(description="Estado", label=STATES, ordering="status")
    def state_badge(self, invoice: Invoice) -> str:
        return str(invoice.get_status_display())


class InvoiceInline(BackofficeInline):
    """The customer's invoices to look at; each opens its own page."""

    model = Invoice
    verbose_name_plural = "Facturas"
    fields = readonly_fields = ("number", "concept", "due_on", "total", "balance", "status")
    ordering = ("-due_on",)
    per_page = 12
    tab = True
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


CustomerAdmin.inlines = (*CustomerAdmin.inlines, InvoiceInline)
