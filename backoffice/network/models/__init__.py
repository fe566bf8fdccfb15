"""The ISP's plant and what it is made of: data that staff keep; nothing here talks to equipment."""

from backoffice.network.models.plant import NapBox, NapPort, Olt, PonPort
from backoffice.network.models.seals import Seal, SealBatch
from backoffice.network.models.stock import Deposit, Item, Supply, SupplyMove, Unit, UnitMove, Whereabouts

__all__ = [
    "Deposit",
    "Item",
    "NapBox",
    "NapPort",
    "Olt",
    "PonPort",
    "Seal",
    "SealBatch",
    "Supply",
    "SupplyMove",
    "Unit",
    "UnitMove",
    "Whereabouts",
]
