"""Addresses that staff type: put in one form, and the few machines that are never asked anything.

An ISP's system is often on the ISP's own network, so private addresses are fine. What is refused is what only this
server can reach by being where it is: a cloud's metadata (it gives keys to whoever asks), link-local, multicast.
"""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

_REFUSED = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "169.254.0.0/16",  # link-local, and the metadata of most clouds
        "100.100.100.200/32",  # Alibaba's
        "168.63.129.16/32",  # Azure's
        "192.0.0.192/32",  # Oracle's
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/128",
        "fe80::/10",
        "fd00:ec2::254/128",  # Amazon's
        "ff00::/8",
    )
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?", re.IGNORECASE)
NO_ADDRESS = "No es una dirección. Por ejemplo: https://mikrowisp.tuempresa.com.ar."
NO_HOST = "Va solo el nombre del servidor, sin https ni puerto. Por ejemplo: smtp.tuempresa.com.ar."
REFUSED = "Esa dirección no se puede usar: es interna del servidor o de su nube."

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class WrongValue(ValueError):
    """What somebody typed cannot be; the text is Spanish and goes beside the field."""


def clean_url(text: str) -> str:
    """`https://host[:port][/path]` of what was typed or copied from a browser; https where nothing says otherwise.

    Raises: WrongValue.
    """
    typed = text.strip()
    parts = _parts(typed if "://" in typed else f"https://{typed}")
    if parts.scheme not in ("http", "https"):
        raise WrongValue("Tiene que empezar con https:// o http://.")
    if "@" in parts.netloc:
        raise WrongValue("Sin usuario ni contraseña adentro de la dirección.")
    if parts.query or parts.fragment:
        raise WrongValue("Poné la dirección hasta antes del «?» o del «#».")
    return f"{parts.scheme}://{_host(parts)}{parts.path.rstrip('/')}"


def clean_host(text: str) -> str:
    """The bare name or IP of a server, as it is looked up. Raises: WrongValue."""
    typed = text.strip()
    if "://" in typed or "/" in typed or "@" in typed:
        raise WrongValue(NO_HOST)
    try:
        ipaddress.ip_address(typed.strip("[]"))
    except ValueError:
        if ":" in typed:
            raise WrongValue(NO_HOST) from None
    else:
        typed = typed.strip("[]")
        if is_refused(typed):
            raise WrongValue(REFUSED)
        return typed
    return _name(typed.rstrip("."))


def origin_of(url: str) -> str:
    """Scheme, host and port: who is spoken to."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def is_refused(text: str) -> bool:
    """Whether nothing may be sent to this IP address, however it is wrapped into IPv6."""
    address: Address | None = ipaddress.ip_address(text)
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            address = inner
    return any(address in network for network in _REFUSED)


def _parts(url: str) -> SplitResult:
    if any(ord(char) <= 32 or char in "\\<>\"'`{}" for char in url):
        raise WrongValue(NO_ADDRESS)
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises when it is no number
    except ValueError:
        raise WrongValue(NO_ADDRESS) from None
    if not parts.hostname or parts.netloc.endswith(":"):
        raise WrongValue(NO_ADDRESS)
    return parts


def _host(parts: SplitResult) -> str:
    """Host and port as they are sent, the name in ASCII."""
    name = (parts.hostname or "").rstrip(".")
    port = "" if parts.port is None else f":{parts.port}"
    try:
        literal = ipaddress.ip_address(name)
    except ValueError:
        return _name(name) + port
    if is_refused(name):
        raise WrongValue(REFUSED)
    return (f"[{name}]" if literal.version == 6 else name) + port


def _name(name: str) -> str:
    try:
        plain = name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        raise WrongValue(NO_ADDRESS) from None
    if not _HOST.fullmatch(plain):
        raise WrongValue(NO_ADDRESS)
    return plain.lower()
