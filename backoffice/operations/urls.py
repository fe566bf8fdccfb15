from django.urls import path

from . import views

urlpatterns = [
    path("health/live", views.live, name="health-live"),
    path("health/ready", views.ready, name="health-ready"),
    path("health/ready/<slug:part>", views.ready, name="health-ready-part"),
    path("health/metrics", views.metrics, name="health-metrics"),
]
