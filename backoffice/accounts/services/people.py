"""Who may enter and what they may do. Nobody gives what they do not have, nor is left without an administrator."""

from collections.abc import Collection, Iterable

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from backoffice.accounts import audit, links, throttle
from backoffice.accounts.capabilities import label_of
from backoffice.accounts.models import StaffSession, User
from backoffice.accounts.selectors import ADMINISTRATOR, administrators, codes_of, granted, may_manage
from backoffice.accounts.services.sessions import end_sessions
from backoffice.common.bulk import signed
from backoffice.common.errors import DomainError

MANAGE = "accounts.change_user"
DEAD_LINK = "Ese enlace ya no sirve: se usó, venció, o tu contraseña cambió después. Pedí uno nuevo."


@transaction.atomic
def save_user(*, user: User, roles: Collection[Group], extra: Collection[Permission], by: User | None) -> User:
    """Keep a person, new or known, with exactly these roles and extra permissions (OPEN-USR-01, AMB-45).

    Whoever has a user may enter the panel: the roles say what they see. A new one chooses their password the first
    time. Without `by` it is the system, which may everything.

    Raises:
        DomainError: `by` would give or touch more than they have, lock themselves out, or leave no administrator.
    """
    _one_at_a_time()
    manages = by is not None and by.has_perm(MANAGE)  # before it changes, should they be the same
    before = User.objects.filter(pk=user.pk).first() if user.pk else None
    if by is not None and before is not None:
        check_may_manage(by=by, user=before)
    had = _access(before) if before else (set(), set())
    user.is_staff = True
    if before is None:
        user.must_change_password = True
    signed(user, by).save()
    user.groups.set(roles)
    user.user_permissions.set(extra)
    if by is not None:
        _check_gives(by, user, had)
        _check_stays_in(by, user, manages=manages)
    _check_an_administrator_is_left()
    if before and before.is_active and not user.is_active:
        end_sessions(sessions=user.sessions.filter(ended_at=None), how=StaffSession.Ended.DISABLED)
    _tell(user, before, had, by)
    return user


@transaction.atomic
def delete_user(*, user: User, by: User) -> None:
    """Take away somebody who never entered (OPEN-USR-01); who did is disabled, so that what they did keeps its name.

    Raises:
        DomainError: they entered once, they are oneself, or may more than `by`.
    """
    _one_at_a_time()
    if user.pk == by.pk:
        raise DomainError("No podés borrar tu propio usuario.")
    if user.last_login is not None:
        raise DomainError(f"{user} ya usó el panel. Deshabilitalo: lo que hizo tiene que conservar su nombre.")
    check_may_manage(by=by, user=user)
    audit.note(audit.Kind.USER, f"Borró a {user}", by=by, about=user.username)
    user.delete()
    _check_an_administrator_is_left()


@transaction.atomic
def give_password(*, user: User, password: str, by: User | None) -> None:
    """Set somebody's password for them: they choose another when they enter, and are out everywhere meanwhile.

    Raises:
        DomainError: they may more than `by`.
    """
    if by is not None:
        check_may_manage(by=by, user=user)
    user.set_password(password)
    user.must_change_password = by is None or user.pk != by.pk
    signed(user, by, "Contraseña nueva").save(update_fields=["password", "must_change_password"])
    end_sessions(sessions=user.sessions.filter(ended_at=None), how=StaffSession.Ended.PASSWORD)
    throttle.forget(user.username)
    audit.note(audit.Kind.PASSWORD, f"Le puso una contraseña nueva a {user}", by=by, about=user)


@transaction.atomic
def change_own_password(*, user: User, password: str, session: int | None = None) -> None:
    """Set a person's own password and lift the obligation to change it; only their `session` stays open."""
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    others = user.sessions.filter(ended_at=None).exclude(pk=session or 0)
    end_sessions(sessions=others, how=StaffSession.Ended.PASSWORD)
    audit.note(audit.Kind.PASSWORD, "Cambió su contraseña", by=user, about=user)


