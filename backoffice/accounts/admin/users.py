"""People of the staff: who they are, which roles they have and when they may enter (ISPBOT-USR-01…04, OPEN-USR)."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.models import Group, Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from unfold.decorators import display
from unfold.forms import UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldBooleanSwitchWidget

from backoffice.accounts import audit, capabilities, invitations, selectors, services, shifts, throttle, totp
from backoffice.accounts.forms import GivePasswordForm, StrengthWidget
from backoffice.accounts.models import User, WorkShift
from backoffice.accounts.tables import UserResource
from backoffice.common.admin import BackofficeAdmin, BackofficeInline
from backoffice.common.choices import ManyField
from backoffice.common.tables.screens import Exportable

admin.site.unregister(Group)

STATES = {"Habilitado": "success", "Deshabilitado": "danger", "Bloqueado": "warning"}


class RoleField(ManyField):
    """Roles, each with what it is for."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=Group.objects.order_by("pk"),
            label="Roles",
            help_text="Se pueden sumar: quien tiene dos puede lo de los dos.",
            widget=UnfoldAdminCheckboxSelectMultipleWidget,
            error_messages={"required": "Elegí al menos un rol."},
        )

    def label_from_instance(self, obj: Any) -> str:
        about = selectors.role_abouts().get(obj.name)
        return f"{obj.name}: {about[0].lower()}{about[1:]}" if about else obj.name


class Boxes(forms.CheckboxSelectMultiple):
    """Boxes to tick, drawn by a template of ours."""

    page = ""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        return render_to_string(self.page, self.get_context(name, value, attrs))


class PermissionBoxes(Boxes):
    """Permissions by screen, each screen folded until somebody looks for it."""

    page = "panel/permission_boxes.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        groups = context["widget"]["optgroups"]
        context["screens"] = [(title, boxes, sum(box["selected"] for box in boxes)) for title, boxes, _ in groups]
        return context


class DayBoxes(Boxes):
    """The days of a week in a row."""

    page = "panel/day_boxes.html"


