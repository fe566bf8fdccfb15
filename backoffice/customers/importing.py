"""How customers and their services come in by the thousand: how each is recognised, what is compared, who writes it."""

from collections.abc import Mapping, Sequence
from typing import Any

from backoffice.common.errors import DomainError
from backoffice.common.importing.cells import KEEP
from backoffice.common.importing.many import MISSING, Draft, InBulk
from backoffice.common.importing.spool import Row
from backoffice.company.selectors import area_code
from backoffice.customers import services
from backoffice.customers.models import Customer, CustomerPhone, Service
from backoffice.customers.selectors import code_as_typed, is_placeholder
from backoffice.customers.services import Change
from integrations.understanding.words import fold

Phones = tuple[tuple[str, str], ...]
"""The key and the number of each phone, in order of keys."""


class CustomersInBulk(InBulk[Customer]):
    """Recognised by number, DNI or phone. An empty cell of phones leaves those there are; so does one of numbers."""

    needed = ("name",)
    unique = ("code",)
    kept_when_empty = ("code", "phones")

    def prepare(self, rows: Sequence[Row]) -> None:
        self._area = area_code()

    # --- values -----------------------------------------------------------------------------------

    def refine(self, name: str, value: Any) -> Any:
        if name == "name":
            return services.clean_name(value)
        if name == "document":
            return services.clean_document(value)
        if name == "phones":
            return tuple(sorted({services.clean_phone(typed, self._area) for typed in value}))
        return value

    def now(self, row: Customer, name: str) -> Any:
        if name == "phones":
            return tuple(sorted((phone.key, phone.number) for phone in row.phones.all()))
        return super().now(row, name)

    def told(self, name: str, value: Any) -> str:
        return super().told(name, [number for _, number in value] if name == "phones" else value)

    # --- who they are -------------------------------------------------------------------------------

    def key_text(self, row: Row) -> str:
        if not hasattr(self, "_area"):
            self._area = area_code()
        key = super().key_text(row)
        return key.lstrip("0") or key if self.key.name == "code" and key.isdecimal() else key

    def key_of(self, values: Mapping[str, Any]) -> str:
        value = values[self.key.fields[0]]
        if self.key.name == "code":
            return str(value)
        if self.key.name == "document":
            if not value:
                raise DomainError(MISSING)
            if is_placeholder(value):
                raise DomainError("Ese número no identifica a nadie: poné el DNI, o reconocelos por otro dato.")
            return str(value)
        if not value:
            raise DomainError(MISSING)
        return " ".join(key for key, _ in value)

    def find(self, keys: set[str]) -> dict[str, list[Customer]]:
        if not keys:
            return {}
        rows = self.locked(Customer.objects.prefetch_related("phones").select_related("zone").order_by("pk"))
        if self.key.name == "document":
            return _by(rows.filter(document__in=keys), "document")
        if self.key.name == "code":
            return self._by_code(rows, keys)
        return self._by_phone(rows, keys)

    def _by_code(self, rows: Any, keys: set[str]) -> dict[str, list[Customer]]:
        """As it is written; else with the zeros that Excel takes away (101 is 000101)."""
        forms = {key: code_as_typed(key) for key in keys}
        found = _by(rows.filter(code__in={form for wanted in forms.values() for form in wanted}), "code")
        return {
            key: found.get(key) or [row for form in wanted for row in found.get(form, ())]
            for key, wanted in forms.items()
        }

    def _by_phone(self, rows: Any, keys: set[str]) -> dict[str, list[Customer]]:
        """Whoever has any of the phones of the cell."""
        numbers = {number for key in keys for number in key.split()}
        owners: dict[str, list[Customer]] = {}
        for row in rows.filter(pk__in=CustomerPhone.objects.filter(key__in=numbers).values("customer")):
            for phone in row.phones.all():
                owners.setdefault(phone.key, []).append(row)
        return {
            key: list({row.pk: row for number in key.split() for row in owners.get(number, ())}.values())
            for key in keys
        }

    # --- writing ------------------------------------------------------------------------------------

    def save(self, new: Sequence[Draft[Customer]], changed: Sequence[Draft[Customer]]) -> None:
        for draft in new:
            draft.row = Customer(**{name: value for name, value in draft.values.items() if name != "phones"})
        services.write_customers(
            new=[_change(draft, draft.values) for draft in new],
            changed=[
                _change(draft, {name: after for name, (_, after) in draft.differs.items()}, stored=True)
                for draft in changed
            ],
            by=self.by,
            reason=self.reason,
            above=self.header.highest if self.key.name == "code" else 0,
        )

    def stored(self, keys: Sequence[int]) -> dict[int, Customer]:
        return self.locked(Customer.objects.prefetch_related("phones")).in_bulk(keys)  # type: ignore[no-any-return]

    def restore(self, rows: Sequence[tuple[Customer, dict[str, Any]]]) -> None:
        changes = []
        for customer, before in rows:
            fields = _put(customer, before)
            phones = dict(before["phones"]) if "phones" in before else None
            changes.append(Change(customer, fields, phones))
        services.write_customers(new=[], changed=changes, by=self.by, reason=self.reason)

    def remove(self, rows: Sequence[Customer]) -> None:
        services.remove_customers(customers=rows, by=self.by, reason=self.reason)


