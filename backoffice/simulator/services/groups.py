"""Groups, as the bot makes and changes them."""

from collections.abc import Sequence
from secrets import token_urlsafe
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from backoffice.simulator.models import Group, Member, Phone, WireEvent
from backoffice.simulator.selectors import address
from backoffice.simulator.services.clock import take_seq, wire_event
from backoffice.simulator.services.faults import take_fault
from integrations.whatsapp.base import Addr, GroupChanged, MemberOp, MemberResult


@transaction.atomic
def create_group(
    *, name: str, phones: Sequence[Phone], client_ref: str | None = None
) -> tuple[Group, list[MemberResult]]:
    """A new group with the bot as admin. A `client_ref` already used gives the group it made, unless repeats pass."""
    slot = take_seq()
    if client_ref:
        before = Group.objects.filter(client_ref=client_ref).first()
        if before is not None and settings.SIMULATOR_REFUSES_REPEATS:
            return before, _add(before, phones, seq=slot.first)
        if before is not None:
            client_ref = None
    group = Group.objects.create(
        wire_id=f"120363{uuid4().int % 10**12:012d}",
        name=name,
        invite_code=token_urlsafe(16),
        client_ref=client_ref,
    )
    return group, _add(group, phones, seq=slot.first)


@transaction.atomic
def change_members(*, group: Group, op: MemberOp, phones: Sequence[Phone]) -> list[MemberResult]:
    """Add, remove, promote or demote; each phone's own result, in order. Repeating it does no harm."""
    slot = take_seq()
    if op == "add":
        return _add(group, phones, seq=slot.first)
    inside = set(Member.objects.filter(group=group, phone__in=phones).values_list("phone_id", flat=True))
    chosen = Member.objects.filter(group=group, phone__in=phones)
    if op == "remove":
        chosen.delete()
        return [MemberResult(address(phone)) for phone in phones]
    chosen.update(admin=op == "promote")
    return [
        MemberResult(address(phone))
        if phone.pk in inside
        else MemberResult(address(phone), "error", "No está en el grupo.")
        for phone in phones
    ]


@transaction.atomic
def leave_group(*, group: Group, phone: Phone | None = None) -> None:
    """The bot leaves, or a phone does (and the bot is told). Whoever is out already: nothing."""
    slot = take_seq()
    if phone is None:
        Group.objects.filter(pk=group.pk).update(bot_member=False)
        return
    gone, _ = Member.objects.filter(group=group, phone=phone).delete()
    if gone and group.bot_member:
        event = GroupChanged(
            event_id=f"group:{uuid4().hex}",
            group=Addr.group(group.wire_id),
            change="left",
            at=timezone.now(),
            members=(address(phone),),
        )
        WireEvent.objects.bulk_create([wire_event(event, seq=slot.first if slot.online else None)])


def _add(group: Group, phones: Sequence[Phone], *, seq: int) -> list[MemberResult]:
    inside = set(Member.objects.filter(group=group, phone__in=phones).values_list("phone_id", flat=True))
    results, joining = [], []
    for phone in phones:
        if phone.pk not in inside and take_fault(kinds=("group_add_refused",), phone=phone):
            results.append(MemberResult(address(phone), "needs_invite", "Su privacidad pide una invitación."))
            continue
        results.append(MemberResult(address(phone)))
        if phone.pk not in inside:
            inside.add(phone.pk)
            joining.append(Member(group=group, phone=phone, joined_seq=seq, read_seq=seq))
    Member.objects.bulk_create(joining)
    return results
