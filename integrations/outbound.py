"""How we reach an address that staff typed: checked where it is dialled, bounded in size and time, never redirected.

A name may be checked and then resolve to something else, so the check is on the address that the socket gets: the name
is looked up here, each of its addresses is checked, and the connection is made to that very one.
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterator

import httpx

from integrations.addresses import REFUSED, is_refused
from integrations.errors import Rejected
from integrations.http import cause_of

LARGEST = 4 * 1024 * 1024
TRIED = 3  # addresses of one name
Resolve = Callable[[str, int], list[str]]


class AddressRefused(Rejected):
    """The name leads to a machine that is never asked anything. Retry: with another address."""

    staff_text = REFUSED


def resolved(host: str, port: int) -> list[str]:
    """The addresses of a name, each once. Raises: httpx.ConnectError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpx.ConnectError(str(error)) from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def allowed(host: str, port: int, resolve: Resolve = resolved) -> list[str]:
    """The addresses of a name, when none of them is refused. Raises: AddressRefused, httpx.ConnectError."""
    addresses = resolve(host, port)
    if not addresses or any(is_refused(address) for address in addresses):
        raise AddressRefused(f"{host} leads to {', '.join(addresses) or 'nowhere'}")
    return addresses


def connect(host: str, port: int, *, timeout: float, resolve: Resolve = resolved) -> socket.socket:
    """A socket to a name that staff typed, for what is no HTTP. Raises: AddressRefused, OSError."""
    try:
        addresses = allowed(host, port, resolve)[:TRIED]
    except httpx.ConnectError as error:
        raise cause_of(error) from None  # a socket.gaierror, or a UnicodeError
    for place, address in enumerate(addresses, 1):
        try:
            return socket.create_connection((address, port), timeout)
        except OSError:
            if place == len(addresses):
                raise
    raise OSError("no address")


class OutboundTransport(httpx.BaseTransport):
    """httpx's transport, which speaks to no refused address and stops reading after `deadline` seconds or `largest`
    bytes (`LARGEST` where nothing is said).

    `verify` is whether the server must prove who it is; the name it proves is the one that was typed.
    Raises: AddressRefused, and what httpx raises.
    """

    def __init__(
        self,
        *,
        verify: bool = True,
        deadline: float = 30.0,
        largest: int | None = None,
        resolve: Resolve = resolved,
        inner: httpx.BaseTransport | None = None,
    ) -> None:
        self._inner = inner or httpx.HTTPTransport(verify=verify, trust_env=False)
        self._deadline, self._largest, self._resolve = deadline, largest or LARGEST, resolve

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        until = time.monotonic() + self._deadline
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        addresses = allowed(_ascii(request.url), port, self._resolve)
        return _bounded(self._first_that_connects(request, addresses[:TRIED]), until, self._largest)

    def _first_that_connects(self, request: httpx.Request, addresses: list[str]) -> httpx.Response:
        """A connection that was never made may be tried at the name's next address."""
        for place, address in enumerate(addresses, 1):
            try:
                return self._inner.handle_request(_aimed(request, address))
            except httpx.ConnectError as error:
                if place == len(addresses) or isinstance(cause_of(error), ssl.SSLError):
                    raise
        raise httpx.ConnectError("no address")

    def close(self) -> None:
        self._inner.close()


def _aimed(request: httpx.Request, address: str) -> httpx.Request:
    """The same request to that address: its Host and the certificate's name stay those of the URL."""
    headers = httpx.Headers(request.headers)
    headers["Accept-Encoding"] = "identity"  # so the size that is read is the size that comes
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": _ascii(request.url)},
    )


def _ascii(url: httpx.URL) -> str:
    """The host as it is looked up and certified; `url.host` is for people."""
    return url.raw_host.decode("ascii")


def _bounded(response: httpx.Response, until: float, largest: int) -> httpx.Response:
    if response.headers.get("content-encoding", "identity") != "identity":
        response.close()
        raise httpx.RemoteProtocolError("compressed, though it was asked not to be")
    return httpx.Response(
        response.status_code,
        headers=response.headers,
        stream=_Bounded(response, until, largest),
        extensions=response.extensions,
    )


class _Bounded(httpx.SyncByteStream):
    """A body that ends, whatever the other side sends and however slowly."""

    def __init__(self, response: httpx.Response, until: float, largest: int) -> None:
        self._response, self._until, self._largest = response, until, largest

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for part in self._response.iter_raw():
            size += len(part)
            if size > self._largest:
                raise httpx.RemoteProtocolError(f"more than {self._largest} bytes")
            if time.monotonic() > self._until:
                raise httpx.ReadTimeout("the whole answer took too long")
            yield part

    def close(self) -> None:
        self._response.close()
