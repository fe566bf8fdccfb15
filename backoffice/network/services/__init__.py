"""Verbs of the plant, the stock and the seals."""

from backoffice.network.services.plant import connect, delete_box, save_box, save_olt, set_port
from backoffice.network.services.seals import hand_seals, receive_seals, restore_seal, use_seal, void_seals
from backoffice.network.services.stock import add_units, move_units
from backoffice.network.services.supplies import change_supply, transfer_supply

__all__ = [
    "add_units",
    "change_supply",
    "connect",
    "delete_box",
    "hand_seals",
    "move_units",
    "receive_seals",
    "restore_seal",
    "save_box",
    "save_olt",
    "set_port",
    "transfer_supply",
    "use_seal",
    "void_seals",
]
