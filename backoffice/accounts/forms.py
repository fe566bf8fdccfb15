"""Forms of people's accounts: sign in, change a password, give a role."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from unfold.forms import AuthenticationForm
from unfold.widgets import UnfoldAdminPasswordToggleWidget

from backoffice.accounts import throttle
from backoffice.common.addresses import client_address


class PanelLoginForm(AuthenticationForm):
    """Says the same for an unknown user and a wrong password, and slows down whoever keeps guessing."""

    error_messages = {
        "invalid_login": "Credenciales inválidas. Revisá el usuario y la contraseña.",
        "inactive": "Credenciales inválidas. Revisá el usuario y la contraseña.",
        "wait": "Demasiados intentos. Esperá %(minutes)s minutos y probá de nuevo.",
    }

    def __init__(self, request: HttpRequest | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.fields["username"].label = "Usuario"
        self.fields["password"].label = "Contraseña"

    def clean(self) -> dict[str, Any]:
        attempt = throttle.Attempt(
            str(self.data.get("username", "")), client_address(self.request) if self.request else ""
        )
        if not throttle.admit(attempt):
            raise ValidationError(self.error_messages["wait"], code="wait", params={"minutes": throttle.WAIT_MINUTES})
        cleaned: dict[str, Any] = super().clean()
        throttle.succeeded(attempt)
        return cleaned

    def confirm_login_allowed(self, user: Any) -> None:
        if not user.is_active or not user.is_staff:
            raise self.get_invalid_login_error()


class ForcedPasswordForm(SetPasswordForm):
    """The first password of one's own: twice, and not the one that was given."""

    new_password1 = forms.CharField(
        label="Contraseña nueva",
        strip=False,
        widget=UnfoldAdminPasswordToggleWidget(attrs={"autocomplete": "new-password", "autofocus": True}),
        help_text="Al menos 8 caracteres; que no sea solo números ni se parezca a tu usuario.",
    )
    new_password2 = forms.CharField(
        label="Repetila",
        strip=False,
        widget=UnfoldAdminPasswordToggleWidget(attrs={"autocomplete": "new-password"}),
    )

    def clean_new_password1(self) -> str:
        password = str(self.cleaned_data.get("new_password1", ""))
        if self.user.check_password(password):
            raise ValidationError("Elegí una contraseña distinta de la que te dieron.")
        password_validation.validate_password(password, self.user)
        return password
