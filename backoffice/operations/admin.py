"""What machines are doing. django-q's own screens are not shown: they speak of pickles, not of work."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django_q.models import Failure, OrmQ, Schedule, Success
from unfold.decorators import display

from backoffice.agents.services import jobs
from backoffice.common import worker
from backoffice.common.admin import ReadOnlyAdmin
from backoffice.common.models import Job

# With Redis as the broker the library does not register its queue's table.
admin.site.unregister([model for model in (Failure, OrmQ, Schedule, Success) if admin.site.is_registered(model)])


OF_GROUPS: dict[str, str] = {
    jobs.AGENT_GROUPS: "Grupos de un agente",
    jobs.MAIN_GROUP: "Grupo principal",
    jobs.REMOVE_MEMBER: "Sacar a alguien de un grupo",
}


def titles() -> dict[str, str]:
    """How staff call each kind of job: those of groups, and what the apps' `tasks.py` register."""
    return OF_GROUPS | {name: kind.title for name, kind in worker.kinds().items()}


class KindFilter(admin.SimpleListFilter):
    title = "tarea"
    parameter_name = "tarea"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(titles().items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> QuerySet[Job]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    empty_state = "No hay tareas. Acá se ve lo que el sistema hace de fondo, como crear grupos de WhatsApp."
    empty_icon = "task"
    list_display = ("work", "state_badge", "last_step", "attempts", "created_at", "finished_at")
    list_filter = ("state", KindFilter)
    search_fields = ("kind", "subject", "error")
    ordering = ("-id",)
    fields = ("work", "state", "progress", "error", "attempts", "not_before", "created_at", "finished_at")
    readonly_fields = ("work", "progress")

    @display(description="Tarea", ordering="kind")
    def work(self, job: Job) -> str:
        return titles().get(job.kind, job.kind)

    @display(
        description="Estado",
        label={"En espera": "info", "En curso": "warning", "Terminado": "success", "Falló": "danger"},
        ordering="state",
    )
    def state_badge(self, job: Job) -> str:
        return str(job.get_state_display())

    @display(description="Progreso")
    def last_step(self, job: Job) -> str:
        return str(job.steps[-1].get("text", "—")) if job.steps else "—"

    @display(description="Progreso")
    def progress(self, job: Job) -> str:
        return "\n".join(str(step.get("text", "")) for step in job.steps) or "—"
