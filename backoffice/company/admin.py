"""Datos Empresa and holidays. Opening hours have a page of their own (`panel/pages/hours.py`)."""

from datetime import date
from typing import Any, BinaryIO, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSingleDateWidget

from backoffice.common.admin import SingletonAdmin
from backoffice.common.dates import parse_date
from backoffice.common.errors import DomainError
from backoffice.common.tables.admin import TableAdmin
from backoffice.company import services, tables
from backoffice.company.models import Company, Holiday, PointOfSale


class CompanyForm(forms.ModelForm):
    class Meta:
        model = Company
        fields = "__all__"  # noqa: DJ007 (one row that only administrators edit)

    def clean_logo(self) -> Any:
        """PNG or JPG by its content, not by its name; at most 5 MB (ISPBOT-CO-05)."""
        logo = self.cleaned_data.get("logo")
        if isinstance(logo, UploadedFile):
            try:
                services.check_logo(cast(BinaryIO, logo), size=logo.size or 0)
            except DomainError as error:
                raise ValidationError(error.message) from None
        return logo


@admin.register(Company)
class CompanyAdmin(SingletonAdmin):
    form = CompanyForm
    change_form_after_template = "panel/company_preview.html"
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name", "phone"),
                    ("email", "website"),
                    ("address", "logo"),
                    ("timezone", "default_area_code"),
                )
            },
        ),
        ("Fuera de horario y feriados", {"fields": ("always_open", "closed_message", "holiday_message")}),
        (
            "Transferencias",
            {
                "fields": (("bank_alias", "bank_cbu"), "bank_holder"),
                "description": "El bot los muestra cuando un cliente quiere pagar.",
            },
        ),
        (
            "Plan de mensajes",
            {
                "fields": ("message_quota",),
                "description": "Si tu proveedor de WhatsApp te vende una cantidad de mensajes por mes.",
            },
        ),
        (
            "Datos fiscales",
            {
                "fields": (
                    ("legal_name", "cuit"),
                    ("tax_condition", "gross_income"),
                    ("fiscal_address", "activity_started_on"),
                ),
                "description": "Van en los comprobantes. Los puntos de venta tienen su propia lista.",
            },
        ),
    )


@admin.register(PointOfSale)
class PointOfSaleAdmin(TableAdmin):
    empty_state = "Todavía no hay puntos de venta. Cargá los que diste de alta en ARCA (ex AFIP)."
    empty_icon = "point_of_sale"
    story = "puntos-de-venta"
    list_before_template = "panel/list_history.html"
    list_display = ("number", "name", "state")
    list_filter = ("active",)
    search_fields = ("number", "name")
    resource_classes = [tables.PointOfSaleResource]

    @display(description="Estado", label={"Activo": "success", "Inactivo": "danger"}, ordering="active")
    def state(self, point: PointOfSale) -> str:
        return "Activo" if point.active else "Inactivo"


class HolidayDateField(forms.CharField):
    """A date as people type it, with the reason when it cannot be one."""

    widget = UnfoldAdminSingleDateWidget

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value

    def clean(self, value: Any) -> Any:
        try:
            return parse_date(super().clean(value))
        except DomainError as error:
            raise ValidationError(error.message) from None


class HolidayForm(forms.ModelForm):
    date = HolidayDateField(
        label="Fecha",
        help_text="AAAA-MM-DD, por ejemplo 2026-12-25.",
        error_messages={"unique": "Ese día ya está cargado."},
    )

    class Meta:
        model = Holiday
        fields = ("date", "name", "message")


@admin.register(Holiday)
class HolidayAdmin(TableAdmin):
    form = HolidayForm
    empty_state = (
        "Todavía no hay feriados. Agregá los días en que no atienden: "
        "ese día el bot no deriva a nadie y avisa que es feriado."
    )
    empty_icon = "event_busy"
    list_display = ("date", "name", "own_message")
    search_fields = ("name",)
    ordering = ("-date",)
    date_hierarchy = "date"
    resource_classes = [tables.HolidayResource]
    list_before_template = "panel/holidays_top.html"

    @display(description="Mensaje propio", boolean=True)
    def own_message(self, holiday: Holiday) -> bool:
        return bool(holiday.message)
