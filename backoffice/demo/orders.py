"""Orders of the last days in every state, with what the bot, staff and the clock did to each. All in bulk."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from backoffice.accounts.models import User
from backoffice.catalog.models import Plan
from backoffice.common.bulk import bulk_create_with_history
from backoffice.common.models import Counter
from backoffice.conversations.models import Contact
from backoffice.sales.models import BOT, LASTS, Branch, SalesOrder

States = SalesOrder.State
Pay = SalesOrder.Payment
BRANCHES = (("Godoy Cruz", "Av. San Martín 1200"), ("Maipú", "Ozamis 340"))
SELLER = "sofia"
_AN_HOUR = timedelta(hours=1)
_MINUTES = timedelta(minutes=4)


@dataclass(frozen=True, slots=True)
class Sample:
    """An order: how many hours ago it came, where it stands, and what is known of it."""

    hours: float
    state: str
    subject: str = ""
    plan: str = ""
    payment: str = ""
    branch: int | None = None
    comments: str = ""
    street: str = ""


SAMPLES = (
    Sample(
        216,
        States.INVOICED,
        "Contratar el servicio",
        "Fibra 300MB",
        Pay.TRANSFER,
        0,
        "Instalación el jueves.",
        "Belgrano 1450",
    ),
    Sample(193, States.RESOLVED, "Consulta por cambio de plan", comments="Se queda con el que tiene."),
    Sample(
        170,
        States.CANCELLED,
        "Contratar el servicio",
        "Fibra 100MB",
        branch=1,
        comments="Eligió otra empresa.",
        street="Ozamis 88",
    ),
    Sample(147, States.NO_ANSWER, "Contratar el servicio", branch=0, comments="Tres llamados, sin respuesta."),
    Sample(122, States.EXPIRED, "Cambio de domicilio"),
    Sample(98, States.INVOICED, "Cambio de plan", "Fibra 600MB", Pay.DEBIT, 0),
    Sample(75, States.RESOLVED, "Consulta por la cobertura", branch=1),
    Sample(52, States.EXPIRED),
    Sample(
        41,
        States.IN_PROCESS,
        "Contratar el servicio",
        "Fibra 300MB",
        "",
        1,
        "Espera que le confirmen el horario.",
        "Perú 210",
    ),
    Sample(21, States.IN_PROCESS, "Cambio de plan", "Fibra 600MB", "", 0),
    Sample(6, States.COMPLETE, "Contratar el servicio", street="Italia 905"),
    Sample(3, States.COMPLETE, "Hablar con una persona"),
    Sample(0.4, States.INCOMPLETE),
)


def load_orders(now: datetime) -> None:
    """One for each of the first contacts of the past, the oldest first; fewer where there are fewer people."""
    people = list(Contact.objects.filter(agent__isnull=True, orders__isnull=True).order_by("pk")[: len(SAMPLES)])
    branches = bulk_create_with_history([Branch(name=name, address=address) for name, address in BRANCHES])
    plans = {plan.name: plan for plan in Plan.objects.all()}
    first = Counter.next("order", len(people))
    pairs = list(zip(SAMPLES, people, strict=False))
    orders = bulk_create_with_history(
        [_order(first + place, one, who, branches, plans, now) for place, (one, who) in enumerate(pairs)],
        reason=BOT,
    )
    _tell_how(orders)


def _order(
    number: int, one: Sample, who: Contact, branches: list[Branch], plans: dict[str, Plan], now: datetime
) -> SalesOrder:
    received = now - timedelta(hours=one.hours)
    plan = plans.get(one.plan)
    ended = None if one.state in SalesOrder.OPEN else received + (LASTS if one.state == States.EXPIRED else _AN_HOUR)
    data = [{"label": "Nombre", "value": who.name}, {"label": "Dirección", "value": one.street}] if one.street else []
    return SalesOrder(
        number=number,
        contact=who,
        state=one.state,
        received_at=received,
        subject=one.subject,
        data=data,
        plan=plan,
        amount=plan.price if plan is not None and one.state == States.INVOICED else None,
        payment=one.payment,
        branch=branches[one.branch] if one.branch is not None else None,
        comments=one.comments,
        ended_at=ended,
    )


def _tell_how(orders: list[SalesOrder]) -> None:
    """Replace the one line that each has in its history with the steps that led there."""
    lines: Any = SalesOrder.history.model  # type: ignore[attr-defined]
    seller = User.objects.filter(username=SELLER).first()
    made = {line.id: line for line in lines.objects.filter(id__in=[order.pk for order in orders])}
    lines.objects.filter(id__in=list(made)).delete()
    lines.objects.bulk_create([step for order in orders for step in _steps(lines, made[order.pk], seller)])


def _steps(lines: Any, last: Any, seller: User | None) -> list[Any]:
    """As it was received, complete, attended and ended: as far as it got."""
    received = last.received_at
    path: list[tuple[str, datetime, User | None, str]] = [(States.INCOMPLETE, received, None, BOT)]
    if last.subject:
        path.append((States.COMPLETE, received + _MINUTES, None, BOT))
    if last.state not in (States.INCOMPLETE, States.COMPLETE, States.EXPIRED):
        path.append((States.IN_PROCESS, received + 3 * _MINUTES, seller, ""))
    if last.ended_at is not None:
        by_clock = last.state == States.EXPIRED
        path.append(
            (last.state, last.ended_at, None if by_clock else seller, "A las 48 h de recibido" if by_clock else "")
        )
    return [_step(lines, last, place, *one) for place, one in enumerate(path)]


def _step(lines: Any, last: Any, place: int, state: str, at: datetime, who: User | None, reason: str) -> Any:
    """A copy of the last line, as it was then."""
    names = [field.attname for field in lines._meta.concrete_fields if not field.primary_key]
    step = lines(**{name: getattr(last, name) for name in names})
    step.history_type = "+" if place == 0 else "~"
    step.state, step.history_date, step.history_change_reason = state, at, reason or None
    step.history_user = who
    step.ended_at = last.ended_at if state == last.state else None
    if who is None and state in SalesOrder.OPEN:
        step.plan_id, step.branch_id, step.amount, step.payment, step.comments = None, None, None, "", ""
    if place == 0:
        step.subject, step.data = "", []
    return step
