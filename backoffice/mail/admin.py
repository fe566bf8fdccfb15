"""«Correos enviados»: to whom, whether it left, and why not. Never what they say: a link in them opens something."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import display

from backoffice.common.admin import ReadOnlyAdmin
from backoffice.mail.models import OutgoingMail
from backoffice.mail.selectors import mail_is_connected

State = OutgoingMail.State
BADGES = {
    State.QUEUED.label: "info",
    State.SENDING.label: "info",
    State.SENT.label: "success",
    State.FAILED.label: "danger",
    State.UNCERTAIN.label: "warning",
}


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnlyAdmin):
    empty_state = "Todavía no salió ningún correo. Salen cuando le das acceso a alguien o cuando hay una alerta."
    empty_icon = "outgoing_mail"
    list_display = ("created_at", "to", "subject", "state_badge", "error")
    list_display_links = ("created_at", "to")
    list_filter = ("state", "kind", ("created_at", RangeDateFilter))
    search_fields = ("to", "subject")
    search_help_text = "Correo o asunto."
    change_form_outer_before_template = "panel/mail_card.html"
    list_before_template = "panel/mails_before.html"
    fields = (("to", "kind"), "subject", ("created_at", "by"), ("state", "tries", "tried_at"), "error")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return super().changelist_view(request, {**(extra_context or {}), "mail_is_connected": mail_is_connected()})

    @display(description="Estado", label=BADGES, ordering="state")
    def state_badge(self, mail: OutgoingMail) -> str:
        return str(mail.get_state_display())
