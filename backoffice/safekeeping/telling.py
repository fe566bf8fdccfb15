"""What staff are told once something was deleted: that it can be had back, and where."""

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from backoffice.safekeeping.models import KEPT
from backoffice.safekeeping.snapshots import NEVER

VIEW = "safekeeping.view_trashitem"
TOLD = f"Quedó en la papelera {KEPT.days} días."


def tell_kept(request: HttpRequest, model: type[Model]) -> None:
    """«Quedó en la papelera 30 días», with the way there for whoever may see it. Silent about what is not kept."""
    if model._meta.app_label in NEVER:
        return
    if not request.user.has_perm(VIEW):
        messages.info(request, f"{TOLD} Si fue un error, un administrador lo puede restaurar.")
        return
    url = reverse("admin:safekeeping_trashitem_changelist")
    messages.info(request, format_html('{} <a class="mo-link" href="{}">Ver la papelera</a>', TOLD, url))
