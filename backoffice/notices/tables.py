"""What the ISP's systems had us tell, as a spreadsheet. It only leaves."""

from backoffice.common.tables.columns import Column
from backoffice.common.tables.resources import TableResource
from backoffice.common.tables.widgets import ChoiceWidget, MomentWidget
from backoffice.conversations.models import Message
from backoffice.notices.models import GatewayNotice
from integrations.understanding.phones import short_display


def _phone(phone: str, raw: str) -> str:
    return short_display(phone) if phone else raw


def _state(state: str, status: str | None) -> str:
    """As `GatewayNotice.status_shown` says it."""
    if state == GatewayNotice.State.QUEUED and status is not None:
        return str(Message.Status(status).label)
    return str(GatewayNotice.State(state).label)


class NoticeResource(TableResource):
    received_at = Column("received_at", "recibido", MomentWidget())
    gateway = Column("gateway__name", "gateway")
    phone = Column(column_name="teléfono", reads=("phone", "phone_raw"), says=_phone)
    name = Column("message__conversation__contact__name", "para")
    kind = Column("kind", "tipo", ChoiceWidget(GatewayNotice.Kind))
    state = Column(column_name="estado", reads=("state", "message__status"), says=_state)
    text = Column("text", "texto")
    reason = Column("reason", "motivo")
    ref = Column("ref", "referencia")
    queued_at = Column("queued_at", "pasó a la salida", MomentWidget())

    class Meta(TableResource.Meta):
        model = GatewayNotice
        fields = (
            "received_at", "gateway", "phone", "name", "kind", "state", "text", "reason", "ref", "queued_at",
        )  # fmt: skip
