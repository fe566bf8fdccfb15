"""Verbs of the stand-in network, by what they move."""

from backoffice.simulator.services.clock import take_seq
from backoffice.simulator.services.delivery import acknowledge, collect
from backoffice.simulator.services.faults import NetworkFault, add_fault, clear_faults, take_fault
from backoffice.simulator.services.groups import change_members, create_group, leave_group
from backoffice.simulator.services.link import ban, begin_pairing, lift_ban, link, set_account, unlink
from backoffice.simulator.services.messages import (
    BotMessage,
    NewMessage,
    bot_reads,
    bot_sends,
    bot_types,
    phone_reads,
    phone_writes,
)
from backoffice.simulator.services.phones import ensure_phone, ensure_phones, set_privacy

__all__ = [
    "BotMessage",
    "NetworkFault",
    "NewMessage",
    "acknowledge",
    "add_fault",
    "ban",
    "begin_pairing",
    "bot_reads",
    "bot_sends",
    "bot_types",
    "change_members",
    "clear_faults",
    "collect",
    "create_group",
    "ensure_phone",
    "ensure_phones",
    "leave_group",
    "lift_ban",
    "link",
    "phone_reads",
    "phone_writes",
    "set_account",
    "set_privacy",
    "take_fault",
    "take_seq",
    "unlink",
]
