"""What every page of ours shares: who may see it, how it is rendered, what a refusal looks like."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from backoffice.accounts.models import User
from backoffice.common.errors import DomainError
from backoffice.panel.tick import tick

P = ParamSpec("P")
ALL_STAFF = "*"  # instead of a permission: whoever is signed in, for what is their own
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def page(*permissions: str) -> Callable[[View[P]], View[P]]:
    """A page for signed-in staff with any of `permissions`; everybody else gets the login or a 403.

    A `DomainError` of a POST comes back as a message on the page it was sent from.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            require(request, *permissions)
            request.GET = _without_nulls(request.GET)  # type: ignore[assignment]
            request.POST = _without_nulls(request.POST)  # type: ignore[assignment]
            try:
                return view(request, *args, **kwargs)
            except DomainError as error:
                if request.method != "POST":
                    raise
                messages.error(request, error.message)
                return back(request)
            finally:
                if request.method == "POST":
                    tick.forget()  # who changes something sees it at once

        @wraps(view)
        def entry(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            return admin.site.admin_view(guarded)(request, *args, **kwargs)

        entry.permissions = permissions  # type: ignore[attr-defined]
        return entry  # type: ignore[return-value]

    return decorate


def _without_nulls(data: QueryDict) -> QueryDict:
    """What was sent without the NUL character, which PostgreSQL refuses and nobody types."""
    if not any("\x00" in value for _, values in data.lists() for value in values):
        return data
    clean = data.copy()
    for name, values in data.lists():
        clean.setlist(name, [value.replace("\x00", "") for value in values])
    return clean


def require(request: HttpRequest, *permissions: str) -> None:
    """Raises PermissionDenied unless the person has one of `permissions`."""
    if ALL_STAFF not in permissions and not any(request.user.has_perm(permission) for permission in permissions):
        raise PermissionDenied


def person(request: HttpRequest) -> User:
    """Who is at the screen; pages are only for people with an account."""
    return cast(User, request.user)


def show(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    request.current_app = admin.site.name  # type: ignore[attr-defined]
    return render(request, template, {**admin.site.each_context(request), "title": title, **context})


def back(request: HttpRequest, otherwise: str = "admin:index") -> HttpResponse:
    """To the page the form was on, if it is ours."""
    came_from = request.META.get("HTTP_REFERER", "")
    if url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()}):
        return redirect(came_from)
    return redirect(otherwise)
