"""Customers with their phones and services. Invoices are added by `billing/admin.py`, which knows them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery, Sum
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.decorators import display

from backoffice.common.admin import BackofficeInline, BackofficeStackedInline, label
from backoffice.common.errors import DomainError
from backoffice.common.tables.admin import TableAdmin
from backoffice.common.tables.screens import PEOPLE
from backoffice.company.models import Company
from backoffice.customers import services, tables
from backoffice.customers.models import Customer, CustomerPhone, Service
from integrations.understanding.money import format_ars
from integrations.understanding.phones import parse_phone


class PhoneForm(forms.ModelForm):
    class Meta:
        model = CustomerPhone
        fields = ("number",)

    def clean_number(self) -> str:
        """Whatever was typed, completed with the company's area code, as E.164."""
        area = Company.objects.values_list("default_area_code", flat=True).filter(pk=1).first() or ""
        parsed = parse_phone(self.cleaned_data["number"], area)
        if parsed is None:
            raise ValidationError(
                "No parece un teléfono. Poné la característica y el número, por ejemplo 261 234-5678."
            )
        return parsed.e164


class PhoneFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        """The same phone twice is one phone, however it was written."""
        super().clean()
        seen: set[str] = set()
        for form in self.forms:
            number = (
                form.cleaned_data.get("number") if form.is_valid() and not form.cleaned_data.get("DELETE") else None
            )
            if number and number in seen:
                form.add_error("number", "Este teléfono está repetido.")
            if number:
                seen.add(number)


class PhoneInline(BackofficeInline):
    model = CustomerPhone
    form = PhoneForm
    formset = PhoneFormSet
    verbose_name_plural = "Teléfonos"
    tab = True


class ServiceInline(BackofficeStackedInline):
    model = Service
    verbose_name_plural = "Servicios"
    fields = (("plan", "price"), ("address", "since"), "status")
    autocomplete_fields = ("plan",)
    tab = True


class CustomerForm(forms.ModelForm):
    class Meta:
        model = Customer
        fields = ("name", "code", "document", "email", "address", "zone", "status", "notes")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "code" in self.fields:
            self.fields["code"].required = False
            self.fields["code"].help_text = "Si lo dejás vacío, se le da el número siguiente."

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip()
        return code or self.instance.code or services.next_code()

    def clean_document(self) -> str:
        try:
            return services.clean_document(self.cleaned_data["document"])
        except DomainError as error:
            raise ValidationError(error.message) from None


TONES: dict[str, str] = {
    Customer.Status.ACTIVE: "success",
    Customer.Status.SUSPENDED: "warning",
    Customer.Status.RETIRED: "danger",
}


@admin.register(Customer)
class CustomerAdmin(TableAdmin):
    form = CustomerForm
    empty_state = "Todavía no hay clientes. Agregá el primero para que el bot lo reconozca por su teléfono."
    empty_icon = "groups"
    search_fields = ("name", "code", "document", "phones__key", "phones__number", "address", "services__address")
    search_help_text = "Nombre, número de cliente, DNI, teléfono o dirección."
    list_display = ("name", "code", "status_badge", "plan_names", "debt", "zone")
    list_filter = ("status", "zone", "services__plan")
    list_select_related = ("zone",)
    autocomplete_fields = ("zone",)
    resource_classes = [tables.CustomerResource]
    export_permission = PEOPLE
    inlines: tuple[type[InlineModelAdmin], ...] = (PhoneInline, ServiceInline)
    fieldsets = ((None, {"fields": (("name", "code"), ("document", "email"), ("address", "zone"), "status", "notes")}),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Customer]:
        """With what each one owes, added up by the database for the rows shown."""
        invoices: Any = Customer._meta.get_field("invoices").related_model
        unpaid = invoices.objects.filter(customer=OuterRef("pk"), status="unpaid").order_by().values("customer")
        with_plans = Prefetch("services", Service.objects.select_related("plan"))
        owed = Subquery(unpaid.annotate(total=Sum("balance")).values("total"))
        return super().get_queryset(request).annotate(owed=owed).prefetch_related(with_plans)

    @display(description="Estado", ordering="status")
    def status_badge(self, customer: Customer) -> SafeString:
        return label(str(customer.get_status_display()), TONES.get(customer.status, ""))

    @display(description="Plan")
    def plan_names(self, customer: Customer) -> str:
        return ", ".join(service.plan.name for service in customer.services.all()) or "—"

    @display(description="Debe", ordering="owed")
    def debt(self, customer: Customer) -> str:
        owed: Decimal | None = getattr(customer, "owed", None)
        if not owed:
            return "Al día"
        return format_ars(owed)


@admin.register(Service)
class ServiceAdmin(TableAdmin):
    """Every contract in one list, to look for one, and to bring them in together."""

    empty_state = "Todavía no hay servicios. Agregalos en la ficha de cada cliente, o importá tu planilla."
    empty_icon = "lan"
    search_fields = ("customer__name", "=customer__code", "address")
    search_help_text = "Nombre o número del cliente, o dirección de la conexión."
    list_display = ("customer", "plan", "price_shown", "address", "status_badge", "since_day")
    list_filter = ("status", "plan", "customer__zone")
    list_select_related = ("customer", "plan")
    autocomplete_fields = ("customer", "plan")
    ordering = ("customer__name", "pk")
    fieldsets = ((None, {"fields": (("customer", "plan"), ("price", "since"), ("address", "status"))}),)
    resource_classes = [tables.ServiceResource]
    export_permission = PEOPLE

    @display(
        description="Estado",
        label={"Activo": "success", "Suspendido": "warning", "De baja": "danger"},
        ordering="status",
    )
    def status_badge(self, service: Service) -> str:
        return str(service.get_status_display())

    @display(description="Precio mensual", ordering="price")
    def price_shown(self, service: Service) -> str:
        return format_ars(service.price)

    @display(description="Desde", ordering="since")
    def since_day(self, service: Service) -> str:
        return f"{service.since:%d/%m/%Y}" if service.since else "—"
