"""«Contactos»: everybody who wrote, found by their cellular; to a spreadsheet and back (OPEN-CNT-01…10)."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.decorators import display

from backoffice.common.admin import ReadOnlyAdmin
from backoffice.common.filters import DayRangeFilter
from backoffice.common.lists import HouseList
from backoffice.common.tables.importing import Importable
from backoffice.common.tables.screens import Exportable, Narrow, WithTemplate
from backoffice.conversations.models import Contact
from backoffice.tickets import contacts
from backoffice.tickets.tables import ContactResource
from integrations.understanding.phones import local_display

VIEW, CHANGE = "conversations.view_contact", "conversations.change_contact"
EXPORT = "conversations.export_contact"
DELETE = "conversations.delete_contact"
CUSTOMERS = "customers.view_customer"


class KnownFilter(admin.SimpleListFilter):
    """Whether we know which customer they are."""

    title = "cliente"
    parameter_name = "cliente"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("si", "Es cliente"), ("no", "No es cliente")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Contact]) -> QuerySet[Contact]:
        if self.value() not in ("si", "no"):
            return queryset
        return contacts.known(queryset, are=self.value() == "si")


class ContactList(HouseList):
    """A page of contacts with what no column of theirs tells, read for the whole page at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list: Any = list(self.result_list)
        facts = contacts.facts_of(self.result_list, customers=request.user.has_perm(CUSTOMERS))
        for row in self.result_list:
            row.facts = facts[row.pk]


@admin.register(Contact)
class ContactAdmin(Exportable, WithTemplate, Importable, ReadOnlyAdmin):
    empty_state = (
        "Todavía no escribió nadie. Cada persona que le escribe al bot aparece sola acá. "
        "Si ya tenés una agenda, importala."
    )
    empty_icon = "contacts"
    search_fields = ("name", "phone_key")
    search_help_text = "Celular, escrito como quieras (261 15 234-5678), o nombre."
    list_display_links = ("name_shown",)
    list_filter = (KnownFilter, "labels", ("created_at", DayRangeFilter))
    ordering = ("-created_at",)
    resource_classes = [ContactResource]
    export_permission = EXPORT
    export_scopes: ClassVar[dict[str, tuple[str, Narrow]]] = {
        "mes": ("Los del último mes", contacts.of_the_last_month),
        "todos": ("Todos", lambda rows: rows),
    }

    class Media:
        css: ClassVar[dict[str, tuple[str, ...]]] = {"all": ("panel/chats.css",)}

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Nobody adds or changes one in a form here, so it is asked for what their notes and labels are."""
        return bool(request.user.has_perms((VIEW, CHANGE)))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ContactList]:
        return ContactList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contact]:
        return contacts.everybody()

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        columns = ("name_shown", "phone_shown", "since", "last_shown", "labels_shown", "attended_by")
        return (*columns, _buttons(can_delete=request.user.has_perm(DELETE)))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The whole conversation, which is where one sees who they are (OPEN-CNT-07)."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect("admin:panel_chat", pk=object_id) if object_id.isdecimal() else redirect("admin:index")

    @display(description="Nombre", ordering="name")
    def name_shown(self, contact: Contact) -> SafeString:
        found = contact.facts.customers[:2]  # type: ignore[attr-defined]
        whose = ", ".join(one.code if one.name == contact.name else f"{one.name} ({one.code})" for one in found)
        below = (
            format_html('<br><span class="mo-small" style="white-space: nowrap">Cliente {}</span>', whose)
            if whose
            else ""
        )
        return format_html('<span class="mo-strong">{}</span>{}', contact.name or "Sin nombre", below)

    @display(description="Celular", ordering="phone_key")
    def phone_shown(self, contact: Contact) -> SafeString:
        shown = local_display(contact.phone) if contact.phone else "Número oculto"
        return format_html('<span style="white-space: nowrap">{}</span>', shown)

    @display(description="Alta", ordering="created_at")
    def since(self, contact: Contact) -> str:
        return f"{timezone.localtime(contact.created_at):%d/%m/%Y %H:%M}"

    @display(description="Etiquetas")
    def labels_shown(self, contact: Contact) -> SafeString | str:
        tags = ((label.tone, label.name) for label in contact.labels.all())
        shown = format_html_join(" ", '<span class="mo-tag {}">{}</span>', tags)
        return format_html('<span class="mo-tags">{}</span>', shown) if shown else "—"

    @display(description="Último mensaje")
    def last_shown(self, contact: Contact) -> SafeString | str:
        facts: contacts.Facts = contact.facts  # type: ignore[attr-defined]
        if facts.last is None:
            return "—"
        at = f"{timezone.localtime(facts.last.created_at):%d/%m/%Y %H:%M}"
        return format_html(
            '<span class="mo-last"><span>{}</span><span class="mo-small">{}</span></span>', facts.words, at
        )

    @display(description="Lo atiende")
    def attended_by(self, contact: Contact) -> str:
        facts: contacts.Facts = contact.facts  # type: ignore[attr-defined]
        return facts.attended_by or ("Espera a alguien" if facts.waits else "El bot")


def _buttons(*, can_delete: bool) -> Callable[[Contact], SafeString]:
    """The last column: to the conversation, and out."""

    @display(description="")
    def buttons(contact: Contact) -> SafeString:
        name = str(contact)
        chat = _button("panel_chat", contact, "forum", "Diálogo", f"Ver la conversación con {name}")
        gone = _button("panel_trash_contact", contact, "delete", "Borrar", f"Borrar a {name}") if can_delete else ""
        return format_html('<span class="mo mo-row mo-keep" style="flex-wrap: nowrap">{}{}</span>', chat, gone)

    return buttons


def _button(page: str, contact: Contact, icon: str, word: str, label: str) -> SafeString:
    return format_html(
        '<a class="mo-btn small {}" href="{}" aria-label="{}">'
        '<span class="material-symbols-outlined" aria-hidden="true">{}</span> {}</a>',
        "danger" if icon == "delete" else "", reverse(f"admin:{page}", args=[contact.pk]), label, icon, word,
    )  # fmt: skip
