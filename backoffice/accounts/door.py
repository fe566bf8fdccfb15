"""How a browser comes in and stays: what Django's session of a person of the staff carries.

`staff_session` is the row of `StaffSession`; `needs_second_factor` is there while the one that their role asks for is
not set up; `second_step` is who gave the right password and not their code yet.
"""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth import get_user_model, login, logout, update_session_auth_hash
from django.http import HttpRequest
from django.utils import timezone

from backoffice.accounts import services
from backoffice.accounts.devices import device_name
from backoffice.accounts.models import AccessPolicy, StaffSession, User
from backoffice.accounts.selectors import needs_second_factor
from backoffice.common.addresses import client_address

SESSION, NEEDS_FACTOR, SECOND_STEP = "staff_session", "needs_second_factor", "second_step"
BACKEND = "django.contrib.auth.backends.ModelBackend"
STEP_LASTS = timedelta(minutes=5)

WHY_CLOSED = {
    StaffSession.Ended.OTHER_DEVICE: "Cerramos tu sesión porque ingresaste en otro equipo. Se usa de a uno por vez.",
    StaffSession.Ended.CLOSED: "Un administrador cerró tu sesión. Ingresá de nuevo.",
    StaffSession.Ended.OWN: "Cerraste esta sesión desde otro equipo.",
    StaffSession.Ended.PASSWORD: "Tu contraseña cambió. Ingresá con la nueva.",
    StaffSession.Ended.DISABLED: "Tu usuario está deshabilitado. Hablá con un administrador.",
    StaffSession.Ended.SHIFT: "Terminó tu turno y cerramos tu sesión. Lo que guardaste está a salvo.",
}


def let_in(request: HttpRequest, user: User) -> None:
    """Sign somebody in, in a new session that ends after the hours without use that the policy says."""
    login(request, user, backend=BACKEND)
    key = str(request.session.session_key)
    device, address = device_name(request.headers.get("User-Agent", "")), client_address(request)
    session, others = services.open_session(user=user, key=key, device=device, address=address)
    request.session[SESSION] = session.pk
    stay(request)
    ask_for_factor(request, user)
    if others:
        messages.info(request, "Cerramos la sesión que tenías abierta en otro equipo.")


def stay(request: HttpRequest) -> None:
    """Count the hours without use from now."""
    request.session.set_expiry(AccessPolicy.load().idle_hours * 3600)


def ask_for_factor(request: HttpRequest, user: User) -> None:
    """Note in the session whether nothing else may be used until the second factor is set up."""
    if needs_second_factor(user):
        request.session[NEEDS_FACTOR] = True
    else:
        request.session.pop(NEEDS_FACTOR, None)


def keep_in(request: HttpRequest, user: User) -> None:
    """After a change of one's own password: this session goes on, under a new key."""
    update_session_auth_hash(request, user)
    session = own_session(request)
    if session is not None:
        services.touch_session(session=session, key=str(request.session.session_key))


def own_session(request: HttpRequest) -> StaffSession | None:
    """The row of the session in which the page was asked for."""
    return StaffSession.objects.filter(pk=request.session.get(SESSION) or 0).select_related("user").first()


def leaving(request: HttpRequest, how: str = StaffSession.Ended.LEFT) -> None:
    """Write down that this session ends; whoever calls it signs out."""
    session = own_session(request)
    if session is not None:
        services.leave(session=session, how=how)


def go_out(request: HttpRequest, how: str) -> None:
    leaving(request, how)
    logout(request)


# --- the second step ---


def ask_second_step(request: HttpRequest, user: User, next_page: str) -> None:
    """Remember for a few minutes who gave the right password, in a session that opens nothing."""
    request.session.flush()
    request.session[SECOND_STEP] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "at": timezone.now().timestamp(),
        "next": next_page,
    }


def at_second_step(request: HttpRequest) -> tuple[User, str] | None:
    """Who has only their code to give and where they go then; None when nobody, or it took too long."""
    step = request.session.get(SECOND_STEP)
    if not step or timezone.now().timestamp() - step["at"] > STEP_LASTS.total_seconds():
        return None
    user = get_user_model().objects.filter(pk=step["user"], is_active=True, is_staff=True).first()
    if user is None or user.get_session_auth_hash() != step["hash"]:
        return None
    return user, str(step["next"])
