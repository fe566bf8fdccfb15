"""«Mi cuenta»: what everybody changes about themselves."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from backoffice.accounts import door, selectors, services, shifts, totp
from backoffice.accounts.forms import ChangePasswordForm
from backoffice.accounts.models import RecoveryCode, SecondFactor, User
from backoffice.common.errors import DomainError
from backoffice.common.qr import qr_svg
from backoffice.mail.selectors import mail_is_connected
from backoffice.operations.telling import SEEING
from backoffice.panel.pages.base import ALL_STAFF, page, person, show

FEW_CODES = 3


class DetailsForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("first_name", "last_name", "email", "phone", "gets_alerts")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name != "gets_alerts":
                field.widget.attrs["class"] = "mo-input"
        if not (mail_is_connected() and self.instance.has_perm(SEEING)):
            del self.fields["gets_alerts"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("gets_alerts") and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", "Hace falta tu correo para mandarte las alertas.")
        return cleaned


@page(ALL_STAFF)
def account(request: HttpRequest) -> HttpResponse:
    """Details, password, second factor, sessions and theme of whoever looks."""
    user = person(request)
    form = DetailsForm(request.POST or None, instance=User.objects.get(pk=user.pk))
    if request.method == "POST" and form.is_valid():
        services.change_own_details(user=User.objects.get(pk=user.pk), **form.cleaned_data)
        messages.success(request, "Datos guardados.")
        return redirect("admin:panel_account")
    factor = SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).first()
    return show(
        request,
        "panel/account.html",
        "Mi cuenta",
        form=form,
        roles=list(user.groups.order_by("pk")),
        shifts=shifts.told(user.shifts.all()),
        factor=factor,
        codes_left=RecoveryCode.objects.filter(factor=factor, used_at=None).count() if factor else 0,
        few_codes=FEW_CODES,
        sessions=list(selectors.open_sessions(user)),
        mine=request.session.get(door.SESSION),
    )


@page(ALL_STAFF)
@sensitive_post_parameters()
def change_password(request: HttpRequest) -> HttpResponse:
    """One's own, which the panel's site calls `password_change`."""
    user = person(request)
    form = ChangePasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = form.cleaned_data["new_password1"]
        services.change_own_password(user=user, password=password, session=request.session.get(door.SESSION))
        door.keep_in(request, user)
        messages.success(request, "Contraseña cambiada. En los otros equipos hay que ingresar de nuevo.")
        return redirect("admin:panel_account")
    return show(request, "panel/change_password.html", "Cambiar mi contraseña", form=form)


@page(ALL_STAFF)
def second_factor(request: HttpRequest) -> HttpResponse:
    """The QR, and the code that says that it was read; then the recovery codes, once."""
    user, error = person(request), ""
    if selectors.has_second_factor(user):
        return redirect("admin:panel_account")
    if request.method == "POST":
        try:
            codes = services.confirm_second_factor(user=user, code=request.POST.get("code", ""))
        except DomainError as refusal:
            error = refusal.message
        else:
            return _show_codes(request, codes)
    factor = services.begin_second_factor(user=user)
    picture = qr_svg(totp.uri(factor.secret, user.username))
    title = "Activar la verificación en dos pasos"
    return show(request, "panel/second_factor.html", title, factor=factor, picture=picture, error=error)


@page(ALL_STAFF)
@require_POST
def renew_codes(request: HttpRequest) -> HttpResponse:
    _ask_password(request)
    return _show_codes(request, services.renew_recovery_codes(user=person(request)))


@page(ALL_STAFF)
@require_POST
def remove_factor(request: HttpRequest) -> HttpResponse:
    """Take away one's own, with the password: a computer left open must not be enough."""
    _ask_password(request)
    user = person(request)
    services.remove_second_factor(user=user, by=user)
    door.ask_for_factor(request, user)
    messages.success(request, "Quitaste la verificación en dos pasos.")
    return redirect("admin:panel_account")


@page(ALL_STAFF)
@require_POST
def close_own(request: HttpRequest) -> HttpResponse:
    """One of one's own sessions, or all but this one."""
    user = person(request)
    chosen = request.POST.get("sesion", "")
    sessions = selectors.open_sessions(user).exclude(pk=request.session.get(door.SESSION) or 0)
    if chosen:
        sessions = sessions.filter(pk=int(chosen[:18]) if chosen.isascii() and chosen.isdecimal() else 0)
    count = services.close_sessions(sessions=sessions, by=user)
    told = {0: "No había otra sesión abierta.", 1: "Sesión cerrada."}.get(count, f"Se cerraron {count} sesiones.")
    messages.success(request, told)
    return redirect("admin:panel_account")


def _ask_password(request: HttpRequest) -> None:
    """Raises DomainError unless what was typed is the person's password; guesses wait like those of the door."""
    form = ChangePasswordForm(person(request), {"old_password": request.POST.get("password", "")})
    form.is_valid()
    if "old_password" in form.errors:
        raise DomainError(str(form.errors["old_password"][0]))


def _show_codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return show(request, "panel/recovery_codes.html", "Guardá estos códigos", codes=codes)
