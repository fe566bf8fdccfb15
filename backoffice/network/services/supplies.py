"""What is counted or measured: how much comes and goes."""

from typing import Any

from django.db import transaction

from backoffice.common.bulk import signed
from backoffice.common.errors import DomainError
from backoffice.network.models import Deposit, Item, Supply, SupplyMove

MOST = 1_000_000


@transaction.atomic
def change_supply(*, item: Item, deposit: Deposit, change: int, reason: str, by: Any = None) -> Supply:
    """Add to what a deposit has of a thing, or take from it when `change` is negative.

    Raises:
        DomainError: no reason, nothing to change, more than there is, or a thing that has serials.
    """
    if item.has_serials:
        raise DomainError(f"«{item}» se controla por número de serie: cargalo en Equipos.", field="item")
    supply, _ = Supply.objects.get_or_create(item=item, deposit=deposit)
    row = Supply.objects.select_for_update(of=("self",)).select_related("item", "deposit").get(pk=supply.pk)
    return _change(row, change, reason, by)


@transaction.atomic
def transfer_supply(*, supply: Supply, deposit: Deposit, quantity: int, reason: str = "", by: Any = None) -> Supply:
    """Take some to another deposit: a line in each ledger.

    Raises:
        DomainError: the same deposit, or more than there is.
    """
    if supply.deposit_id == deposit.pk:
        raise DomainError("Elegí otro depósito.", field="deposit")
    if quantity < 1:
        raise DomainError("Poné cuánto, con un número mayor que cero.", field="quantity")
    told = f" · {reason.strip()}" if reason.strip() else ""
    change_supply(item=supply.item, deposit=supply.deposit, change=-quantity, reason=f"Pasa a {deposit}{told}", by=by)
    return change_supply(
        item=supply.item, deposit=deposit, change=quantity, reason=f"Viene de {supply.deposit}{told}", by=by
    )


def _change(row: Supply, change: int, reason: str, by: Any) -> Supply:
    if not reason.strip():
        raise DomainError("Escribí el motivo: compra, instalación, rotura…", field="reason")
    if change == 0 or abs(change) > MOST:
        raise DomainError("Poné cuánto, con un número mayor que cero.", field="quantity")
    if row.quantity + change < 0:
        raise DomainError(f"En {row.deposit} hay {row.amount}: no alcanza.", field="quantity")
    if row.quantity + change > MOST:
        raise DomainError("Es demasiado: revisá la cantidad.", field="quantity")
    row.quantity += change
    signed(row, by, reason.strip()).save()
    SupplyMove.objects.create(supply=row, change=change, reason=reason.strip()[:120], by=by)
    return row