class ServicesInBulk(InBulk[Service]):
    """Recognised by the customer and the address of the connection."""

    needed = ("plan", "price")

    def prepare(self, rows: Sequence[Row]) -> None:
        """The customers that the cells name, in one question."""
        place = self.header.columns.index("customer")
        codes = {str(row.cells[place]).strip().removeprefix("'") for row in rows if place < len(row.cells)}
        self.table.fields["customer"].widget.prime(codes)

    def key_text(self, row: Row) -> str:
        place = self.header.columns.index("customer")
        codes = str(row.cells[place]).strip() if place < len(row.cells) else ""
        address = self.header.columns.index("address")
        told = str(row.cells[address]) if address < len(row.cells) else ""
        return f"{codes.lstrip('0')}\x1f{fold(told)}" if codes else ""

    def key_of(self, values: Mapping[str, Any]) -> str:
        return f"{values['customer'].pk}\x1f{fold(values['address'])}"

    def find(self, keys: set[str]) -> dict[str, list[Service]]:
        found: dict[str, list[Service]] = {}
        owners = {int(key.partition("\x1f")[0]) for key in keys}
        rows = self.locked(
            Service.objects.filter(customer__in=owners).select_related("plan", "customer").order_by("pk")
        )
        for row in rows if owners else ():
            found.setdefault(f"{row.customer_id}\x1f{fold(row.address)}", []).append(row)
        return found

    def save(self, new: Sequence[Draft[Service]], changed: Sequence[Draft[Service]]) -> None:
        for draft in new:
            draft.row = Service(**draft.values)
        for draft in changed:
            for name, (_, after) in draft.differs.items():
                setattr(draft.row, name, after)
        services.write_services(
            new=[draft.row for draft in new],
            changed=[(draft.row, tuple(draft.differs)) for draft in changed],
            by=self.by,
            reason=self.reason,
        )

    def restore(self, rows: Sequence[tuple[Service, dict[str, Any]]]) -> None:
        changed = [(service, _put(service, before)) for service, before in rows]
        services.write_services(new=[], changed=changed, by=self.by, reason=self.reason)

    def remove(self, rows: Sequence[Service]) -> None:
        services.remove_services(contracts=rows, by=self.by, reason=self.reason)


def _by(rows: Any, name: str) -> dict[str, list[Customer]]:
    found: dict[str, list[Customer]] = {}
    for row in rows:
        found.setdefault(getattr(row, name), []).append(row)
    return found


def _change(draft: Draft[Customer], values: Mapping[str, Any], *, stored: bool = False) -> Change:
    fields = [name for name in values if name != "phones"]
    if stored:
        for name in fields:
            setattr(draft.row, name, values[name])
    phones = values.get("phones")
    return Change(draft.row, fields, None if phones in (None, KEEP) else dict(phones or ()))


def _put(row: Customer | Service, values: Mapping[str, Any]) -> list[str]:
    """Sets what the journal kept; the names of the fields."""
    names = []
    for name, value in values.items():
        if name == "phones":
            continue
        field: Any = row._meta.get_field(name)
        setattr(row, field.attname, field.to_python(value) if not field.is_relation else value)
        names.append(name)
    return names
