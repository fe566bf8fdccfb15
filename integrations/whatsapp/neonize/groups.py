"""Groups as the library tells them, and as the port has them."""

from collections.abc import Iterable, Sequence
from typing import Any

from integrations.whatsapp.base import Addr, GroupInfo, Member, MemberOp, MemberResult
from integrations.whatsapp.neonize.incoming import Me
from integrations.whatsapp.neonize.jids import addr_of
from integrations.whatsapp.neonize.library import ParticipantChange
from integrations.whatsapp.neonize.spool import Spool

CHANGES = {
    "add": ParticipantChange.ADD,
    "remove": ParticipantChange.REMOVE,
    "promote": ParticipantChange.PROMOTE,
    "demote": ParticipantChange.DEMOTE,
}
NEEDS_INVITE, NOT_ON_WHATSAPP, ALREADY = 403, 404, 409


def addresses(participant: Any) -> list[Addr]:
    """Every address told of somebody in a group, the one by which the group names them first."""
    told = (addr_of(jid) for jid in (participant.JID, participant.PhoneNumber, participant.LID))
    return list(dict.fromkeys(addr for addr in told if addr is not None and not addr.is_group))


def info_of(told: Any, me: Me) -> GroupInfo | None:
    """The group; None when the library tells no group at all."""
    group = addr_of(told.JID)
    if group is None:
        return None
    members, me_admin = [], False
    for participant in told.Participants:
        known, admin = addresses(participant), bool(participant.IsAdmin or participant.IsSuperAdmin)
        if any(me.is_me(addr) for addr in known):
            me_admin = admin
        elif known:
            members.append(_member(known, admin))
    return GroupInfo(group, told.GroupName.Name, tuple(members), me_admin)


def _member(known: Sequence[Addr], admin: bool) -> Member:
    """By phone where the group tells it: that is how staff are known."""
    addr = next((one for one in known if one.kind == "phone"), known[0])
    return Member(addr, admin, next((one for one in known if one != addr), None))


def results(
    asked: Sequence[Addr], told: Iterable[Any], *, spool: Spool, op: MemberOp | None = None
) -> list[MemberResult]:
    """How it went for each of those asked, in order. `op` is None for a new group."""
    found = {addr: participant for participant in told for addr in addresses(participant)}
    found |= {spool.phone_of(addr): participant for addr, participant in list(found.items())}
    return [_result(member, found.get(member) or found.get(spool.phone_of(member)), op) for member in asked]


def _result(member: Addr, participant: Any, op: MemberOp | None) -> MemberResult:
    if participant is None:
        return MemberResult(member, "error", "WhatsApp no dijo qué pasó con esta persona.")
    code = participant.Error
    adding = op in (None, "add")
    if not code or (adding and code == ALREADY) or (op == "remove" and code == NOT_ON_WHATSAPP):
        return MemberResult(member)
    if adding and code == NEEDS_INVITE:
        return MemberResult(member, "needs_invite", "No permite que la agreguen a grupos.")
    if adding and code == NOT_ON_WHATSAPP:
        return MemberResult(member, "not_on_whatsapp", "No tiene WhatsApp.")
    return MemberResult(member, "error", f"WhatsApp respondió {code}.")
