"""What is read about orders. Each function makes a small, fixed number of queries."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from backoffice.billing.selectors import Document, company_lines, logo_of
from backoffice.company.models import Company
from integrations.understanding.money import format_ars
from integrations.understanding.phones import local_display

from .models import BOT, LASTS, WARNED_BEFORE, SalesOrder
from .pdf import OrderSheet, order_pdf

States = SalesOrder.State
TONES: dict[str, str] = {
    States.INCOMPLETE: "",
    States.COMPLETE: "info",
    States.IN_PROCESS: "warn",
    States.INVOICED: "good",
    States.CANCELLED: "bad",
    States.RESOLVED: "good",
    States.NO_ANSWER: "warn",
    States.EXPIRED: "bad",
}
"""The colour of each state's badge."""
_TOLD = ("amount", "payment", "plan", "branch", "comments")


@dataclass(frozen=True)
class Step:
    """A line of an order's story: who, when, the state it went to ("" if none) and what else changed."""

    at: datetime
    who: str
    state: str = ""
    tone: str = ""
    reason: str = ""
    edits: list[tuple[str, str, str]] = field(default_factory=list)


def story(order: SalesOrder) -> list[Step]:
    """Where the order went and what staff wrote, the oldest first, from its history (one query)."""
    steps: list[Step] = []
    before: Any = None
    for line in order.history.select_related("history_user", "plan", "branch").order_by("history_id"):
        step = _step(before, line)
        if step.state or step.edits or step.reason:
            steps.append(step)
        before = line
    return steps


def _step(before: Any, line: Any) -> Step:
    moved = before is None or before.state != line.state
    reason = line.history_change_reason or ""
    return Step(
        at=line.history_date,
        who=str(line.history_user or (BOT if reason == BOT else "Sistema")),
        state=str(line.get_state_display()) if moved else "",
        tone=TONES[line.state] if moved else "",
        reason="" if reason == BOT else reason,
        edits=[] if before is None else _edits(before, line),
    )


def _edits(before: Any, line: Any) -> list[tuple[str, str, str]]:
    pairs = [(name, _shown(before, name), _shown(line, name)) for name in _TOLD]
    label = SalesOrder._meta.get_field
    return [
        (str(label(name).verbose_name).capitalize(), old, new)  # type: ignore[union-attr]
        for name, old, new in pairs
        if old != new
    ]


def _shown(line: Any, name: str) -> str:
    if name == "payment":
        return str(line.get_payment_display() or "—")
    value = getattr(line, name)
    if name == "amount":
        return "—" if value is None else format_ars(value)
    return str(value or "—")


def order_document(order: SalesOrder) -> Document:
    """«Exportar .pdf»: the order with all that is known of it (three queries)."""
    company = Company.objects.filter(pk=1).first() or Company()
    sheet = OrderSheet(
        company=company.name,
        company_lines=company_lines(company),
        number=order.number,
        state=str(order.get_state_display()),
        facts=facts(order),
        comments=order.comments,
        steps=tuple(_in_words(step) for step in story(order)),
        logo=logo_of(company),
    )
    return Document(f"Pedido {order.number}.pdf", "application/pdf", order_pdf(sheet))


def facts(order: SalesOrder) -> list[tuple[str, str]]:
    """What an order says of itself, in the order people ask; empty things are left out."""
    contact = order.contact
    told = [
        ("Recibido", _moment(order.received_at)),
        ("Vence", _moment(order.expires_at) if order.is_open else ""),
        ("Terminado", _moment(order.ended_at) if order.ended_at else ""),
        ("Contacto", contact.name or "Sin nombre"),
        ("Celular", local_display(contact.phone) if contact.phone else "No lo sabemos"),
        ("Cliente", f"{order.customer.name} (N° {order.customer.code})" if order.customer else ""),
        ("Qué pide", order.subject),
        *((item["label"], item["value"]) for item in order.data),
        ("Plan", str(order.plan or "")),
        ("Sucursal", str(order.branch or "")),
        ("Monto", "" if order.amount is None else format_ars(order.amount)),
        ("Forma de pago", str(order.get_payment_display())),
    ]
    return [(label, value) for label, value in told if value]


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%d/%m/%Y %H:%M}"


def _in_words(step: Step) -> tuple[str, str]:
    changes = [f"{name}: {old} → {new}" for name, old, new in step.edits]
    return f"{_moment(step.at)}  {step.who}", " · ".join(filter(None, [step.state, step.reason, *changes]))


def expiring(now: datetime) -> int:
    """How many orders that somebody attends expire in less than 4 h."""
    return SalesOrder.objects.filter(state=States.IN_PROCESS, received_at__lte=now - (LASTS - WARNED_BEFORE)).count()
