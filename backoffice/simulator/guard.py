"""Who may use the simulator: a person or a program on this very machine, and no web page from elsewhere."""

import ipaddress
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from backoffice.simulator.parsing import BadRequest

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class Refused(Exception):
    """A network's no: HTTP status, Spanish sentence, and `extra` for the bot's adapter."""

    def __init__(self, status: int, message: str, **extra: object) -> None:
        super().__init__(message)
        self.status = status
        self.extra = extra


def is_local(request: HttpRequest, *, navigation: bool = False) -> bool:
    """Whether the request was made on this machine, by no foreign page.

    A proxy on this machine would make the whole world look local, so forwarded requests are not. The Host header
    must be one of ours (a foreign name that resolves here is a rebinding attack). `navigation` also lets a link on
    another page open this one, which shows it and does nothing.
    """
    meta = request.META
    if not settings.SIMULATOR or not _is_loopback(meta.get("REMOTE_ADDR", "")):
        return False
    if "HTTP_X_FORWARDED_FOR" in meta or "HTTP_FORWARDED" in meta:
        return False
    try:
        host = request.get_host()
    except DisallowedHost:
        return False
    origin = meta.get("HTTP_ORIGIN")
    if origin is not None and urlsplit(origin).netloc != host:
        return False
    if meta.get("HTTP_SEC_FETCH_SITE", "none") in ("none", "same-origin"):
        return True
    return navigation and request.method == "GET" and meta.get("HTTP_SEC_FETCH_MODE") == "navigate"


def page(view: View[P]) -> Callable[..., HttpResponseBase]:
    """A page of the simulator: 404 from anywhere else."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not is_local(request, navigation=True):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def api(*methods: str) -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """An endpoint of the API: these methods, JSON out, every refusal a clear JSON too."""

    def decorate(view: View[P]) -> Callable[..., HttpResponseBase]:
        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not is_local(request):
                return JsonResponse({"error": "No existe."}, status=404)
            if request.method not in methods:
                return JsonResponse(
                    {"error": f"Usá {' o '.join(methods)}."}, status=405, headers={"Allow": ", ".join(methods)}
                )
            try:
                return view(request, *args, **kwargs)
            except BadRequest as error:
                return JsonResponse({"error": str(error)}, status=400)
            except RequestDataTooBig:
                return JsonResponse(
                    {"error": "El pedido es demasiado grande: el máximo es 16 MB por archivo."}, status=400
                )
            except Refused as refusal:
                return JsonResponse({"error": str(refusal)} | refusal.extra, status=refusal.status)

        return guarded

    return decorate


def _is_loopback(address: str) -> bool:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(ip, "ipv4_mapped", None)
    return bool((mapped or ip).is_loopback)
