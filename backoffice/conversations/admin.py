"""Labels of people, which staff put in the chat and find by in the list."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from unfold.decorators import display

from backoffice.common.tables.admin import TableAdmin
from backoffice.conversations import tables
from backoffice.conversations.models import Label


@admin.register(Label)
class LabelAdmin(TableAdmin):
    empty_state = "Todavía no hay etiquetas. Sirven para encontrar gente: «VIP», «Obra nueva», «Llamar de tarde»."
    empty_icon = "label"
    search_fields = ("name",)
    list_display = ("name", "tone", "people")
    fields = ("name", "tone")
    resource_classes = [tables.LabelResource]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Label]:
        return super().get_queryset(request).annotate(used=Count("contacts"))

    @display(description="Personas", ordering="used")
    def people(self, label: Label) -> int:
        return int(getattr(label, "used", 0))
