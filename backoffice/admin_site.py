"""The panel: Django's admin with our site, our login and the pages that are no lists.

Mounted at `/panel/` by `backoffice/urls.py`. Every page is behind `admin_view`; what a signed-in
person may see is decided page by page, and the answer is no unless a permission says yes.
"""

import time
from collections.abc import Iterable
from typing import Any

from django.contrib.admin.apps import AdminConfig
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.decorators import method_decorator
from django.utils.functional import SimpleLazyObject
from django.views.decorators.cache import never_cache
from unfold.sites import UnfoldAdminSite


class PanelConfig(AdminConfig):
    """`django.contrib.admin` with our site; goes into INSTALLED_APPS in its place."""

    default_site = "backoffice.admin_site.PanelSite"


class PanelSite(UnfoldAdminSite):
    """Unfold's site plus the pages of `backoffice.panel` and the doors of `backoffice.accounts`."""

    index_title = "Tablero"
    empty_value_display = "—"

    def __init__(self, name: str = "admin") -> None:
        from backoffice.accounts.forms import PanelLoginForm

        super().__init__(name)
        self.login_form = PanelLoginForm

    def get_urls(self) -> list[URLPattern | URLResolver]:
        from backoffice.accounts.views import choose_password, forced_change, forced_second_factor, second_step
        from backoffice.mail.views import forgotten

        own = [
            path("login/codigo/", second_step, name="second_step"),
            path("olvide-mi-clave/", forgotten, name="forgotten_password"),
            path("elegir-clave/<int:pk>/<str:token>/", choose_password, name="choose_password"),
            path("cambiar-clave/", forced_change, name="forced_password_change"),
            path("activar-dos-pasos/", forced_second_factor, name="forced_second_factor"),
            path("", include("backoffice.panel.urls")),
        ]
        return own + super().get_urls()

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        from backoffice.panel.pages.dashboard import dashboard

        return dashboard(request)

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """There are no pages by application: the sidebar is the map."""
        return redirect("admin:index")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Gathered only when read: our sidebar has a list of its own, and every page would ask each screen."""
        gather = super().get_app_list
        return SimpleLazyObject(lambda: gather(request, app_label))

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Unfold's without its memory of five minutes: who may see less since a second ago is told less."""
        from backoffice.panel.search import find

        start = time.perf_counter()
        term = request.GET.get("s", "").strip()
        if not term:
            return HttpResponse()
        pages = Paginator(find(request, term), 100)
        extended = "extended" in request.GET
        context = {
            "page_obj": pages,
            "results": pages.page(1),
            "page_counter": 0,
            "execution_time": time.perf_counter() - start,
            "command_show_history": False,
        }
        name = "command_results" if extended else "search_results"
        return TemplateResponse(request, f"unfold/helpers/{name}.html", context, headers={"HX-Trigger": "search"})

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Django's, with our view: it knows sessions and second factors."""
        from backoffice.accounts.views import PanelLogin
        from backoffice.mail.selectors import mail_is_connected

        if request.method == "GET" and self.has_permission(request):
            return redirect("admin:index")
        context = {
            **self.each_context(request),
            "title": "Ingresar",
            "app_path": request.get_full_path(),
            "mail_is_connected": mail_is_connected(),
            "username": request.user.get_username(),
            **(extra_context or {}),
        }
        if REDIRECT_FIELD_NAME not in {**request.GET, **request.POST}:
            context[REDIRECT_FIELD_NAME] = reverse("admin:index")
        request.current_app = self.name  # type: ignore[attr-defined]
        view: Any = PanelLogin.as_view(
            extra_context=context, authentication_form=self.login_form, template_name="admin/login.html"
        )
        return view(request)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        from backoffice.accounts.door import leaving

        if request.method == "POST":
            leaving(request)
        return super().logout(request, extra_context)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        from backoffice.panel.pages.account import change_password

        return change_password(request)

    def note_data(self, request: HttpRequest, text: str) -> None:
        """Audit that a list left or came in, whichever its table."""
        from backoffice.accounts.audit import Kind, note

        note(Kind.DATA, text, request=request)

    def tell_kept(self, request: HttpRequest, model: type[Model]) -> None:
        """Say, after deleting rows of that table, that they are in the trash."""
        from backoffice.safekeeping.telling import tell_kept

        tell_kept(request, model)

    def note_deletions(self, rows: Iterable[Model]) -> None:
        """Audit what somebody deletes in a screen, whichever its table."""
        from backoffice.accounts.audit import Kind, note

        for row in rows:
            note(Kind.DELETED, f"Borró {row._meta.verbose_name} «{row}»", about=f"{row._meta.verbose_name} {row.pk}")
