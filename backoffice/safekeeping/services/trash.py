"""Verbs of the trash: what is deleted goes in, comes back as it was, or is gone for good after thirty days."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from backoffice.accounts import audit
from backoffice.accounts.models import User
from backoffice.common.bulk import bring_back, bulk_update_with_history
from backoffice.common.errors import DomainError
from backoffice.common.models import ConfigRevision
from backoffice.common.services.imports import Looked
from backoffice.conversations.lanes import interrupt
from backoffice.conversations.models import Contact
from backoffice.safekeeping.models import KEPT, TrashItem
from backoffice.safekeeping.restoring import check_unique, settled
from backoffice.safekeeping.selectors import trash_blockers
from backoffice.safekeeping.services.forgetting import Reason, anonymise, look_ahead
from backoffice.safekeeping.snapshots import Snapshot, in_words, table_name, unpacked
from backoffice.safekeeping.subject import Subject, in_chunks

REASON = "Restaurado de la papelera"
GONE = "Eso ya no está en la papelera."


@transaction.atomic
def keep_deleted(*, seen: Sequence[Snapshot | None], by: User | None = None) -> TrashItem | None:
    """Put in the trash what was just deleted together; the last is what was asked for. None for what is not kept."""
    parts = [one for one in seen if one is not None]
    if not parts:
        return None
    asked = parts[-1]
    rows = [row for part in reversed(parts) for row in part.rows]
    who = by or audit.acting()
    return TrashItem.objects.create(
        table=asked.table,
        key=asked.key,
        title=asked.title,
        of=asked.of,
        what=in_words(rows)[:300],
        rows=rows,
        freed=[freed for part in parts for freed in part.freed],
        deleted_by=who,
        deleted_by_name=str(who or "")[:150],
    )


@transaction.atomic
def trash_contact(*, contact: Contact, by: User) -> TrashItem:
    """Take a person out of every list for thirty days (OPEN-CNT-08). They stay, and are back as soon as they write.

    What the bot was about to answer them is dropped, and thought of again if they wrote.

    Raises:
        DomainError: they are an agent, or have an open case (`selectors.trash_blockers`).
    """
    subject = Subject.of(contact)
    for lane in subject.lanes().select_for_update().order_by("key"):
        interrupt(lane)
    held = Contact.objects.select_for_update().get(pk=contact.pk)
    if found := trash_blockers(Subject.of(held)):
        raise DomainError(" ".join(found))
    now = timezone.now()
    Contact.objects.filter(pk=held.pk).update(trashed_at=now)
    item, _ = TrashItem.objects.update_or_create(
        contact=held,
        defaults={
            "table": Contact._meta.label_lower,
            "key": str(held.pk),
            "title": str(held)[:200],
            "of": held.phone if held.name else "",
            "what": _said(subject),
            "deleted_by": by,
            "deleted_by_name": str(by)[:150],
            "deleted_at": now,
            "expires_at": now + KEPT,
        },
    )
    audit.note(audit.Kind.DELETED, f"Borró {_audited(item)}", by=by, about=f"contacto {held.pk}")
    return item


@transaction.atomic
def restore(*, item: TrashItem, by: User | None) -> list[str]:
    """Have it again with all that went with it, under the same keys. Returns what it came back without, in words.

    What pointed to it points to it again, unless it has something else by now.

    Raises:
        DomainError: it is not there any more, what it needs is gone, or a name of it was taken. Nothing changes then.
    """
    held = TrashItem.objects.select_for_update(of=("self",)).shown().filter(pk=item.pk).first()
    if held is None:
        raise DomainError(GONE)
    without: list[str] = []
    if held.contact_id is not None:
        Contact.objects.filter(pk=held.contact_id).update(trashed_at=None)
    else:
        without = _restore_rows(held, by)
    TrashItem.objects.filter(pk=held.pk).delete()
    about = f"{table_name(held.table)} {held.key}"
    audit.note(audit.Kind.DELETED, f"Restauró {_audited(held)}", by=by, about=about)
    return without


def _restore_rows(item: TrashItem, by: User | None) -> list[str]:
    rows, without = settled(unpacked(item.rows))
    for row in rows:
        if not row._meta.auto_created:
            check_unique(row)
    try:
        with transaction.atomic():
            bring_back(rows, by=by, reason=REASON)
            for freed in item.freed:
                _put_back(freed, by)
    except IntegrityError:
        raise DomainError(f"No se puede restaurar «{item}»: choca con algo que se cargó después.") from None
    ConfigRevision.bump()
    return without


def _put_back(freed: dict[str, Any], by: User | None) -> None:
    """References that became empty, where they still are."""
    table = apps.get_model(freed["table"])
    column: Any = table._meta.get_field(freed["field"])
    for keys in in_chunks(freed["keys"]):
        empty = table._base_manager.filter(pk__in=keys, **{f"{column.attname}__isnull": True})
        if hasattr(table, "history"):
            rows: list[models.Model] = list(empty)
            for row in rows:
                setattr(row, column.attname, freed["value"])
            bulk_update_with_history(rows, (column.name,), by=by, reason=REASON)
        else:
            empty.update(**{column.attname: freed["value"]})


def throw_away(*, item: TrashItem, by: User) -> None:
    """Delete for good what is in the trash; a person is anonymised.

    Raises:
        DomainError: it is not there any more, or something stands in the way of anonymising (`selectors.blockers`).
    """
    _throw_away(item, by, {} if item.contact is None else look_ahead(contact=item.contact))


@transaction.atomic
def _throw_away(item: TrashItem, by: User, looked: Looked) -> None:
    held = TrashItem.objects.select_for_update(of=("self",)).shown().filter(pk=item.pk).first()
    if held is None:
        raise DomainError(GONE)
    text, about = f"Borró para siempre {_audited(held)}, de la papelera", f"{table_name(held.table)} {held.key}"
    audit.note(audit.Kind.DELETED, text, by=by, about=about)
    if held.contact is not None:
        anonymise(contact=held.contact, by=by, reason=Reason.MISTAKE, looked=looked)
    TrashItem.objects.filter(pk=held.pk).delete()


@transaction.atomic
def purge_expired(*, now: datetime, after: int, most: int = 100) -> int | None:
    """End some of what has been in the trash for thirty days, in the order of their keys from `after` on.

    Whom something stands in the way of anonymising stays for another day. At most one person a time: each may have
    years of messages. Returns up to which key it came; None when nothing is left.
    """
    due = TrashItem.objects.filter(expires_at__lte=now, pk__gt=after).select_related("contact").defer("rows", "freed")
    for item in due.order_by("pk")[:most]:
        after = item.pk
        if item.contact is not None and item.contact.trashed_at is not None:
            _forget(item.contact)
            return after
        TrashItem.objects.filter(pk=item.pk).delete()
    return after if due.filter(pk__gt=after).exists() else None


def _audited(item: TrashItem) -> str:
    """How the audit calls it: of a person only their number here, since what is audited is never forgotten."""
    name = table_name(item.table)
    return f"{name} {item.key}" if item.contact_id is not None else f"{name} «{item}»"


def _forget(contact: Contact) -> None:
    try:
        anonymise(contact=contact, by=None, reason=Reason.EXPIRED, looked={})
    except DomainError:
        return  # tomorrow again: their case may be closed by then


def _said(subject: Subject) -> str:
    messages, cases = subject.messages().count(), len(subject.tickets)
    told = [f"1 contacto, {messages} mensaje{'' if messages == 1 else 's'}"]
    return ", ".join(told + ([f"{cases} ticket{'' if cases == 1 else 's'}"] if cases else []))
