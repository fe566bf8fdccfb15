"""The second step of the login: a telephone's codes, and those kept for the day it is lost."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from backoffice.accounts import audit, totp
from backoffice.accounts.models import RecoveryCode, SecondFactor, User
from backoffice.common.errors import DomainError

WRONG_CODE = "Ese código no es correcto. Mirá el que muestra la aplicación en este momento y probá de nuevo."


@transaction.atomic
def begin_second_factor(*, user: User) -> SecondFactor:
    """The secret that a QR gives to somebody's telephone; the same one until it is confirmed.

    Raises:
        DomainError: they have one that is confirmed; it is taken away first.
    """
    factor, _ = SecondFactor.objects.get_or_create(user=user, defaults={"secret": totp.new_secret()})
    if factor.confirmed_at:
        raise DomainError("Ya tenés la verificación en dos pasos. Para usar otro teléfono, primero quitala.")
    if not factor.secret:  # the installation's key changed, and it cannot be read any more
        factor.secret = totp.new_secret()
        factor.save(update_fields=["secret"])
    return factor


@transaction.atomic
def confirm_second_factor(*, user: User, code: str, now: datetime | None = None) -> list[str]:
    """The telephone shows the right code, so it counts from now. Returns the recovery codes, for the only time.

    Raises:
        DomainError: the code is wrong, or nothing was begun.
    """
    now = now or timezone.now()
    factor = SecondFactor.objects.filter(user=user, confirmed_at=None).first()
    step = totp.step_of(factor.secret, code, now) if factor else None
    if factor is None or step is None:
        raise DomainError(WRONG_CODE, field="code")
    if not SecondFactor.objects.filter(pk=factor.pk, confirmed_at=None).update(confirmed_at=now, last_step=step):
        raise DomainError("La verificación en dos pasos ya estaba activada.")
    audit.note(audit.Kind.SECOND_FACTOR, "Activó la verificación en dos pasos", by=user, about=user)
    return _new_codes(factor)


@transaction.atomic
def renew_recovery_codes(*, user: User) -> list[str]:
    """Ten new ones; those from before serve no more. Raises: DomainError: they have no second factor."""
    factor = SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).first()
    if factor is None:
        raise DomainError("Primero activá la verificación en dos pasos.")
    audit.note(audit.Kind.SECOND_FACTOR, "Pidió códigos de recuperación nuevos", by=user, about=user)
    return _new_codes(factor)


@transaction.atomic
def use_code(*, user: User, code: str, now: datetime | None = None) -> bool:
    """Whether a code of the telephone, or a recovery one, lets them in. Each serves once, also asked twice at once."""
    now = now or timezone.now()
    factor = SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).first()
    if factor is None:
        return False
    step = totp.step_of(factor.secret, code, now)
    if step is not None:
        return bool(SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step).update(last_step=step))
    unused = RecoveryCode.objects.filter(factor=factor, digest=totp.digest(code), used_at=None)
    used = bool(unused.update(used_at=now))
    if used:
        audit.note(audit.Kind.SECOND_FACTOR, "Ingresó con un código de recuperación", by=user, about=user)
    return used


@transaction.atomic
def remove_second_factor(*, user: User, by: User) -> bool:
    """Take it away: one's own, or that of somebody who lost the telephone. False when there was none."""
    removed = SecondFactor.objects.filter(user=user).delete()[0] > 0
    if removed:
        own = user.pk == by.pk
        text = "Quitó su verificación en dos pasos" if own else f"Quitó la verificación en dos pasos de {user}"
        audit.note(audit.Kind.SECOND_FACTOR, text, by=by, about=user)
    return removed


def _new_codes(factor: SecondFactor) -> list[str]:
    RecoveryCode.objects.filter(factor=factor).delete()
    codes = totp.new_recovery_codes()
    RecoveryCode.objects.bulk_create([RecoveryCode(factor=factor, digest=totp.digest(code)) for code in codes])
    return codes
