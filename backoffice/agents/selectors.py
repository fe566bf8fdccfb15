"""What is read about agents and groups. Each function makes a small, fixed number of queries."""

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from backoffice.common.models import Job
from backoffice.common.services.jobs import OPEN

from .models import Agent, GroupMember, WhatsAppGroup

KINDS = WhatsAppGroup.Kind
STATES = WhatsAppGroup.State

SUGGESTED_NAMES = {
    KINDS.SUPPORT: "🎫 Soporte - {empresa}",
    KINDS.SALES: "💰 Ventas - {empresa}",
    KINDS.SUPERVISOR: "👔 Supervisores - {empresa}",
}
"""What the manual suggests for each main group."""


@dataclass(frozen=True)
class MainGroups:
    """A card of the groups page: one type, and the queues there are of it (none: «No configurado»)."""

    kind: str
    label: str
    groups: tuple[WhatsAppGroup, ...]

    @property
    def configured(self) -> bool:
        return any(group.state == STATES.READY for group in self.groups)


def main_groups() -> list[MainGroups]:
    """The three cards, always in the same order; members come with each group (`group.members.all()`)."""
    members = Prefetch("members", GroupMember.objects.select_related("agent").order_by("agent__name"))
    rows = WhatsAppGroup.objects.exclude(kind=KINDS.PERSONAL).exclude(state=STATES.RETIRED)
    found = list(rows.select_related("conversation").prefetch_related(members).order_by("pk"))
    return [
        MainGroups(kind.value, str(kind.label), tuple(group for group in found if group.kind == kind))
        for kind in (KINDS.SUPPORT, KINDS.SALES, KINDS.SUPERVISOR)
    ]


def agents() -> QuerySet[Agent]:
    """Every agent with `made`, `asked` and `busy`: groups ready, groups there should be, groups with a case."""
    mine = Q(groups__kind=KINDS.PERSONAL) & ~Q(groups__state=STATES.RETIRED)
    return Agent.objects.annotate(
        made=Count("groups", filter=mine & Q(groups__state=STATES.READY), distinct=True),
        asked=Count("groups", filter=mine, distinct=True),
        busy=Count("groups", filter=mine & Q(groups__tickets__state="en_progreso"), distinct=True),
    ).select_related("user")


def supervisors() -> WhatsAppGroup | None:
    """The group where supervisors are told things; None until there is one that works."""
    ready = WhatsAppGroup.objects.filter(kind=KINDS.SUPERVISOR, state=STATES.READY, bot_removed=False)
    return ready.select_related("conversation").order_by("pk").first()


def last_job(subject: str) -> Job | None:
    """The progress to show for `agent:<id>` or `group:<id>`: the open job, else the last one."""
    jobs = Job.objects.filter(subject=subject)
    return jobs.filter(state__in=OPEN).first() or jobs.order_by("-pk").first()
