"""People of the staff: who they are and which role they have (ISPBOT-USR-01…04)."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from backoffice.accounts.models import User
from backoffice.common.admin import BackofficeAdmin

admin.site.unregister(Group)

ROLE_HELP = (
    "Administrador: acceso completo. Supervisor: ve todo y usa las herramientas del bot, sin configurar. "
    "Operador: tablero básico e historial de tickets. Agente: atiende conversaciones; se puede sumar a otro rol."
)


def _role_field() -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        queryset=Group.objects.order_by("pk"),
        label="Rol",
        help_text=ROLE_HELP,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        error_messages={"required": "Elegí al menos un rol."},
    )


class NewUserForm(UserCreationForm):
    groups = _role_field()

    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("username", "first_name", "last_name", "email", "groups")


class EditUserForm(UserChangeForm):
    groups = _role_field()

    class Meta(UserChangeForm.Meta):
        model = User


@admin.register(User)
class UserAdmin(BackofficeAdmin, StockUserAdmin):  # type: ignore[misc]
    form = EditUserForm
    add_form = NewUserForm
    change_password_form = AdminPasswordChangeForm
    empty_state = "Todavía no hay usuarios. Agregá a quienes van a usar el panel y dales un rol."
    empty_icon = "manage_accounts"
    list_display = ("username", "full_name", "roles", "email", "active_badge", "last_login")
    list_filter = ("groups", "is_active")
    search_fields = ("username", "first_name", "last_name", "email", "phone")
    ordering = ("username",)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": (("username", "password"), ("first_name", "last_name"), ("email", "phone"), "groups")}),
        ("Acceso", {"fields": (("is_active", "must_change_password"),)}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "description": "La persona elige su propia contraseña la primera vez que entra.",
                "fields": (
                    "username",
                    ("first_name", "last_name"),
                    "email",
                    "groups",
                    ("password1", "password2"),
                ),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        return self.add_fieldsets if obj is None else self.fieldsets

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        obj.is_staff = True  # whoever has a user may enter the panel; the role says what they see
        if not change:
            obj.must_change_password = True
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """People are made inactive, so that what they did keeps their name; nobody deletes themselves."""
        return bool(obj and obj.last_login is None and obj != request.user) and super().has_delete_permission(
            request, obj
        )

    @display(description="Nombre", ordering="first_name")
    def full_name(self, user: User) -> str:
        return user.get_full_name() or "—"

    @display(description="Rol", label={"Administrador": "danger", "Supervisor": "warning", "Operador": "success"})
    def roles(self, user: User) -> str:
        names = [group.name for group in user.groups.all()]
        return ", ".join(names) or ("Administrador" if user.is_superuser else "Sin rol")

    @display(description="Estado", label={"Activo": "success", "Inactivo": "danger"}, ordering="is_active")
    def active_badge(self, user: User) -> str:
        return "Activo" if user.is_active else "Inactivo"
