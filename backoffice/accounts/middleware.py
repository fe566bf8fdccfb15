"""Whoever has a password that somebody else chose can do one thing: choose their own (AMB-01)."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse


class ForcedPasswordChange:
    """Answers every URL with the change page while `must_change_password` is set.

    Only signing out, static files and the change itself go through.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(settings.STATIC_URL) or not self._must_change(request):
            return self.get_response(request)
        if request.path in (reverse("admin:forced_password_change"), reverse("admin:logout")):
            return self.get_response(request)
        from backoffice.accounts.views import ask_for_password

        return ask_for_password(request)

    @staticmethod
    def _must_change(request: HttpRequest) -> bool:
        user = request.user
        return bool(user.is_authenticated and user.must_change_password)
