"""Forms of people's accounts: sign in, give the code, change a password."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from unfold.forms import AdminPasswordChangeForm, AuthenticationForm
from unfold.widgets import UnfoldAdminPasswordToggleWidget, UnfoldAdminTextInputWidget

from backoffice.accounts import audit, selectors, services, throttle
from backoffice.accounts.models import User
from backoffice.common.addresses import client_address
from integrations.addresses import WrongValue
from integrations.mail.base import clean_mailbox

WAIT = "Demasiados intentos. Esperá %(minutes)s minutos y probá de nuevo."


class PanelLoginForm(AuthenticationForm):
    """Says the same for an unknown user and a wrong password, and slows down whoever keeps guessing.

    What is only for its owner (that it is not their shift) is told after the right password.
    """

    error_messages = {
        "invalid_login": "Credenciales inválidas. Revisá el usuario y la contraseña.",
        "inactive": "Credenciales inválidas. Revisá el usuario y la contraseña.",
        "wait": WAIT,
        "shift": "Ahora estás fuera de tu turno. Podés ingresar %(shifts)s.",
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
            self._tell_refusal(attempt)
            raise ValidationError(WAIT, code="wait", params={"minutes": throttle.WAIT_MINUTES})
        try:
            cleaned: dict[str, Any] = super().clean()
        except ValidationError as error:
            if error.code == "shift":
                throttle.succeeded(attempt)  # their password was right
            else:
                self._note("No pudo ingresar: credenciales inválidas", attempt.username)
            raise
        throttle.succeeded(attempt)
        return cleaned

    def confirm_login_allowed(self, user: Any) -> None:
        if not user.is_active or not user.is_staff:
            raise self.get_invalid_login_error()
        shifts = selectors.off_shift(user)
        if shifts:
            self._note("Quiso ingresar fuera de su turno", user.username)
            raise ValidationError(self.error_messages["shift"], code="shift", params={"shifts": shifts})

    def _tell_refusal(self, attempt: throttle.Attempt) -> None:
        if throttle.just_locked(attempt):
            self._note("Bloqueado por demasiados intentos de ingreso", attempt.username)

    def _note(self, text: str, username: str) -> None:
        """Names that nobody has are not written: people type their password there."""
        known = "\x00" not in username and User.objects.filter(username=username.strip()).exists()
        audit.note(
            audit.Kind.REFUSED,
            text,
            about=username.strip() if known else "un usuario que no existe",
            request=self.request,
        )


class CodeForm(forms.Form):
    """The code of the telephone, or a recovery one."""

    code = forms.CharField(
        label="Código",
        max_length=20,
        widget=UnfoldAdminTextInputWidget(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "autocapitalize": "characters"}
        ),
        error_messages={"required": "Escribí el código."},
    )

    def __init__(self, user: User, request: HttpRequest, data: Any = None) -> None:
        super().__init__(data)
        self.user, self.request = user, request

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        attempt = throttle.Attempt(self.user.username + throttle.CODE, client_address(self.request))
        if not throttle.admit(attempt):
            raise ValidationError(WAIT, code="wait", params={"minutes": throttle.WAIT_MINUTES})
        if not services.use_code(user=self.user, code=code):
            audit.note(
                audit.Kind.REFUSED,
                "Dio un código de verificación equivocado",
                about=self.user.username,
                request=self.request,
            )
            raise ValidationError(services.WRONG_CODE)
        throttle.succeeded(attempt)
        return code


class StrengthWidget(UnfoldAdminPasswordToggleWidget):
    """A new password: its rules are ticked while it is typed (`static/panel/password.js`).

    `like` are what it must not resemble: the person's names.
    """

    class Media:
        js = ("panel/password.js",)

    def __init__(self, *, like: str = "", autofocus: bool = False) -> None:
        attrs = {"autocomplete": "new-password", "data-strength": like}
        super().__init__(attrs=attrs | ({"autofocus": True} if autofocus else {}))


class OwnPasswordForm(SetPasswordForm):
    """A password of one's own: twice, and not the one that was there."""

    new_password1 = forms.CharField(label="Contraseña nueva", strip=False, widget=StrengthWidget(autofocus=True))
    new_password2 = forms.CharField(
        label="Repetila",
        strip=False,
        widget=UnfoldAdminPasswordToggleWidget(attrs={"autocomplete": "new-password"}),
    )
    same = "Elegí una contraseña distinta de la que te dieron."

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.fields["new_password1"].widget = StrengthWidget(like=names_of(user), autofocus=not self.has_old)

    has_old = False

    def clean_new_password1(self) -> str:
        password = str(self.cleaned_data.get("new_password1", ""))
        if self.user.check_password(password):
            raise ValidationError(self.same)
        password_validation.validate_password(password, self.user)
        return password


class ChangePasswordForm(OwnPasswordForm):
    """The same, for whoever knows the one they have."""

    old_password = forms.CharField(
        label="Contraseña actual",
        strip=False,
        widget=UnfoldAdminPasswordToggleWidget(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    field_order = ("old_password", "new_password1", "new_password2")
    same = "Elegí una contraseña distinta de la que tenés."
    has_old = True

    def clean_old_password(self) -> str:
        password = str(self.cleaned_data["old_password"])
        request = audit.current_request()
        attempt = throttle.Attempt(self.user.username + throttle.OWN, client_address(request) if request else "")
        if not throttle.admit(attempt):
            raise ValidationError(WAIT, code="wait", params={"minutes": throttle.WAIT_MINUTES})
        if not self.user.check_password(password):
            raise ValidationError("Esa no es tu contraseña actual.")
        throttle.succeeded(attempt)
        return password


class LinkPasswordForm(OwnPasswordForm):
    """The same, for whoever came with a link."""

    same = "Elegí una contraseña distinta de la que tenías."


class ForgottenForm(forms.Form):
    """The address to which a link goes, if somebody of the staff has it. The answer is the same when nobody does."""

    email = forms.CharField(
        label="Tu correo",
        max_length=254,
        widget=UnfoldAdminTextInputWidget(
            attrs={"type": "email", "autocomplete": "email", "inputmode": "email", "autofocus": True}
        ),
        error_messages={"required": "Escribí tu correo."},
    )

    def __init__(self, request: HttpRequest, data: Any = None) -> None:
        super().__init__(data)
        self.request = request

    def clean_email(self) -> str:
        try:
            email = clean_mailbox(str(self.cleaned_data["email"]))
        except WrongValue as error:
            raise ValidationError(str(error)) from None
        if not throttle.admit(throttle.Attempt(email + throttle.LINK, client_address(self.request))):
            raise ValidationError(WAIT, code="wait", params={"minutes": throttle.WAIT_MINUTES})
        return email


class GivePasswordForm(AdminPasswordChangeForm):
    """A first password for somebody else; they choose their own when they enter."""

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.fields.pop("usable_password", None)  # without a password nobody could enter
        self.fields["password1"].widget = StrengthWidget(like=names_of(user), autofocus=True)
        self.fields["password1"].help_text = ""  # the widget tells the rules

    def save(self, commit: bool = True) -> User:
        services.give_password(user=self.user, password=self.cleaned_data["password1"], by=audit.acting())
        return self.user


def names_of(user: User) -> str:
    """What a password must not resemble, for the page: «elena,soto,elena@fibrasur.com»."""
    return ",".join(filter(None, [user.username, user.first_name, user.last_name, user.email.partition("@")[0]]))
