"""What is done with cases, with their two faces: WhatsApp groups and the panel.

Every verb is one transaction, none talks to the network, and each race is decided by a conditional UPDATE.
"""

from .closing import close, give_back, note, rate
from .moving import bot_left, escalate, reopen, transfer
from .opening import add_message, announce, announce_waiting, open_ticket, repeat_notices, take_chat
from .relaying import relay_to_agent, relay_to_customer, reply_from_panel
from .taking import assign, find, note_refusal, take, take_in_panel

__all__ = [
    "add_message",
    "announce",
    "announce_waiting",
    "assign",
    "bot_left",
    "close",
    "escalate",
    "find",
    "give_back",
    "note",
    "note_refusal",
    "open_ticket",
    "rate",
    "relay_to_agent",
    "relay_to_customer",
    "reopen",
    "repeat_notices",
    "reply_from_panel",
    "take",
    "take_chat",
    "take_in_panel",
    "transfer",
]
