"""What staff keep of people: notes, labels, and whole lists that come in (OPEN-CNT-09/10)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import router, transaction

from backoffice.common.bulk import bulk_create_with_history
from backoffice.common.errors import DomainError
from backoffice.conversations.models import Contact, Label

NOTES_LIMIT = 4000
LABEL_LENGTH = 30
LABELS_LIMIT = 12
"""Of one person: more of them say nothing."""
MANY = 500
"""Rows a statement, where many are written together."""


@transaction.atomic
def save_contact_notes(*, contact: Contact, notes: str) -> None:
    """Keep the staff's notes about a person; nobody outside reads them."""
    contact.notes = notes.strip()[:NOTES_LIMIT]
    contact.save(update_fields=["notes"])


@transaction.atomic
def set_labels(*, contact: Contact, labels: Collection[int], new: str = "") -> None:
    """Leave a person with these labels, and with a `new` one by its name, made when nobody had it.

    Raises: DomainError when there are too many or the name is too long.
    """
    wanted = list(Label.objects.filter(pk__in=labels))
    for name in clean_labels([new]):
        same = Label.objects.filter(name__iexact=name).first()
        wanted.append(same or Label.objects.create(name=name))
    _check_how_many(wanted)
    contact.labels.set(wanted)


def clean_labels(names: Iterable[str]) -> list[str]:
    """The names of labels as they are kept, each once and none empty, in their order.

    Raises: DomainError when one is too long, or they are too many for one person; `.field` is "nueva".
    """
    found = {name.casefold(): name for name in (" ".join(typed.split()) for typed in names) if name}
    if any(len(name) > LABEL_LENGTH for name in found.values()):
        raise DomainError(f"Una etiqueta tiene hasta {LABEL_LENGTH} letras.", field="nueva")
    _check_how_many(found)
    return list(found.values())


def _check_how_many(labels: Collection[object]) -> None:
    if len(labels) > LABELS_LIMIT:
        raise DomainError(f"Una persona lleva hasta {LABELS_LIMIT} etiquetas: sacá alguna.", field="nueva")


@dataclass(frozen=True, slots=True)
class ContactChange:
    """A contact, new or stored, as they have to be. `labels` are the names of all of theirs, or None: as they are.

    `fields` are those of a stored one that changed.
    """

    contact: Contact
    fields: Collection[str] = ()
    labels: Collection[str] | None = None


@transaction.atomic
def write_contacts(
    *, new: Sequence[ContactChange], changed: Sequence[ContactChange], by: Any = None, reason: str = ""
) -> None:
    """Keep these contacts with their labels, in a fixed number of statements (OPEN-CNT-09/10).

    What they are given is valid already (`clean_labels`, `NOTES_LIMIT`). A label that nobody has is made, and its
    history says `by` and `reason`; contacts have none.

    Raises:
        IntegrityError: somebody has written from the phone of a new one meanwhile.
    """
    Contact.objects.bulk_create([one.contact for one in new], batch_size=MANY)
    fields = sorted({name for one in changed for name in one.fields})
    if fields:
        Contact.objects.bulk_update([one.contact for one in changed if one.fields], fields, batch_size=MANY)
    told = {one.contact.pk: one.labels for one in (*new, *changed) if one.labels is not None}
    if told:
        _wear(told, by, reason)


def _wear(told: Mapping[int, Collection[str]], by: Any, reason: str) -> None:
    """Leave each of these contacts with the labels of those names, whatever they had."""
    labels = _labels_named({name for names in told.values() for name in names}, by, reason)
    worn = Contact.labels.through
    wanted = {(contact, labels[name].pk) for contact, names in told.items() for name in names}
    gone: list[int] = []
    for pk, *pair in worn.objects.filter(contact__in=list(told)).values_list("pk", "contact_id", "label_id"):
        if tuple(pair) in wanted:
            wanted.discard(tuple(pair))
        else:
            gone.append(pk)
    worn.objects.filter(pk__in=gone).delete()
    rows = [worn(contact_id=contact, label_id=label) for contact, label in sorted(wanted)]
    worn.objects.bulk_create(rows, batch_size=MANY, ignore_conflicts=True)


def _labels_named(names: Collection[str], by: Any, reason: str) -> dict[str, Label]:
    """The label of each of these names: the one that is written so, or but for case; a new one if there is none."""
    exact = {label.name: label for label in Label.objects.all()}
    alike = {name.casefold(): label for name, label in exact.items()}
    missing = {name.casefold(): name for name in sorted(names) if name.casefold() not in alike}
    made = bulk_create_with_history([Label(name=name) for name in missing.values()], by=by, reason=reason)
    alike |= {label.name.casefold(): label for label in made}
    return {name: exact.get(name) or alike[name.casefold()] for name in names}


@transaction.atomic
def remove_contacts(*, contacts: Sequence[Contact]) -> None:
    """Take away contacts that nothing names, with their labels (OPEN-CNT-09/10). The labels themselves stay.

    Raises:
        IntegrityError: something names one.
    """
    keys = [one.pk for one in contacts]
    Contact.labels.through.objects.filter(contact__in=keys).delete()
    rows: Any = Contact.objects.filter(pk__in=keys)
    rows._raw_delete(router.db_for_write(Contact))  # nothing follows them: what names one makes the database refuse
