"""Where a contact talks, and how the bot hears that their order ended (OPEN-ORD-15)."""

from backoffice.conversations.lanes import lane_of
from backoffice.conversations.models import Conversation
from backoffice.conversations.services import Arrival

from ..models import SalesOrder

SOURCE = "sales"


def last_chat(contact_id: int) -> Conversation | None:
    """Where this contact spoke last; None when they never did."""
    rows = Conversation.objects.filter(kind=Conversation.Kind.PRIVATE, contact_id=contact_id)
    return rows.exclude(channel__kind="preview").order_by("last_message_at", "pk").last()


def told_to_the_bot(order: SalesOrder, chat: Conversation) -> Arrival:
    """So that the talk under way forgets the order, and the next message begins another one."""
    return Arrival(lane_of(chat), SOURCE, f"order:{order.pk}:ended", "order_ended", {"number": order.number})
