"""The few writes that belong to no other app: what a form of ours changes in several at once, and going back."""

from typing import Any

from django.db import models, transaction
from django.utils import timezone

from backoffice.accounts.models import User
from backoffice.agents import services as agents
from backoffice.agents.models import Agent
from backoffice.catalog import services as catalog
from backoffice.catalog.models import Plan, Promotion
from backoffice.common.bulk import signed
from backoffice.common.errors import DomainError
from backoffice.company import services as company
from backoffice.company.models import OpeningHours
from backoffice.connections import services as connections
from backoffice.connections.adapters import has_moved, secrets_of
from backoffice.connections.kinds import provider_of
from backoffice.connections.models import Connection
from backoffice.dialogs import services as dialogs
from backoffice.dialogs.models import BotText
from backoffice.panel.models import SkippedStep
from backoffice.panel.restoring import rebuilt
from backoffice.panel.setup.registry import optional_step


@transaction.atomic
def update_agent(*, agent: Agent, name: str, phone: str, group_count: int, active: bool) -> Agent:
    """What the form of an agent says, all or nothing: each verb runs only for what changed.

    Raises:
        DomainError: as each of the verbs of `agents.services`; nothing is kept then.
    """
    tidy = " ".join(name.split())
    if (tidy, phone.strip()) != (agent.name, agent.phone_key):
        agents.change_agent(agent=agent, name=tidy, phone=phone)
    if active != agent.active:
        agents.set_active(agent=agent, active=active)
    if group_count != agent.group_count:
        agents.change_group_count(agent=agent, count=group_count)
    return agent


@transaction.atomic
def restore_version(*, table: type[models.Model], version: int, by: Any = None) -> None:
    """Have a row again as that line of its history tells: a new version, or the row back if it was deleted.

    The week's hours go back together to how they were then.

    Raises:
        DomainError: the line is gone, what it names is gone, or its values are not valid today. Nothing changes then.
    """
    record = table.history.filter(pk=version).first()  # type: ignore[attr-defined]
    if record is None:
        raise DomainError("Esa versión ya no está en el historial.")
    if table is OpeningHours:
        was_deleted = record.history_type == "-"  # then what is wanted is how it was before
        company.restore_hours(at=record.history_date - 2 * company.TOGETHER if was_deleted else record.history_date)
        return
    if table is BotText:
        dialogs.change_text(key=record.key, text=record.text)
        return
    reason = f"Volvió a la versión del {timezone.localtime(record.history_date):%d/%m/%Y %H:%M}"
    if table is Connection:
        _restore_connection(record, reason, by)
        return
    row, related = rebuilt(table, record)
    signed(row, by, reason)
    if isinstance(row, Plan):
        catalog.save_plan(plan=row, zones=related["zones"])
    elif isinstance(row, Promotion):
        catalog.save_promotion(promotion=row, zones=related["zones"], plans=related["plans"])
    else:
        row.save()


def _restore_connection(record: Any, reason: str, by: Any) -> None:
    """Its secrets are in no history: those of today stay where they lead to the same place, and else are forgotten."""
    row = Connection.objects.filter(pk=record.id).first()
    row = row or Connection(pk=record.id, kind=record.kind, provider=record.provider)
    provider = provider_of(row.kind, row.provider)
    moved = provider is not None and has_moved(provider, row.settings, record.settings)
    forgotten = dict.fromkeys(secrets_of(row)) if moved else {}
    row.name, row.enabled = record.name, record.enabled
    connections.save_connection(connection=row, settings=record.settings, secrets=forgotten, by=by, reason=reason)


@transaction.atomic
def skip_step(*, key: str, by: User | None) -> None:
    """Say that the company does without an optional step of the set-up. Twice is once.

    Raises:
        DomainError: there is no such step, or no company can do without it.
    """
    if optional_step(key) is None:
        raise DomainError("Ese paso no se puede saltear.")
    SkippedStep.objects.get_or_create(key=key, defaults={"by": by})


@transaction.atomic
def take_step_back(*, key: str) -> None:
    """A step that was skipped is to be done again."""
    SkippedStep.objects.filter(key=key).delete()