@transaction.atomic
def choose_password(*, pk: int, token: str, password: str) -> User:
    """Set a password by the link that somebody got by mail: it serves once, and they are out everywhere.

    They enter by the door afterwards, with their second factor and in their shift.

    Raises:
        DomainError: the link serves no more.
    """
    user = User.objects.select_for_update().filter(pk=pk).first()
    if user is None or not links.opens(user, token):
        raise DomainError(DEAD_LINK)
    user.set_password(password)
    user.must_change_password = False
    signed(user, user, "Contraseña elegida con un enlace").save(update_fields=["password", "must_change_password"])
    end_sessions(sessions=user.sessions.filter(ended_at=None), how=StaffSession.Ended.PASSWORD)
    throttle.forget(user.username)
    text = "Eligió su contraseña con el enlace que recibió por correo"
    audit.note(audit.Kind.PASSWORD, text, by=user, about=user)
    return user


@transaction.atomic
def change_own_details(
    *, user: User, first_name: str, last_name: str, email: str, phone: str, gets_alerts: bool | None = None
) -> User:
    """What everybody may write about themselves in «Mi cuenta». `gets_alerts` stays as it is where it is None."""
    user.first_name, user.last_name, user.email, user.phone = first_name, last_name, email, phone
    if gets_alerts is not None:
        user.gets_alerts = gets_alerts
    signed(user, user).save(update_fields=["first_name", "last_name", "email", "phone", "gets_alerts"])
    return user


@transaction.atomic
def unlock(*, user: User, by: User) -> None:
    """Let somebody try their password again without waiting."""
    throttle.forget(user.username)
    audit.note(audit.Kind.REFUSED, f"Desbloqueó el ingreso de {user}", by=by, about=user)


def check_may_manage(*, by: User, user: User) -> None:
    """Raises DomainError when `user` may more than `by`, who then touches nothing of theirs."""
    if not may_manage(by, user):
        raise DomainError(f"{user} tiene permisos que vos no tenés: solo otro administrador puede cambiar su acceso.")


def _one_at_a_time() -> None:
    """Two administrators who disable each other at once are two in a row: the second finds out."""
    Group.objects.select_for_update().filter(name=ADMINISTRATOR).first()


def _access(user: User) -> tuple[set[Group], set[Permission]]:
    return set(user.groups.all()), set(user.user_permissions.all())


def _check_gives(by: User, user: User, had: tuple[set[Group], set[Permission]]) -> None:
    """Nobody gives what they do not have; what somebody had before they keep, whoever saves them."""
    roles, extra = _access(user)
    new_extra = codes_of(extra - had[1])
    from_roles = {
        f"{one.content_type.app_label}.{one.codename}"
        for one in Permission.objects.filter(group__in=roles - had[0]).select_related("content_type")
    }
    mine = by.get_all_permissions()
    if not from_roles <= mine:
        raise DomainError("No podés dar un rol que puede más que vos.", field="groups")
    if not new_extra <= mine:
        raise DomainError("No podés dar permisos que vos no tenés.", field="user_permissions")


def _check_stays_in(by: User, user: User, *, manages: bool) -> None:
    if user.pk != by.pk:
        return
    if not user.is_active:
        raise DomainError("No podés deshabilitar tu propio usuario: pedíselo a otro administrador.", field="is_active")
    if manages and MANAGE not in granted(user):
        raise DomainError("Así perderías el acceso a Usuarios: pedíselo a otro administrador.", field="groups")


def _check_an_administrator_is_left() -> None:
    if not administrators().exists():
        raise DomainError("Es el último Administrador habilitado: antes tiene que haber otro.", field="groups")


def _tell(user: User, before: User | None, had: tuple[set[Group], set[Permission]], by: User | None) -> None:
    """One line of the audit for each thing that changed."""
    kind, about = audit.Kind.USER, user.username
    if before is None:
        audit.note(kind, f"Creó el usuario de {user}", by=by, about=about)
    elif before.is_active != user.is_active:
        done = "Habilitó" if user.is_active else "Deshabilitó"
        audit.note(kind, f"{done} a {user}", by=by, about=about)
    roles, extra = _access(user)
    for verb, names in (
        ("Le dio a {} el rol {}", _names(roles - had[0])),
        ("Le sacó a {} el rol {}", _names(had[0] - roles)),
        ("Le dio a {} el permiso extra {}", _labels(extra - had[1])),
        ("Le sacó a {} el permiso extra {}", _labels(had[1] - extra)),
    ):
        for name in names:
            audit.note(audit.Kind.ROLE, verb.format(user, name), by=by, about=about)


def _names(groups: Iterable[Group]) -> list[str]:
    return sorted(group.name for group in groups)


def _labels(permissions: Iterable[Permission]) -> list[str]:
    return sorted(f"«{label_of(one)}»" for one in permissions)
