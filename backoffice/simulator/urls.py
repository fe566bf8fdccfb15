from django.urls import path

from backoffice.simulator.views import page, phones, wire

app_name = "simulator"
urlpatterns = [
    path("", page.index, name="index"),
    path("qr.svg", page.qr, name="qr"),
    path("api/messages", phones.messages),
    path("api/groups", phones.groups),
    path("api/groups/<str:group_id>/leave", phones.leave),
    path("api/phones", phones.phones),
    path("api/chats", phones.chats),
    path("api/pulse", phones.pulse),
    path("api/state", phones.state),
    path("api/scan", phones.scan),
    path("api/unlink", phones.unlink),
    path("api/faults", phones.faults),
    path("api/media/<str:handle>", phones.media, name="media"),
    path("api/network/poll", wire.poll),
    path("api/network/state", wire.state),
    path("api/network/pair", wire.pair),
    path("api/network/logout", wire.logout),
    path("api/network/send", wire.send),
    path("api/network/groups", wire.groups),
    path("api/network/groups/<str:group_id>", wire.group),
    path("api/network/groups/<str:group_id>/members", wire.members),
    path("api/network/groups/<str:group_id>/leave", wire.leave),
    path("api/network/groups/<str:group_id>/invite", wire.invite),
    path("api/network/typing", wire.typing),
    path("api/network/read", wire.read),
]
