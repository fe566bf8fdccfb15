"""The doors: signing in with one step or two, and what must be done before anything else."""

from http import HTTPStatus
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters

from backoffice.accounts import door, links, selectors, services, totp
from backoffice.accounts.forms import CodeForm, LinkPasswordForm, OwnPasswordForm
from backoffice.accounts.models import User
from backoffice.common.errors import DomainError
from backoffice.common.qr import qr_svg

PASSWORD_PAGE = "registration/forced_password_change.html"  # noqa: S105 # a template
LINK_PAGE, DEAD_PAGE = "registration/choose_password.html", "registration/dead_link.html"
CODE_PAGE = "registration/second_step.html"
FACTOR_PAGE = "registration/forced_second_factor.html"
CODES_PAGE = "registration/recovery_codes.html"


class PanelLogin(LoginView):
    """The password; whoever has a second factor goes on to give its code."""

    def form_valid(self, form: Any) -> HttpResponse:
        user, next_page = form.get_user(), self.get_success_url()
        if selectors.has_second_factor(user):
            door.ask_second_step(self.request, user, next_page)
            return redirect("admin:second_step")
        door.let_in(self.request, user)
        return redirect(next_page)


@sensitive_post_parameters()
@csrf_protect
@never_cache
def second_step(request: HttpRequest) -> HttpResponse:
    """The code of the telephone, or a recovery one, of who gave the right password minutes ago."""
    waiting = door.at_second_step(request)
    if waiting is None:
        return redirect("admin:login")
    user, next_page = waiting
    form = CodeForm(user, request, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, CODE_PAGE, "Verificación en dos pasos", form=form)
    door.let_in(request, user)
    return redirect(next_page)


@never_cache
def ask_for_password(request: HttpRequest) -> HttpResponse:
    """The change page as the answer to whatever was asked; its form posts to `forced_change`."""
    return _page(request, PASSWORD_PAGE, "Elegí tu contraseña", form=OwnPasswordForm(_person(request)))


@sensitive_post_parameters()
@never_cache
def forced_change(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect("admin:login")
    if not request.user.must_change_password:
        return redirect("admin:password_change")
    user = _person(request)
    form = OwnPasswordForm(user, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, PASSWORD_PAGE, "Elegí tu contraseña", form=form)
    password = form.cleaned_data["new_password1"]
    services.change_own_password(user=user, password=password, session=request.session.get(door.SESSION))
    door.keep_in(request, user)
    messages.success(request, "Listo, ya tenés tu propia contraseña.")
    return redirect("admin:panel_start")


@sensitive_post_parameters()
@csrf_protect
@never_cache
def choose_password(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """Where the link of a mail leads. Opening it uses nothing up: some mail programs open links by themselves."""
    user = links.owner_of(pk, token)
    if user is None:
        return _dead_link(request)
    form = LinkPasswordForm(user, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        page = _page(request, LINK_PAGE, "Elegí tu contraseña", form=form, someone=user)
        page.headers["Referrer-Policy"] = "no-referrer"
        return page
    try:
        services.choose_password(pk=pk, token=token, password=form.cleaned_data["new_password1"])
    except DomainError:  # it was used in another window meanwhile
        return _dead_link(request)
    messages.success(request, f"Listo. Ingresá con tu usuario ({user.username}) y la contraseña que elegiste.")
    return redirect("admin:login")


def _dead_link(request: HttpRequest) -> HttpResponse:
    page = _page(request, DEAD_PAGE, "El enlace no sirve", why=services.DEAD_LINK)
    page.status_code = HTTPStatus.GONE
    return page


@never_cache
def ask_for_second_factor(request: HttpRequest, error: str = "") -> HttpResponse:
    """The QR as the answer to whatever was asked, when a role needs a second factor that is not set up."""
    user = _person(request)
    if selectors.has_second_factor(user):  # set up meanwhile in another window
        request.session.pop(door.NEEDS_FACTOR, None)
        return redirect("admin:index")
    factor = services.begin_second_factor(user=user)
    picture = qr_svg(totp.uri(factor.secret, user.username))
    return _page(request, FACTOR_PAGE, "Verificación en dos pasos", factor=factor, picture=picture, error=error)


@sensitive_post_parameters()
@never_cache
def forced_second_factor(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect("admin:login")
    if not request.session.get(door.NEEDS_FACTOR):
        return redirect("admin:index")
    if request.method != "POST":
        return ask_for_second_factor(request)
    try:
        codes = services.confirm_second_factor(user=_person(request), code=request.POST.get("code", ""))
    except DomainError as error:
        return ask_for_second_factor(request, error.message)
    request.session.pop(door.NEEDS_FACTOR)
    return _page(request, CODES_PAGE, "Guardá estos códigos", codes=codes, onwards=reverse("admin:index"))


def _person(request: HttpRequest) -> User:
    """Who is signed in; pages are only asked for by people with an account."""
    return cast(User, request.user)


def _page(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    return render(request, template, {**admin.site.each_context(request), "title": title, **context})
