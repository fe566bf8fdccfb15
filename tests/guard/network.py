"""No test may reach the network: any socket outside loopback fails loudly.

The failure is not an `Exception`, so that neither an adapter's error handling nor the loops of the bot swallow it.
"""

import ipaddress
import socket
from collections.abc import Callable
from typing import Any


class NetworkForbidden(BaseException):
    """A test tried to leave this machine."""

    def __init__(self, where: object) -> None:
        super().__init__(f"A test tried to reach {where!r}. Tests stay on loopback: fake the outside at its port.")


def is_local(host: object) -> bool:
    """Whether a host given to a socket or a resolver is this machine."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in (None, "", "localhost", "localhost.localdomain"):
        return True
    try:
        address = ipaddress.ip_address(str(host).split("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def install() -> None:
    """Watch every connection and every name look-up of this process. Calling it twice is harmless."""
    if getattr(socket.getaddrinfo, "guarded", False):
        return
    for name in ("connect", "connect_ex"):
        _replace(socket.socket, name, _guarded_connect(getattr(socket.socket, name)))
    _replace(socket.socket, "sendto", _guarded_sendto(socket.socket.sendto))
    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
        _replace(socket, name, _guarded_lookup(getattr(socket, name)))


def _replace(owner: Any, name: str, guarded: Callable[..., Any]) -> None:
    guarded.guarded = True  # type: ignore[attr-defined]
    setattr(owner, name, guarded)


def _refuse_unless_local(family: int, address: Any) -> None:
    if family in (socket.AF_INET, socket.AF_INET6) and not is_local(address[0]):
        raise NetworkForbidden(address)


def _guarded_connect(original: Callable[..., Any]) -> Callable[..., Any]:
    def connect(self: socket.socket, address: Any) -> Any:
        _refuse_unless_local(self.family, address)
        return original(self, address)

    return connect


def _guarded_sendto(original: Callable[..., Any]) -> Callable[..., Any]:
    def sendto(self: socket.socket, data: Any, *rest: Any) -> Any:
        _refuse_unless_local(self.family, rest[-1])
        return original(self, data, *rest)

    return sendto


def _guarded_lookup(original: Callable[..., Any]) -> Callable[..., Any]:
    def lookup(host: Any, *rest: Any, **named: Any) -> Any:
        if not is_local(host):
            raise NetworkForbidden(host)
        return original(host, *rest, **named)

    return lookup
