"""How contacts come in by the thousand: an agenda of cellulars, each recognised however it is written (OPEN-CNT-09/10).

Who writes later is found by the same key (`bot/identity.py`), so they are the contact that came in here.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from django.utils import timezone

from backoffice.channels.models import Channel
from backoffice.common.errors import DomainError
from backoffice.common.importing.cells import KEEP
from backoffice.common.importing.many import MISSING, Draft, InBulk
from backoffice.common.importing.spool import Row
from backoffice.common.importing.writers import CHANGED_SINCE
from backoffice.company.selectors import area_code
from backoffice.conversations import services
from backoffice.conversations.models import Contact, ContactAddress, Label
from backoffice.conversations.services import ContactChange
from backoffice.customers.services import clean_phone
from integrations.understanding.phones import phone_key

ADD_LABEL = "conversations.add_label"
TRASH = "trashed_at"
"""What differs of somebody who comes back from the trash; no column tells it."""
CAME_BACK = "Estaba en la papelera y volvió: si no tenía que volver, borralo de nuevo."
AN_AGENT = "Es el número de un agente: se cambia en «Grupos y agentes»."


class ContactsInBulk(InBulk[Contact]):
    """Recognised by a cellular: their own, another from which they write, or that of whom was joined to them.

    Whoever is in the trash comes back. Who was anonymised has no number, so whoever brings it brings a new one.
    """

    needed = ("name",)
    kept_when_empty = ("name",)

    @cached_property
    def _area(self) -> str:
        return area_code()

    @cached_property
    def _labels(self) -> dict[str, str]:
        """How each label is written, by its name in any case."""
        return {name.casefold(): name for name in Label.objects.values_list("name", flat=True)}

    @cached_property
    def _adds_labels(self) -> bool:
        return self.by is not None and self.by.has_perm(ADD_LABEL)

    def prepare(self, rows: Sequence[Row]) -> None:
        self._now = timezone.now()
        _ = self._area, self._labels, self._adds_labels  # asked before the transaction begins

    # --- values -----------------------------------------------------------------------------------

    def refine(self, name: str, value: Any) -> Any:
        if name == "phone":
            return self._phone(value)
        if name == "name":
            return " ".join(value.split())
        if name == "labels":
            return tuple(sorted({self._label(typed) for typed in services.clean_labels(value)}))
        if name == "notes":
            return _notes(value)
        return value

    def _phone(self, typed: str) -> str:
        """As it is kept, "" for an empty cell. Raises: DomainError when it is no phone, or more than one."""
        if any(sign in typed for sign in "/;|\n"):
            raise DomainError("Poné un solo celular por fila: cada uno es un contacto.")
        return clean_phone(typed, self._area)[1] if typed.strip() else ""

    def _label(self, typed: str) -> str:
        """The name as the label has it, or as it will have it. Raises: DomainError when they may not make one."""
        if typed.casefold() not in self._labels and not self._adds_labels:
            raise DomainError(f"No existe la etiqueta «{typed}», y crear etiquetas es otro permiso.")
        return self._labels.setdefault(typed.casefold(), typed)

    def now(self, row: Contact, name: str) -> Any:
        if name == "labels":
            return tuple(sorted(label.name for label in row.labels.all()))
        return row.opted_out_at if name == "opted_out" else super().now(row, name)

    def default(self, name: str) -> Any:
        return None if name == "opted_out" else super().default(name)

    def title(self, name: str) -> str:
        return "papelera" if name == TRASH else super().title(name)

    def told(self, name: str, value: Any) -> str:
        if name == TRASH:
            return "está ahí" if value else "vuelve"
        return super().told(name, value)

    # --- who they are -------------------------------------------------------------------------------

    def key_of(self, values: Mapping[str, Any]) -> str:
        key = phone_key(values["phone"])
        if key is None:
            raise DomainError(MISSING)
        return key

    def find(self, keys: set[str]) -> dict[str, list[Contact]]:
        if not keys:
            return {}
        whose = _joined(keys) | _by_address(keys) | _by_phone(keys)
        wanted = {pk for pks in whose.values() for pk in pks}
        rows = self.locked(Contact.objects.select_related("agent").prefetch_related("labels").order_by("pk"))
        found = rows.in_bulk(wanted)
        return {key: [found[pk] for pk in sorted(pks)] for key, pks in whose.items()}

    def meet(self, draft: Draft[Contact], row: Contact | None) -> None:
        """Since when they want no notices stays as it is; agents are not contacts; who was in the trash is back."""
        told = draft.values.get("opted_out", KEEP)
        if told is not KEEP:
            since = row.opted_out_at if row is not None else None
            draft.values["opted_out"] = (since or self._now) if told else None
        if row is None:
            return
        if getattr(row, "agent", None) is not None:
            draft.outcome.wrong(self.table.column("phone"), AN_AGENT)
        elif row.trashed_at is not None:
            draft.differs[TRASH] = (row.trashed_at, None)

    # --- writing ------------------------------------------------------------------------------------

    def save(self, new: Sequence[Draft[Contact]], changed: Sequence[Draft[Contact]]) -> None:
        for draft in new:
            draft.row = Contact(phone_key=draft.key)
        services.write_contacts(
            new=[_change(draft.row, draft.values) for draft in new],
            changed=[
                _change(draft.row, {name: after for name, (_, after) in draft.differs.items()}) for draft in changed
            ],
            by=self.by,
            reason=self.reason,
        )

    def stored(self, keys: Sequence[int]) -> dict[int, Contact]:
        return self.locked(Contact.objects.prefetch_related("labels")).in_bulk(keys)  # type: ignore[no-any-return]

    def restore(self, rows: Sequence[tuple[Contact, dict[str, Any]]]) -> None:
        changed = [_change(contact, before) for contact, before in rows]
        services.write_contacts(new=[], changed=changed, by=self.by, reason=self.reason)

    def remove(self, rows: Sequence[Contact]) -> None:
        services.remove_contacts(contacts=rows)

    def _why_not(self, row: Contact, after: Mapping[str, Any]) -> str:
        if TRASH in after:
            return CAME_BACK  # its thirty days may be over, and there would be nowhere to have it back from
        if row.merged_into_id is not None:
            return CHANGED_SINCE
        return super()._why_not(row, after)


def _by_phone(keys: set[str]) -> dict[str, set[int]]:
    rows = Contact.objects.filter(phone_key__in=keys, anonymised_at__isnull=True)
    return {key: {pk} for key, pk in rows.values_list("phone_key", "pk") if key}


def _by_address(keys: set[str]) -> dict[str, set[int]]:
    """Who writes from there too. In the order of the unique index, as the bot asks (`bot/identity.py`)."""
    found: dict[str, set[int]] = {}
    channels = list(Channel.objects.values_list("pk", flat=True))
    rows = ContactAddress.objects.filter(channel__in=channels, kind=ContactAddress.Kind.PHONE, key__in=keys)
    for key, pk in rows.values_list("key", "contact"):
        found.setdefault(key, set()).add(pk)
    return found


def _joined(keys: set[str]) -> dict[str, set[int]]:
    """The living one of each contact with that cellular that was joined to another (`tickets/merging.py`).

    One query, and one more for each time that such a one was joined again.
    """
    forms = {form: key for key in keys for form in (f"+549{key}", f"+{key}")}
    rows = Contact.objects.filter(merged_into__isnull=False, phone__in=forms)
    found: dict[str, set[int]] = {}
    for phone, heir in rows.values_list("phone", "merged_into"):
        if heir is not None:
            found.setdefault(forms[phone], set()).add(heir)
    wanted = {pk for pks in found.values() for pk in pks}
    while further := dict(_heirs(wanted)):
        found = {key: {further.get(pk, pk) for pk in pks} for key, pks in found.items()}
        wanted = set(further.values())
    return found


def _heirs(keys: set[int]) -> Any:
    rows = Contact.objects.filter(merged_into__isnull=False, pk__in=keys)
    return rows.values_list("pk", "merged_into") if keys else ()


def _notes(typed: str) -> str:
    notes = typed.strip()
    if len(notes) > services.NOTES_LIMIT:
        raise DomainError(f"Las notas tienen hasta {services.NOTES_LIMIT} letras.")
    return notes


def _change(contact: Contact, values: Mapping[str, Any]) -> ContactChange:
    """Sets what a file says, or what the journal kept."""
    fields = []
    for name, value in values.items():
        if name == "labels":
            continue
        attribute = "opted_out_at" if name == "opted_out" else name
        column: Any = Contact._meta.get_field(attribute)
        setattr(contact, attribute, column.to_python(value))
        fields.append(attribute)
    return ContactChange(contact, fields, values.get("labels"))
