"""Orders: the list with its filters in the headers, and «Editar». What is behind «+», and the PDF, are pages."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from backoffice.accounts.models import User
from backoffice.catalog.models import SalesSettings
from backoffice.common.tables.admin import TableAdmin
from backoffice.network.admin.base import MovedByVerbs
from backoffice.sales import services, tables
from backoffice.sales.filters import FILTERS, NO_BRANCH
from backoffice.sales.models import Branch, SalesOrder
from backoffice.sales.selectors import TONES, facts, story

States = SalesOrder.State


class OrderForm(forms.ModelForm):
    """What staff write. The state is not a field of it: it moves by its own rule."""

    move_to = forms.CharField(
        label="Pasar a",
        required=False,
        help_text="«En proceso»: la charla es tuya y el bot calla. Los demás son finales: el bot vuelve a atender.",
    )

    class Meta:
        model = SalesOrder
        fields = ("amount", "payment", "plan", "branch", "comments")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        order = self.instance
        if "move_to" in self.fields:
            stay = ("", f"Dejarlo como está ({order.get_state_display()})")
            choices = [stay, *((state.value, str(state.label)) for state in order.next_states)]
            self.fields["move_to"].widget = UnfoldAdminSelectWidget(choices=choices)
        if "branch" in self.fields:
            usable = Q(active=True) | Q(pk=order.branch_id)
            self.fields["branch"].queryset = Branch.objects.filter(usable)  # type: ignore[attr-defined]


@admin.register(SalesOrder)
class SalesOrderAdmin(MovedByVerbs, TableAdmin):
    form = OrderForm
    change_list_template = "sales/orders.html"
    change_form_outer_before_template = "sales/order_top.html"
    change_form_outer_after_template = "sales/order_story.html"
    empty_state = "Todavía no hay pedidos. Cada charla que empieza con el bot abre uno."
    empty_icon = "shopping_bag"
    list_display = ("number", "received_at", "contact", "branch", "state")
    list_filter = FILTERS
    list_select_related = ("contact", "customer", "branch", "plan")
    ordering = ("-number",)
    resource_classes = [tables.OrderResource]
    fieldsets = ((None, {"fields": ("move_to", ("amount", "payment"), ("plan", "branch"), "comments")}),)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They are born in chats."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[SalesOrder]:
        return super().get_queryset(request).select_related("contact", "customer", "branch", "plan")

    def get_fieldsets(self, request: HttpRequest, obj: SalesOrder | None = None) -> Any:
        """Who may only look has nowhere to take it; what was sent for one that ended meanwhile is told why not."""
        moves = obj is None or obj.is_open or request.method == "POST"
        if self.has_change_permission(request, obj) and moves:
            return self.fieldsets
        return ((None, {"fields": self.fieldsets[0][1]["fields"][1:]}),)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {
            "title": "Pedidos",
            "states": States.choices,
            "tones": TONES,
            "branches": Branch.objects.all(),
            "no_branch": NO_BRANCH,
            "typed": {key: request.GET.get(key, "") for key in (one.parameter_name for one in FILTERS)},
            "off": not SalesSettings.objects.filter(pk=1, orders=True).exists(),
            **(extra_context or {}),
        }
        return super().changelist_view(request, context)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        order = kwargs.get("obj") or context.get("original")
        if order is not None:
            context |= {"order": order, "facts": facts(order), "steps": story(order), "tones": TONES}
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: SalesOrder, form: forms.ModelForm, change: bool) -> None:
        data = form.cleaned_data
        values = {name: data[name] for name in form.changed_data if name in OrderForm.Meta.fields}
        state = data.get("move_to", "")
        saved = services.edit_order(order=obj, by=cast(User, request.user), values=values, state=state)
        if state and saved.state == States.IN_PROCESS and saved.ticket is not None:
            messages.info(
                request, f"La charla la atiende {saved.ticket.agent or saved.ticket.user}. El bot no responde."
            )


@admin.register(Branch)
class BranchAdmin(TableAdmin):
    story = "sucursales"
    list_before_template = "panel/list_history.html"
    empty_state = "Todavía no hay sucursales. Cargá tus oficinas para saber de cuál es cada pedido."
    empty_icon = "store"
    list_display = ("name", "address", "state")
    list_filter = ("active",)
    search_fields = ("name", "address")
    resource_classes = [tables.BranchResource]

    @display(description="Estado", label={"Activa": "success", "Inactiva": "danger"}, ordering="active")
    def state(self, branch: Branch) -> str:
        return "Activa" if branch.active else "Inactiva"
