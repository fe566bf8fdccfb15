"""From which machine a request comes."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The caller's IP address, "" when there is none.

    Behind our proxy it is the last address in X-Forwarded-For, the one that the proxy wrote: what comes before it
    anybody may invent.
    """
    if settings.BEHIND_PROXY:
        written = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
        if written:
            return _valid(written)
    return _valid(str(request.META.get("REMOTE_ADDR", "")))


def network_of(address: str) -> str:
    """Whom an address belongs to: a house or an office has one IPv4, and a whole /64 of IPv6."""
    if ":" not in address:
        return address
    return str(ipaddress.ip_network((address, 64), strict=False))


def _valid(address: str) -> str:
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:  # a socket's file, or an invention
        return ""
