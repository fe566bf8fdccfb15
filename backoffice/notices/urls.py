from django.urls import path

from backoffice.notices import views

urlpatterns = [
    path("<slug:slug>/send", views.send, name="gateway_send"),
    path("<slug:slug>/<str:secret>/send", views.send, name="gateway_send_by_path"),
]
