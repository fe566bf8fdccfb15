"""Orders and branches as spreadsheets."""

from import_export import widgets
from import_export.fields import Field

from backoffice.common.tables.resources import TableResource
from backoffice.common.tables.widgets import ChoiceWidget, PesosWidget, YesNoWidget
from backoffice.sales.models import Branch, SalesOrder
from integrations.understanding.phones import local_display


class OrderResource(TableResource):
    """It only leaves: orders are born in chats and move by their verb."""

    number = Field("number", "número")
    received_at = Field("received_at", "recibido", widgets.DateTimeWidget(format="%d/%m/%Y %H:%M"))
    state = Field("state", "estado", ChoiceWidget(SalesOrder.State))
    contact = Field("contact__name", "contacto")
    phone = Field(column_name="celular")
    customer = Field("customer__code", "número de cliente")
    branch = Field("branch__name", "sucursal")
    subject = Field("subject", "qué pide")
    data = Field(column_name="datos recopilados")
    plan = Field("plan__name", "plan")
    amount = Field("amount", "monto", PesosWidget())
    payment = Field("payment", "forma de pago", ChoiceWidget(SalesOrder.Payment, ""))
    comments = Field("comments", "comentarios")
    ended_at = Field("ended_at", "terminado", widgets.DateTimeWidget(format="%d/%m/%Y %H:%M"))

    class Meta(TableResource.Meta):
        model = SalesOrder
        fields = (
            "number", "received_at", "state", "contact", "phone", "customer", "branch", "subject", "data", "plan",
            "amount", "payment", "comments", "ended_at",
        )  # fmt: skip

    def dehydrate_phone(self, order: SalesOrder) -> str:
        phone = order.contact.phone
        return local_display(phone) if phone else ""

    def dehydrate_data(self, order: SalesOrder) -> str:
        return " · ".join(f"{item['label']}: {item['value']}" for item in order.data)


class BranchResource(TableResource):
    name = Field("name", "nombre", widgets.CharWidget(allow_blank=True))
    address = Field("address", "dirección", widgets.CharWidget(allow_blank=True))
    active = Field("active", "activa", YesNoWidget())

    class Meta(TableResource.Meta):
        model = Branch
        fields = ("name", "address", "active")
        import_id_fields = ("name",)
