"""Datos Empresa and holidays. Opening hours have a page of their own (`panel/pages/hours.py`)."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from unfold.decorators import display

from backoffice.common.admin import BackofficeAdmin, SingletonAdmin
from backoffice.company.models import Company, Holiday

LOGO_LIMIT = 5 * 1024 * 1024
LOGO_FORMATS = {"PNG", "JPEG"}


class CompanyForm(forms.ModelForm):
    class Meta:
        model = Company
        fields = "__all__"  # noqa: DJ007 (one row that only administrators edit)

    def clean_logo(self) -> Any:
        """PNG or JPG by its content, not by its name; at most 5 MB (ISPBOT-CO-05)."""
        logo = self.cleaned_data.get("logo")
        if isinstance(logo, UploadedFile):
            if (logo.size or 0) > LOGO_LIMIT:
                raise ValidationError("El logo pesa demasiado: máximo 5MB.")
            if getattr(logo, "image", None) is None or logo.image.format not in LOGO_FORMATS:
                raise ValidationError("El logo tiene que ser una imagen PNG o JPG.")
        return logo

    def clean_bank_cbu(self) -> str:
        cbu = "".join(self.cleaned_data["bank_cbu"].split())
        if cbu and not (cbu.isdecimal() and len(cbu) == 22):
            raise ValidationError("El CBU o CVU tiene 22 números.")
        return cbu


@admin.register(Company)
class CompanyAdmin(SingletonAdmin):
    form = CompanyForm
    fieldsets = (
        (None, {"fields": (("name", "phone"), ("address", "logo"), ("timezone", "default_area_code"))}),
        ("Fuera de horario y feriados", {"fields": ("always_open", "closed_message", "holiday_message")}),
        (
            "Transferencias",
            {
                "fields": (("bank_alias", "bank_cbu"), "bank_holder"),
                "description": "El bot los muestra cuando un cliente quiere pagar.",
            },
        ),
    )


class HolidayForm(forms.ModelForm):
    class Meta:
        model = Holiday
        fields = ("date", "name", "message")
        error_messages = {
            "date": {
                "invalid": "Esa fecha no existe. Escribila como 2026-12-25 o 25/12/2026.",
                "unique": "Ese día ya está cargado.",
            }
        }


@admin.register(Holiday)
class HolidayAdmin(BackofficeAdmin):
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

    @display(description="Mensaje propio", boolean=True)
    def own_message(self, holiday: Holiday) -> bool:
        return bool(holiday.message)
