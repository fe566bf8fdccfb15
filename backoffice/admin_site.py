"""The panel: Django's admin with our site, our login and the pages that are no lists.

Mounted at `/panel/` by `backoffice/urls.py`. Every page is behind `admin_view`; what a signed-in
person may see is decided page by page, and the answer is no unless a permission says yes.
"""

from typing import Any

from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path
from unfold.sites import UnfoldAdminSite


class PanelConfig(AdminConfig):
    """`django.contrib.admin` with our site; goes into INSTALLED_APPS in its place."""

    default_site = "backoffice.admin_site.PanelSite"


class PanelSite(UnfoldAdminSite):
    """Unfold's site plus the pages of `backoffice.panel` and the forced change of password."""

    index_title = "Tablero"
    empty_value_display = "—"

    def __init__(self, name: str = "admin") -> None:
        from backoffice.accounts.forms import PanelLoginForm

        super().__init__(name)
        self.login_form = PanelLoginForm

    def get_urls(self) -> list[URLPattern | URLResolver]:
        from backoffice.accounts.views import forced_change

        own = [
            path("cambiar-clave/", forced_change, name="forced_password_change"),
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
        from django.shortcuts import redirect

        return redirect("admin:index")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        extra = {"title": "Cambiar mi contraseña", **(extra_context or {})}
        return super().password_change(request, extra)
