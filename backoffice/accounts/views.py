"""The page where a person chooses their own password."""

from django.contrib import admin, messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from backoffice.accounts import services
from backoffice.accounts.forms import ForcedPasswordForm

TEMPLATE = "registration/forced_password_change.html"


@never_cache
def ask_for_password(request: HttpRequest) -> HttpResponse:
    """The change page as the answer to whatever was asked; its form posts to `forced_change`."""
    return _page(request, ForcedPasswordForm(request.user))


@sensitive_post_parameters()
@never_cache
def forced_change(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect("admin:login")
    if not request.user.must_change_password:
        return redirect("admin:password_change")
    form = ForcedPasswordForm(request.user, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    services.change_own_password(user=request.user, password=form.cleaned_data["new_password1"])
    update_session_auth_hash(request, request.user)
    messages.success(request, "Listo, ya tenés tu propia contraseña.")
    return redirect("admin:index")


def _page(request: HttpRequest, form: ForcedPasswordForm) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": "Elegí tu contraseña", "form": form}
    return render(request, TEMPLATE, context)
