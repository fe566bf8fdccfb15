"""«Seguridad y acceso»: how people enter and stay (AMB-30)."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from backoffice.accounts import audit
from backoffice.accounts.models import AccessPolicy
from backoffice.common.admin import SingletonAdmin


@admin.register(AccessPolicy)
class AccessPolicyAdmin(SingletonAdmin):
    fieldsets = (
        ("Sesiones", {"fields": ("idle_hours", "one_device")}),
        (
            "Verificación en dos pasos",
            {
                "fields": ("second_factor_roles",),
                "description": "Además de la contraseña se pide un código del teléfono. Cada persona puede activarla "
                "en «Mi cuenta»; acá elegís a quiénes se la pedís siempre.",
            },
        ),
    )

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs |= {"queryset": Group.objects.order_by("pk"), "widget": UnfoldAdminCheckboxSelectMultipleWidget}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if form.changed_data:
            names = [str(form.fields[name].label).lower() for name in form.changed_data]
            audit.note(audit.Kind.SETTINGS, f"Cambió la seguridad: {', '.join(names)}", request=request)
