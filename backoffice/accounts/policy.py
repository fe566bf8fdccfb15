"""What a browser may load and run in our pages: only what comes from here, and no script written in the markup.

It is the second lock behind escaping: a `<script>` that somebody managed to write into a page is not run. Alpine, which
unfold's menus are made of, compiles its expressions, so `unsafe-eval` stays; styles in attributes are everywhere.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADER = "Content-Security-Policy"
_RULES = {
    "default-src": "'self'",
    "script-src": "'self' 'unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "media-src": "'self' data: blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}


class ContentSecurityPolicy:
    """Sets the policy on every answer that has none of its own (a chat's files have a stricter one)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault(HEADER, policy())
        return response


def policy() -> str:
    """The header's value. Only the simulator's page may frame ours."""
    rules = _RULES | {"frame-ancestors": "'self'" if settings.SIMULATOR else "'none'"}
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())
