"""What the gateway's address needs of its rows, kept in memory for a moment: the fast path reads nothing."""

import ipaddress
import logging
import time
from dataclasses import dataclass

from backoffice.company.models import Company
from backoffice.notices.models import Gateway
from integrations.understanding.notice_kinds import KindRule, parse_rules

log = logging.getLogger(__name__)

KEPT = 1.0  # seconds: a change is in force within one, as everywhere

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Door:
    """A gateway as its view uses it. `networks` empty lets everybody knock; `area` completes local numbers."""

    id: int
    name: str
    enabled: bool
    key_hash: str
    networks: tuple[Network, ...]
    rules: tuple[KindRule, ...]
    area: str

    def lets_in(self, address: str) -> bool:
        if not self.networks:
            return True
        try:
            caller = ipaddress.ip_address(address)
        except ValueError:
            return False
        mapped = getattr(caller, "ipv4_mapped", None) or caller
        return any(mapped in network for network in self.networks if network.version == mapped.version)


_kept: tuple[float, dict[str, Door]] | None = None


def door(slug: str) -> Door | None:
    """The door behind an address; at most two queries a second, whatever is asked."""
    global _kept
    kept, now = _kept, time.monotonic()
    if kept is None or not 0 <= now - kept[0] < KEPT:
        kept = _kept = (now, _read())
    return kept[1].get(slug)


def forget() -> None:
    """Read again next time: a gateway changed here, or another database is in use."""
    global _kept
    _kept = None


def open_door(gateway: Gateway, area: str) -> Door:
    return Door(
        id=gateway.pk,
        name=gateway.name,
        enabled=gateway.enabled,
        key_hash=gateway.key_hash,
        networks=tuple(ipaddress.ip_network(line, strict=False) for line in gateway.allowed_ips.split()),
        rules=parse_rules(gateway.rules),
        area=area,
    )


def default_area() -> str:
    return Company.objects.filter(pk=1).values_list("default_area_code", flat=True).first() or ""


def _read() -> dict[str, Door]:
    """Every door by its slug. One whose row makes no sense stays closed, and the others open."""
    area = default_area()
    found: dict[str, Door] = {}
    for gateway in Gateway.objects.all():
        try:
            found[gateway.slug] = open_door(gateway, area)
        except ValueError as error:  # written past the form, which checks both lists
            log.error("gateway %s is closed, its row cannot be read: %s", gateway.slug, error)
    return found
