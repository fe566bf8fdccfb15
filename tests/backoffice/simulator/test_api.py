"""The phones' API: what a person, a test or somebody careless may send."""

import base64

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backoffice.simulator import selectors, services
from backoffice.simulator.models import Message
from integrations.whatsapp.base import Addr
from tests.backoffice.simulator.conftest import ANA, JUAN, MARIA, Api

NO_JSON = [b"", b"hola", b"[1]", b"null", b'{"from":', b"\xff\xfe", b"[" * 100_000, b'"x"']
HTML = base64.b64encode(b"<script>alert(1)</script>").decode()


def bot_says(phone: str, text: str) -> Message:
    return services.bot_sends(new=services.BotMessage(phone=services.ensure_phone(number=phone), group=None, text=text))


@pytest.mark.parametrize("path", ["messages", "faults", "phones", "network/send", "network/groups", "network/read"])
@pytest.mark.parametrize("raw", NO_JSON)
def test_what_is_no_json_object_is_refused_in_spanish(linked: Api, path, raw):
    answer = linked.client.post(f"/simulator/api/{path}", raw, content_type="application/json")
    assert answer.status_code == 400
    assert "JSON" in answer.json()["error"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"from": MARIA}, 400),
        ({"from": MARIA, "chat": "bot"}, 400),
        ({"from": MARIA, "chat": "bot", "text": "   "}, 400),
        ({"from": MARIA, "chat": "bot", "text": 5}, 400),
        ({"from": MARIA, "chat": "bot", "text": "hola\x00"}, 400),
        ({"from": MARIA, "chat": "bot", "text": "\ud83d"}, 400),
        ({"from": MARIA, "chat": "", "text": "hola"}, 400),
        ({"from": MARIA, "chat": None, "text": "hola"}, 400),
        ({"from": MARIA, "chat": ["bot"], "text": "hola"}, 400),
        ({"from": MARIA, "chat": "x" * 41, "text": "hola"}, 400),
        ({"from": MARIA, "chat": "120363", "text": "hola"}, 404),
        ({"from": MARIA, "chat": "grupo\x00", "text": "hola"}, 404),
        ({"from": "María", "chat": "bot", "text": "hola"}, 400),
        ({"from": 5492612345678, "chat": "bot", "text": "hola"}, 400),
        ({"from": "123", "chat": "bot", "text": "hola"}, 400),
        ({"from": MARIA, "chat": "bot", "text": "hola", "id": "a b"}, 400),
        ({"from": MARIA, "chat": "bot", "text": "hola", "id": 7}, 400),
        ({"from": MARIA, "chat": "bot", "text": "hola", "quoted_id": {}}, 400),
        ({"from": MARIA, "chat": "bot", "media": {"kind": "hologram"}}, 400),
    ],
)
def test_a_message_that_is_wrong_is_refused_and_nothing_is_kept(linked: Api, body, status):
    answer = linked.post("messages", body)
    assert answer.status_code == status
    assert answer.json()["error"]
    assert not Message.objects.exists()


def test_a_body_past_all_limits_is_refused(linked: Api, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = linked.says(MARIA, "x" * 2000)
    assert answer.status_code == 400
    assert "16 MB" in answer.json()["error"]


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"phone": "x"},
        {"phone": MARIA, "chat": ""},
        {"phone": MARIA, "chat": "bot", "after": "-1"},
        {"phone": MARIA, "chat": "bot", "after": "9" * 30},
        {"phone": MARIA, "chat": "bot", "after": "²"},
    ],
)
def test_a_question_that_is_wrong_is_refused(linked: Api, query):
    answer = linked.get("messages", **query)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_the_method_that_is_not_there_is_named(linked: Api):
    answer = linked.client.delete("/simulator/api/messages")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, POST")


def test_no_token_is_asked_for(db, settings):
    settings.SIMULATOR = True
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/simulator/api/scan").status_code == 200


def test_a_phone_that_never_wrote_sees_an_empty_chat_and_is_not_made(linked: Api):
    assert linked.sees("5493870000000") == []
    assert linked.get("phones").json() == []


