"""Signs of life for whoever watches the installation: nothing secret, no detail beyond names."""

import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from backoffice.operations import prometheus
from backoffice.operations.readiness import PARTS, checks


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """The web process answers. It asks nobody else: a restart would not mend what is wrong elsewhere."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def ready(request: HttpRequest, part: str = "") -> JsonResponse:
    """{"status": "ok"|"failed", "checks": {name: "ok"|"failed"}}; 200 when all is well, else 503.

    `/health/ready/web` asks only for what a panel needs (for a proxy), `/health/ready/bot` only for who attends.
    """
    if part and part not in PARTS:
        raise Http404
    found = checks((part,) if part else PARTS)
    well = all(found.values())
    told = {name: "ok" if holds else "failed" for name, holds in found.items()}
    return JsonResponse({"status": "ok" if well else "failed", "checks": told}, status=200 if well else 503)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """The counters as Prometheus reads them, for who brings METRICS_TOKEN or may see the health page; else 404."""
    if not (_has_token(request) or request.user.has_perm("operations.view_health")):
        raise Http404
    return HttpResponse(prometheus.exposition(), content_type=prometheus.CONTENT_TYPE)


def _has_token(request: HttpRequest) -> bool:
    brought = request.headers.get("Authorization", "").encode()
    wanted = settings.METRICS_TOKEN.encode()
    return bool(wanted) and hmac.compare_digest(brought, b"Bearer " + wanted)
