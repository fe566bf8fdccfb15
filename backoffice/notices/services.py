"""Verbs of the gateway: its key, what came in, what staff do with it."""

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from backoffice.accounts import audit
from backoffice.accounts.models import User
from backoffice.common.bulk import signed
from backoffice.common.errors import DomainError
from backoffice.common.inserting import insert
from backoffice.common.models import Activity
from backoffice.conversations.models import Message
from backoffice.notices import doors
from backoffice.notices.models import Gateway, GatewayNotice, new_token
from integrations.understanding import notice_kinds, notices
from integrations.understanding.phones import parse_phone

State = GatewayNotice.State
NO_NUMBER = "El número no se entiende."
# What may be asked for again: it did not leave, or nobody knows that it did.
RESENT = (State.DUPLICATE, State.EXPIRED, State.CANCELLED, State.FAILED)
LOST = (Message.Status.FAILED, Message.Status.DISCARDED)


def hash_of(key: str) -> str:
    """How a key is kept. It is long and random, so one round is enough."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def address_of(gateway: Gateway) -> str:
    """The URL that goes into the ISP's system."""
    return settings.PUBLIC_URL + reverse("gateway_send", args=[gateway.slug])


@transaction.atomic
def renew_key(*, gateway: Gateway, by: User | None) -> str:
    """A new key for this gateway; the one before stops working within a second.

    Returns it in clear for the only time: whoever loses it makes another.
    """
    key = secrets.token_urlsafe(24)
    gateway.key_hash, gateway.key_made_at = hash_of(key), timezone.now()
    signed(gateway, by, "Clave nueva").save(update_fields=["key_hash", "key_made_at"])
    Activity.note(Activity.Kind.CONNECTION, f"{by or 'El sistema'} generó una clave para «{gateway}»")
    audit.note(audit.Kind.SECRET, f"Generó una clave nueva para «{gateway}»", by=by, about=f"gateway {gateway.slug}")
    doors.forget()
    return key


def read_notice(
    *, door: doors.Door, notice: notices.Notice, raw: Mapping[str, Any], source_ip: str | None = None
) -> GatewayNotice:
    """What was sent, as the row it will be; not stored. A number that is none gives a FAILED one with its reason."""
    phone = parse_phone(notice.to, door.area)
    kind = notice_kinds.kind_of(notice.text, notice.marker, door.rules)
    key = phone.key if phone else ""
    same = f"{door.id}\n{key}\n{notice.media_url}\n{notice.text}"
    now = timezone.now()
    return GatewayNotice(
        gateway_id=door.id,
        phone_raw=notice.to,
        phone=phone.e164 if phone else "",
        phone_key=key,
        text=notice.text,
        media_url=notice.media_url,
        kind=kind.value,
        priority=notice_kinds.PRIORITY[kind],
        fingerprint=hashlib.sha256(same.encode()).hexdigest()[:32],
        ref=notice.ref,
        source_ip=source_ip,
        raw=dict(raw),
        state=State.RECEIVED if phone else State.FAILED,
        reason="" if phone else NO_NUMBER,
        received_at=now,
        due_at=now if phone else None,
    )


def store_notice(*, notice: GatewayNotice, by: User | None = None) -> GatewayNotice:
    """Keep a notice that was read: one INSERT, and then its sender may be answered. The bot takes it from there.

    `by` is who tries it from the panel: somebody asked for it, so it is never taken for a repetition.
    """
    notice.by = by
    try:
        # No question whether the connection is alive: the INSERT itself tells, and a round trip is a seventh of a call.
        connection.health_check_done = True  # type: ignore[attr-defined] # Django's, missing in its stubs
        insert([notice])
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block or connection.is_usable():
            raise
        connection.close()
        insert([notice])  # the server had gone; if it stored the first after all, this one is a repetition
    return notice


def can_cancel(notice: GatewayNotice) -> bool:
    """Whether it did not leave yet."""
    queued = notice.message is not None and notice.message.status == Message.Status.QUEUED
    return notice.state == State.RECEIVED or (notice.state == State.QUEUED and queued)


def can_resend(notice: GatewayNotice) -> bool:
    """Whether it did not arrive, and could."""
    lost = notice.state == State.QUEUED and (notice.message is None or notice.message.status in LOST)
    return bool(notice.phone_key) and (notice.state in RESENT or lost)


@transaction.atomic
def cancel(*, notice: GatewayNotice, by: User | None) -> None:
    """Keep a notice from leaving.

    Raises:
        DomainError: it left already, or nothing was going to leave.
    """
    now = timezone.now()
    waiting = GatewayNotice.objects.filter(pk=notice.pk, state=State.RECEIVED)
    done = waiting.update(state=State.CANCELLED, reason=_by(by), due_at=None)
    if not done and notice.message_id:
        unsent = Message.objects.filter(pk=notice.message_id, status=Message.Status.QUEUED)
        done = unsent.update(status=Message.Status.DISCARDED, status_at=now, due_at=None, error="Aviso cancelado")
        if done:
            GatewayNotice.objects.filter(pk=notice.pk).update(state=State.CANCELLED, reason=_by(by))
    if not done:
        raise DomainError("Ese aviso ya no se puede cancelar: salió o no iba a salir.")
    Activity.note(Activity.Kind.MESSAGE, f"{by or 'El sistema'} canceló un aviso ({notice})")


@transaction.atomic
def cancel_waiting(*, by: User | None) -> int:
    """Cancel all that wait (AMB-27: before leaving «Parado», what was held may be discarded). Returns how many."""
    waiting = GatewayNotice.objects.filter(due_at__isnull=False)
    count = waiting.update(state=State.CANCELLED, reason=_by(by), due_at=None)
    if count:
        Activity.note(Activity.Kind.MESSAGE, f"{by or 'El sistema'} canceló {count} avisos que esperaban")
        audit.note(audit.Kind.BOT, f"Canceló {count} avisos que esperaban", by=by)
    return count


@transaction.atomic
def resend(*, notice: GatewayNotice, by: User | None) -> GatewayNotice:
    """Send again what did not arrive: a new notice, so that the story of the first stays.

    Raises:
        DomainError: it is on its way or left, or its number is none.
    """
    if not notice.phone_key:
        raise DomainError("El número de ese aviso no se entiende. Corregilo en tu sistema y mandalo de nuevo.")
    if not can_resend(notice):
        raise DomainError("Ese aviso no hace falta reenviarlo: salió, está en camino o el cliente no quiere avisos.")
    again = GatewayNotice.objects.get(pk=notice.pk)
    again.pk, again.token, again.message, again.queued_at = None, new_token(), None, None
    again.state, again.reason = State.RECEIVED, ""
    again.received_at = again.due_at = timezone.now()
    again.raw = {"reenvío de": notice.token}
    store_notice(notice=again, by=by)
    Activity.note(Activity.Kind.MESSAGE, f"{by or 'El sistema'} reenvió un aviso ({notice})")
    return again


def _by(person: User | None) -> str:
    return f"Lo canceló {person}" if person else "Lo canceló el sistema"