def test_a_cursor_gives_each_message_once(linked: Api):
    linked.says(MARIA, "uno")
    first = linked.get("messages", phone=MARIA, chat="bot").json()
    linked.says(MARIA, "dos")
    linked.says(JUAN, "de otro chat")
    second = linked.get("messages", phone=MARIA, chat="bot", after=first["cursor"]).json()
    third = linked.get("messages", phone=MARIA, chat="bot", after=second["cursor"]).json()
    assert [[message["text"] for message in page["messages"]] for page in (first, second, third)] == [
        ["uno"],
        ["dos"],
        [],
    ]


def test_more_than_a_page_comes_in_pages(linked: Api):
    phone = services.ensure_phone(number=MARIA)
    for number in range(7):
        services.phone_writes(phone=phone, new=services.NewMessage(number=MARIA, text=str(number)))
    seen: list[str] = []
    cursor: int | None = 0
    for _ in range(4):
        cursor, page = selectors.page_of_messages(phone=phone, member=None, after=cursor, limit=2)
        seen += [message.text for message in page]
    assert seen == [str(number) for number in range(7)]
    _, last = selectors.page_of_messages(phone=phone, member=None, after=None, limit=2)
    assert [message.text for message in last] == ["5", "6"]


def test_ticks_come_apart_from_messages(linked: Api):
    sent = linked.says(MARIA, "hola").json()["id"]
    cursor = linked.get("messages", phone=MARIA, chat="bot").json()["cursor"]
    linked.get("network/poll")
    later = linked.get("messages", phone=MARIA, chat="bot", after=cursor).json()
    assert later["messages"] == []
    assert later["ticks"] == [{"id": sent, "status": "delivered"}]


def test_a_page_in_an_attachment_is_saved_and_never_shown(linked: Api):
    linked.says(MARIA, "", media={"kind": "document", "filename": "a.html", "mimetype": "text/html", "base64": HTML})
    message = linked.get("messages", phone=MARIA, chat="bot").json()["messages"][0]
    answer = linked.client.get(message["media"]["url"])
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == "attachment"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_an_image_is_shown(linked: Api):
    linked.says(MARIA, "", media={"kind": "image", "filename": "a.png", "mimetype": "image/png", "base64": "iVBORw=="})
    url = linked.get("messages", phone=MARIA, chat="bot").json()["messages"][0]["media"]["url"]
    assert linked.client.get(url)["Content-Type"] == "image/png"


def test_the_chat_list_counts_what_was_not_read(linked: Api):
    group, _ = services.create_group(name="Soporte", phones=[services.ensure_phone(number=JUAN)])
    services.bot_sends(new=services.BotMessage(phone=None, group=group, text="🚨 Nuevo\nTicket"))
    bot_says(JUAN, "Hola Juan")
    bot, support = linked.get("chats", phone=JUAN).json()
    assert (bot["chat"], bot["unread"], bot["last"]) == ("bot", 1, "Hola Juan")
    assert (support["name"], support["unread"], support["last"]) == ("Soporte", 1, "🚨 Nuevo Ticket")
    linked.sees(JUAN, group.wire_id)
    linked.sees(JUAN)
    assert [chat["unread"] for chat in linked.get("chats", phone=JUAN).json()] == [0, 0]


def test_the_chat_list_costs_the_same_with_many_groups(linked: Api):
    def grow(groups: int) -> None:
        for number in range(groups):
            group, _ = services.create_group(name=f"Grupo {number}", phones=[services.ensure_phone(number=JUAN)])
            services.bot_sends(new=services.BotMessage(phone=None, group=group, text="hola"))

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            linked.get("chats", phone=JUAN)
            linked.get("phones")
        return len(queries)

    grow(1)
    one = cost()
    grow(11)
    assert cost() == one
    assert len(linked.get("chats", phone=JUAN).json()) == 13


def test_a_post_costs_few_statements(linked: Api, django_assert_max_num_queries):
    linked.says(MARIA, "hola")
    # The phone; then, in one transaction (two savepoints here): the number, faults, message, event. One is the panel's.
    with django_assert_max_num_queries(10):
        linked.says(MARIA, "otra vez")


