"""The pages that are no lists; mounted inside the panel's site, so their names start with `admin:`."""

from django.urls import path

from backoffice.panel.pages import chats, console, dashboard, hours

urlpatterns = [
    path("tablero/vivo/", dashboard.live, name="panel_live"),
    path("tablero/consola/", console.console, name="panel_console"),
    path("conversaciones/", chats.chats, name="panel_chats"),
    path("conversaciones/<int:pk>/", chats.chat, name="panel_chat"),
    path("conversaciones/<int:pk>/nuevos/", chats.chat_news, name="panel_chat_news"),
    path("conversaciones/<int:pk>/notas/", chats.save_notes, name="panel_chat_notes"),
    path("horarios/", hours.hours, name="panel_hours"),
]