class PermissionField(ManyField):
    """Extra permissions, in words and grouped by screen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=Permission.objects.none(),  # `begin` gives it: here the panel's screens are still being registered
            label="Permisos extra",
            required=False,
            help_text="Además de lo que dan sus roles. Abrí una pantalla para elegir.",
            widget=PermissionBoxes,
        )

    def begin(self) -> None:
        self.queryset = capabilities.shown_permissions()
        self.choices = [
            (one.title, [(can.pk, can.label) for can in one.capabilities]) for one in capabilities.screens()
        ]


class NewUserForm(UserCreationForm):
    """With a mail that says how to enter, they choose their password by its link and need no other."""

    groups = RoleField()
    send_access = forms.BooleanField(
        label="Mandarle por correo cómo ingresar",
        required=False,
        help_text="Le llega un enlace para elegir su contraseña. Así no hace falta que le pongas una.",
        widget=UnfoldBooleanSwitchWidget,
    )

    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("username", "first_name", "last_name", "email", "phone", "groups")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].widget = StrengthWidget()
        self.fields["password1"].help_text = ""  # the widget tells the rules
        if not invitations.can_reach():
            del self.fields["send_access"]

    def validate_passwords(self, *args: Any, **kwargs: Any) -> None:
        """Whoever gets a link has a password that nobody knows until they choose theirs."""
        chosen = self.cleaned_data
        if chosen.get("send_access") and not (chosen.get("password1") or chosen.get("password2")):
            chosen["password1"] = chosen["password2"] = totp.one_time_password()
        super().validate_passwords(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("send_access") and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", "Hace falta su correo para mandarle cómo ingresar.")
        return cleaned


class EditUserForm(UserChangeForm):
    groups = RoleField()
    user_permissions = PermissionField()

    class Meta(UserChangeForm.Meta):
        model = User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "is_active" in self.fields:
            self.fields["is_active"].label = "Habilitado"
            self.fields["is_active"].help_text = "Si lo desmarcás, sale del panel en el acto y no puede ingresar."
        extra = self.fields.get("user_permissions")
        if isinstance(extra, PermissionField):
            extra.begin()


class ShiftForm(forms.ModelForm):
    days = forms.MultipleChoiceField(
        choices=[(str(number), name[:2].capitalize()) for number, name in enumerate(shifts.DAYS)],
        label="Días",
        widget=DayBoxes,
        error_messages={"required": "Elegí al menos un día."},
    )

    class Meta:
        model = WorkShift
        fields = ("days", "starts", "ends")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.days:
            self.initial["days"] = list(self.instance.days)

    def clean_days(self) -> str:
        return "".join(sorted(self.cleaned_data["days"]))


class ShiftInline(BackofficeInline):
    model = WorkShift
    form = ShiftForm
    verbose_name_plural = "Turnos: cuándo puede ingresar"

    def _may(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("accounts.change_user"))

    has_view_permission = has_add_permission = has_change_permission = has_delete_permission = _may


@admin.register(User)
class UserAdmin(Exportable, BackofficeAdmin, StockUserAdmin):  # type: ignore[misc]
    form = EditUserForm
    add_form = NewUserForm
    change_password_form = GivePasswordForm
    empty_state = "Todavía no hay usuarios. Agregá a quienes van a usar el panel y dales un rol."
    empty_icon = "manage_accounts"
    list_display = ("full_name", "username", "roles", "state", "email", "phone", "last_login")
    list_display_links = ("full_name", "username")
    list_filter = ("groups", "is_active")
    search_fields = ("username", "first_name", "last_name", "email", "phone")
    search_help_text = "Nombre, usuario, email o celular."
    ordering = ("username",)
    filter_horizontal = ()
    inlines = (ShiftInline,)
    list_before_template = "panel/users_before.html"
    resource_classes = [UserResource]
    change_form_outer_before_template = "panel/user_card.html"
    fieldsets = (
        (None, {"fields": (("username", "password"), ("first_name", "last_name"), ("email", "phone"), "groups")}),
        ("Acceso", {"fields": (("is_active", "must_change_password"), "gets_alerts")}),
        ("Permisos extra", {"fields": ("user_permissions",)}),
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
                    ("email", "phone"),
                    "groups",
                    ("password1", "password2"),
                ),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is not None:
            return self.fieldsets
        if not invitations.can_reach():
            return self.add_fieldsets
        [(title, options)] = self.add_fieldsets
        fields = options["fields"]
        return [(title, options | {"fields": (*fields[:-1], "send_access", fields[-1])})]

    def get_inlines(self, request: HttpRequest, obj: User | None) -> Any:
        return self.inlines if obj else ()

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        chosen = form.cleaned_data
        services.save_user(
            user=obj, roles=chosen["groups"], extra=chosen.get("user_permissions", ()), by=_at_screen(request)
        )
        if chosen.get("send_access"):
            invitations.invite(user=obj, by=_at_screen(request))
            messages.info(request, f"Le mandamos a {obj.email} cómo ingresar.")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Their roles and permissions are kept already: only the shifts are left."""
        for formset in formsets:
            self.save_formset(request, form, formset, change=change)
            if formset.has_changed():
                user = form.instance
                audit.note(audit.Kind.USER, f"Cambió los turnos de {user}", about=user.username, request=request)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """The service audits it, so only Django's own line is written here."""
        return StockUserAdmin.log_deletions(self, request, queryset)

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        services.delete_user(user=obj, by=_at_screen(request))

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        """One's own is changed in «Mi cuenta», which asks for the one that there is."""
        if id == str(request.user.pk):
            return redirect("admin:password_change")
        return super().user_change_password(request, id, form_url)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Of whoever may more than oneself, nothing can be changed: not their password either."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or selectors.may_manage(_at_screen(request), obj))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """People are disabled, so that what they did keeps their name; nobody deletes themselves."""
        return bool(obj and obj.last_login is None and obj != request.user) and super().has_delete_permission(
            request, obj
        )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        answer = super().changelist_view(request, extra_context)
        if isinstance(answer, TemplateResponse) and answer.context_data and "cl" in answer.context_data:
            rows = list(answer.context_data["cl"].result_list)
            waiting = throttle.waiting(user.username for user in rows)
            for user in rows:
                user.waits = user.username in waiting
        return answer

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> Any:
        user = self.get_object(request, object_id)
        shown = _standing(user) if isinstance(user, User) else {}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **shown})

    @display(description="Nombre", ordering="first_name")
    def full_name(self, user: User) -> str:
        return user.get_full_name() or user.username

    @display(description="Rol", label={"Administrador": "danger", "Supervisor": "warning", "Operador": "success"})
    def roles(self, user: User) -> str:
        names = [group.name for group in user.groups.all()]
        return ", ".join(names) or ("Administrador" if user.is_superuser else "Sin rol")

    @display(description="Estado", label=STATES, ordering="is_active")
    def state(self, user: User) -> str:
        if not user.is_active:
            return "Deshabilitado"
        return "Bloqueado" if getattr(user, "waits", False) else "Habilitado"


def _standing(user: User) -> dict[str, Any]:
    """What the card over the form says."""
    return {
        "may_be_invited": invitations.can_reach(user),
        "waits": bool(throttle.waiting([user.username])),
        "second_factor": selectors.has_second_factor(user),
        "open_sessions": selectors.open_sessions(user).count(),
        "shifts_told": shifts.told(user.shifts.all()),
    }


def _at_screen(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 # screens are only for people with an account
    return request.user
