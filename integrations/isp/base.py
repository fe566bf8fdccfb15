"""The ISP port: what Mostrador asks of the system that keeps customers and invoices. Standard library only.

Every value is neutral: no vendor's field name or code gets past an adapter. Calls raise `integrations.errors`.
Reads may be repeated; writes (payments, cuts, promises) come with their own methods, each answering an `Outcome`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from integrations.health import Health as Health
from integrations.health import HealthState as HealthState


@dataclass(frozen=True, slots=True)
class Caps:
    """What a system can do. Callers look here first; the rest of the port may raise `Rejected`."""

    search_phone: bool = False
    search_doc: bool = False
    search_code: bool = False
    invoice_pdf: bool = False
    list_payments: bool = False
    plans: bool = False
    monthly_quota: int | None = None


class ClientStatus(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    RETIRED = "retired"
    LEAD = "lead"
    NO_SERVICE = "no_service"
    UNKNOWN = "unknown"


class ServiceStatus(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class InvoiceStatus(StrEnum):
    UNPAID = "unpaid"
    OVERDUE = "overdue"
    PAID = "paid"
    VOID = "void"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Client:
    """Who pays. `code` keeps its leading zeros, `doc` is digits only, `phones` are E.164."""

    id: str
    code: str
    name: str
    doc: str = ""
    phones: tuple[str, ...] = ()
    email: str = ""
    address: str = ""
    city: str = ""
    status: ClientStatus = ClientStatus.UNKNOWN
    raw_status: str = ""
    balance_due: Decimal | None = None
    unpaid_count: int | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """One connection of a client."""

    id: str
    client_id: str
    plan_name: str
    price: Decimal
    plan_id: str = ""
    address: str = ""
    status: ServiceStatus = ServiceStatus.UNKNOWN


@dataclass(frozen=True, slots=True)
class Invoice:
    """A charge. `balance` is what is left to pay; `due2` a second due date where the system has one."""

    id: str
    client_id: str
    number: str
    concept: str
    issued: date
    due: date
    total: Decimal
    balance: Decimal
    status: InvoiceStatus
    kind: str = ""
    due2: date | None = None
    pdf_url: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    """Money received. `invoice_ids` are the charges it covered."""

    id: str
    client_id: str
    amount: Decimal
    paid_at: datetime
    method: str = ""
    reference: str = ""
    invoice_ids: tuple[str, ...] = ()
    voided: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What is sold. Speeds in kbps."""

    id: str
    name: str
    price: Decimal
    down_kbps: int
    up_kbps: int
    active: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a write went. `verified` says that it was read back and found done."""

    ok: bool
    external_id: str = ""
    message: str = ""
    verified: bool = False
    raw_redacted: dict[str, object] = field(default_factory=dict)


class IspSystem(Protocol):
    """One system of one ISP. Built without touching the network; any call may raise `IntegrationError`."""

    caps: Caps

    def check(self) -> Health:
        """Whether it answers and lets us in. Never raises for what `HealthState` can say."""
        ...

    def find_clients(
        self, *, phone: str | None = None, doc: str | None = None, code: str | None = None
    ) -> list[Client]:
        """Clients that match exactly one of the three, at most a handful. The adapter verifies the match itself:
        phones by their 10-digit key, documents by their digits. Placeholder documents (9999999) match nobody.

        Raises: ValueError unless exactly one is given.
        """
        ...

    def get_client(self, client_id: str) -> Client | None: ...

    def iter_clients(self, since: datetime | None = None) -> Iterator[Client]:
        """Everybody, page by page, or who changed since then. Stops with an error, never short as if it were whole."""
        ...

    def services(self, client_id: str) -> list[Service]: ...

    def invoices(self, client_id: str, *, unpaid_only: bool = True) -> list[Invoice]:
        """Oldest due first; void ones are left out."""
        ...

    def invoice_pdf(self, invoice_id: str) -> bytes | None:
        """The document, or None when the system has none for it. Raises: NotFound for an unknown invoice."""
        ...

    def payments(self, client_id: str, *, limit: int = 6) -> list[Payment]:
        """Newest first."""
        ...

    def plans(self) -> list[Plan]: ...
