"""Addresses as WhatsApp writes them (`5492612345678@s.whatsapp.net`, `123@lid`, `120363…@g.us`) and as we do.

Without the device (`…:12@…`), which is another one at each linking and is nobody else's.
"""

from typing import Any

from integrations.whatsapp.base import Addr, AddrKind, Unsupported
from integrations.whatsapp.neonize.library import JID

_KINDS: dict[str, AddrKind] = {
    "s.whatsapp.net": "phone",
    "c.us": "phone",
    "hosted": "phone",
    "lid": "lid",
    "hosted.lid": "lid",
    "g.us": "group",
}
_SERVERS: dict[AddrKind, str] = {"phone": "s.whatsapp.net", "lid": "lid", "group": "g.us"}


def addr_of(jid: Any) -> Addr | None:
    """Who a JID is, without its device; None for what is neither a person nor a group."""
    kind = _KINDS.get(jid.Server)
    return Addr(kind, jid.User) if kind and jid.User else None


def jid_of(addr: Addr) -> Any:
    """The JID of an address. Raises: Unsupported for the official API's ids."""
    server = _SERVERS.get(addr.kind)
    if server is None:
        raise Unsupported(f"a linked number cannot write to {addr.kind}")
    return JID(User=addr.value, Server=server, RawAgent=0, Device=0, Integrator=0, IsEmpty=False)


def jid_text(addr: Addr) -> str:
    """As it goes inside a message (who is quoted). Raises: Unsupported."""
    jid = jid_of(addr)
    return f"{jid.User}@{jid.Server}"
