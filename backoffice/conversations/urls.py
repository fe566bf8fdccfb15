from django.urls import path

from . import views

urlpatterns = [path("archivos/<int:pk>/", views.media, name="chat-media")]
