"""Screens of the plant, the stock and the seals; what the customer's page shows of them."""

from backoffice.customers.admin import CustomerAdmin
from backoffice.network.admin.plant import NapBoxAdmin, NapPortAdmin, OltAdmin
from backoffice.network.admin.seals import SealAdmin
from backoffice.network.admin.stock import DepositAdmin, ItemAdmin, SupplyAdmin, UnitAdmin

CustomerAdmin.change_form_outer_after_template = "network/installations.html"

__all__ = [
    "DepositAdmin",
    "ItemAdmin",
    "NapBoxAdmin",
    "NapPortAdmin",
    "OltAdmin",
    "SealAdmin",
    "SupplyAdmin",
    "UnitAdmin",
]
