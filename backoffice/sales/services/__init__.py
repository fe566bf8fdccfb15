"""What is done with orders: the bot begins and completes them, staff attend and end them, the clock ends the rest."""

from .editing import edit_order
from .expiring import expire_orders, give_back_expired, warn_supervisors
from .joining import join_orders
from .talks import Talk, record_talks

__all__ = [
    "Talk",
    "edit_order",
    "expire_orders",
    "give_back_expired",
    "join_orders",
    "record_talks",
    "warn_supervisors",
]