def test_the_pulse_is_silent_while_nothing_happens(linked: Api):
    cursor = linked.get("pulse").json()["cursor"]
    assert linked.get("pulse", after=cursor).status_code == 204
    linked.says(MARIA, "hola")
    assert int(linked.get("pulse", after=cursor).json()["cursor"]) > int(cursor)


def test_phones_get_names(linked: Api):
    assert linked.post("phones", {"phone": "+54 9 261 234-5678", "name": " María González "}).json() == {
        "phone": MARIA,
        "name": "María González",
        "privacy": "open",
    }
    linked.post("phones", {"phone": "542612345678"})
    assert [phone["name"] for phone in linked.get("phones").json()] == ["María González"]


def test_groups_of_one_phone(linked: Api):
    services.create_group(name="Soporte", phones=[services.ensure_phone(number=JUAN)])
    services.create_group(name="Ventas", phones=[services.ensure_phone(number=ANA)])
    assert [group["name"] for group in linked.get("groups").json()] == ["Soporte", "Ventas"]
    assert [group["name"] for group in linked.get("groups", phone=ANA).json()] == ["Ventas"]
    assert linked.get("groups", phone="5491199999999").json() == []


def test_who_is_not_in_a_group_cannot_leave_it(linked: Api):
    group, _ = services.create_group(name="Soporte", phones=[services.ensure_phone(number=JUAN)])
    services.ensure_phone(number=MARIA)
    for phone in (MARIA, "5491199999999"):
        assert linked.post(f"groups/{group.wire_id}/leave", {"phone": phone}).status_code == 403
    assert linked.post("groups/bot/leave", {"phone": JUAN}).status_code == 403
    assert linked.get("messages", phone="5491199999999", chat=group.wire_id).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "earthquake"},
        {"kind": None},
        {"kind": "duplicate", "times": 0},
        {"kind": "duplicate", "times": "muchas"},
        {"kind": "duplicate", "phone": "x"},
        {"kind": "delay", "seconds": -1},
        {"kind": "hide_number"},
        {"kind": "hide_number", "phone": MARIA, "privacy": "ninja"},
        {"kind": "bot_removed_from_group"},
        {"kind": "bot_removed_from_group", "group": "bot"},
        {"kind": "send_refused", "code": 5},
    ],
)
def test_a_fault_that_is_wrong_is_refused(linked: Api, body):
    answer = linked.post("faults", body)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_faults_are_listed_and_forgotten(linked: Api):
    linked.post("faults", {"kind": "delay", "times": 3, "phone": MARIA, "seconds": 2})
    assert linked.get("faults").json() == [{"kind": "delay", "times": 3, "phone": MARIA, "seconds": 2.0}]
    assert linked.client.delete("/simulator/api/faults").json() == {"cleared": 1}
    assert linked.get("faults").json() == []


def test_the_qr_is_a_picture_until_it_is_scanned(api: Api):
    picture = api.client.get("/simulator/qr.svg")
    assert picture["Content-Type"] == "image/svg+xml"
    assert b"<svg" in picture.content
    api.post("scan")
    assert api.client.get("/simulator/qr.svg").status_code == 204


def test_the_state_is_told_in_words_and_in_codes(api: Api):
    first = api.get("state").json()
    assert (first["state"], first["code"], first["linked"], bool(first["qr"])) == (
        "ESPERANDO QR",
        "pairing",
        False,
        True,
    )
    assert api.post("scan").json()["state"] == "CONECTADO"
    assert api.post("unlink").json()["state"] == "DESCONECTADO"
    assert api.get("state").json()["profile"] == "qr"


@pytest.mark.parametrize("to", [None, "María", "p:1", "b:1", "l:", "x:1", 5])
def test_the_bot_too_is_told_what_is_wrong(linked: Api, to):
    assert linked.post("network/send", {"to": to, "text": "hola"}).status_code == 400


def test_a_group_needs_a_name(linked: Api):
    assert linked.post("network/groups", {"name": " ", "members": []}).status_code == 400
    assert linked.post("network/groups", {"name": "Soporte", "members": [Addr.group("1").key]}).status_code == 400
