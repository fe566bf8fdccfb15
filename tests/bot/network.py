"""A network for group jobs that lives in memory: it fails when it is told to, and remembers what it was asked."""

from collections.abc import Callable, Sequence
from typing import Any, cast

from integrations.whatsapp.base import (
    Addr,
    Cap,
    GroupInfo,
    GroupResult,
    Limits,
    Member,
    MemberOp,
    MemberResult,
    NotInGroup,
    Transport,
)

EVERYTHING = Cap.GROUPS | Cap.GROUP_ADMIN | Cap.INVITE_LINK | Cap.IDEMPOTENT_SEND


class Network:
    """`failing` holds what the next calls raise (None lets one pass); `refusing` people cannot be added."""

    def __init__(self, caps: Cap = EVERYTHING) -> None:
        self.caps, self.limits = caps, Limits()
        self.groups: dict[str, dict[str, Any]] = {}
        self.references: dict[str, str] = {}
        self.failing: list[Exception | None] = []
        self.refusing: dict[str, str] = {}
        self.calls: list[str] = []
        self.after_creating: Callable[[], None] = lambda: None

    @property
    def transport(self) -> Transport:
        return cast(Transport, self)

    def create_group(self, name: str, members: Sequence[Addr], *, client_ref: str = "") -> GroupResult:
        self._enter(f"create {name}")
        group = self.references.get(client_ref) if Cap.IDEMPOTENT_SEND in self.caps else None
        if group is None:
            group = f"120363{len(self.groups)}"
            self.references[client_ref] = group
            self.groups[group] = {"name": name, "members": {}, "admins": set()}
        self.after_creating()
        return GroupResult(Addr.group(group), tuple(self._add(group, member) for member in members))

    def change_members(self, group: Addr, op: MemberOp, members: Sequence[Addr]) -> list[MemberResult]:
        self._enter(f"{op} {group.value}")
        if group.value not in self.groups:
            raise NotInGroup
        found = self.groups[group.value]
        if op == "add":
            return [self._add(group.value, member) for member in members]
        for member in members:
            if op == "remove":
                found["members"].pop(member.value, None)
            elif member.value in found["members"]:
                found["admins"].add(member.value)
        return [MemberResult(member) for member in members]

    def list_groups(self) -> list[GroupInfo]:
        return [
            GroupInfo(Addr.group(key), group["name"], tuple(Member(Addr.phone(one)) for one in group["members"]))
            for key, group in self.groups.items()
        ]

    def invite_link(self, group: Addr) -> str:
        return f"https://chat.whatsapp.com/{group.value}"

    def _enter(self, call: str) -> None:
        self.calls.append(call)
        failure = self.failing.pop(0) if self.failing else None
        if failure is not None:
            raise failure

    def _add(self, group: str, member: Addr) -> MemberResult:
        status = self.refusing.get(member.value)
        if status is not None:
            return MemberResult(member, cast(Any, status), "")
        self.groups[group]["members"][member.value] = True
        return MemberResult(member)
