"""The register of calls. The connections themselves are set up in `backoffice/panel/pages/connections/`."""

from django.contrib import admin
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import display

from backoffice.common.admin import ReadOnlyAdmin
from backoffice.connections.models import CallLog
from integrations.health import LABELS, HealthState

BADGES = {
    label: "success" if state is HealthState.OK else "warning" if state is HealthState.UNREACHABLE else "danger"
    for state, label in LABELS.items()
}


@admin.register(CallLog)
class CallLogAdmin(ReadOnlyAdmin):
    empty_state = "Todavía no se llamó a ningún sistema. Agregá una conexión y probala."
    empty_icon = "cable"
    list_display = ("at", "name", "what", "result_badge", "ms", "by")
    list_filter = ("result", "provider", "connection", ("at", RangeDateFilter))
    list_select_related = ("by",)
    search_fields = ("name",)
    search_help_text = "Nombre de la conexión."
    fields = (("at", "by"), ("name", "provider"), ("what", "result"), "ms")

    @display(description="Resultado", label=BADGES, ordering="result")
    def result_badge(self, call: CallLog) -> str:
        return str(call.get_result_display())
