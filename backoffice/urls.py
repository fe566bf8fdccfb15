"""Where each address goes. The panel is Django admin at `/panel/`."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

urlpatterns: list[URLPattern | URLResolver] = [
    path("gateway/", include("backoffice.notices.urls")),  # first: hundreds a second come here
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("", include("backoffice.operations.urls")),
    path("", include("backoffice.conversations.urls")),
    path("panel/", admin.site.urls),
]
if settings.SIMULATOR:
    urlpatterns.append(path("simulator/", include("backoffice.simulator.urls")))
