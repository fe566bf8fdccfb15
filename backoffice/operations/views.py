"""Signs of life for whoever watches the installation."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe


@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """The web process answers. It asks nobody else: a restart would not mend what is wrong elsewhere."""
    return JsonResponse({"status": "ok"})
