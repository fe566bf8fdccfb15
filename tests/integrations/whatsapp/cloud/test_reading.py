"""What a webhook says, in whatever order and company: each piece becomes its event, and nothing stops the rest."""

import hmac
import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from integrations.whatsapp.base import (
    Addr,
    Event,
    IdentityLearned,
    Location,
    MediaIn,
    MessageIn,
    StatusIn,
    Unknown,
    event_from_json,
    to_json,
)
from integrations.whatsapp.cloud.client import CloudTransport
from integrations.whatsapp.cloud.reading import events_of
from integrations.whatsapp.cloud.webhook import challenge, is_signed, numbers_in
from tests.cast import JUAN, MARIA
from tests.integrations.whatsapp.cloud.meta import BEGAN, NUMBER_ID, USER_ID, Json, Meta, contact, hook

NOW = datetime.fromtimestamp(BEGAN, UTC) + timedelta(minutes=5)
maria = Addr.phone(MARIA.phone)
PHONE = "5492615550100"


def read(body: Any, number_id: str = NUMBER_ID) -> list[Event]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return events_of(raw, number_id=number_id, now=NOW)


@pytest.fixture
def meta() -> Meta:
    """Only for what it says: nothing is asked of it."""
    return Meta(0)


# --- messages -------------------------------------------------------------------------------------
def test_a_text_tells_who_wrote_it_and_when(meta: Meta) -> None:
    [heard] = read(meta.message("text", {"body": "Hola"}, id="wamid.1", quoting="wamid.0"))
    assert heard == MessageIn(
        event_id="message:wamid.1",
        message_id="wamid.1",
        chat=maria,
        sender=maria,
        sender_alt=Addr.bsuid(USER_ID),
        sender_name="María González",
        at=datetime.fromtimestamp(BEGAN, UTC),
        text="Hola",
        quoted_id="wamid.0",
    )


@pytest.mark.parametrize(
    ("kind", "content", "told"),
    [
        ("image", {"id": "7", "mime_type": "image/jpeg"}, MediaIn("7", "image", "image.jpg", "image/jpeg", 0)),
        (
            "audio",
            {"id": "7", "mime_type": "audio/ogg; codecs=opus", "voice": True},
            MediaIn("7", "audio", "audio.oga", "audio/ogg", 0, voice=True),
        ),
        ("video", {"id": "7", "mime_type": "video/mp4"}, MediaIn("7", "video", "video.mp4", "video/mp4", 0)),
        (
            "document",
            {"id": "7", "filename": "DNI.pdf", "mime_type": "application/pdf"},
            MediaIn("7", "document", "DNI.pdf", "application/pdf", 0),
        ),
        ("document", {"id": 7}, MediaIn("7", "document", "document.bin", "application/octet-stream", 0)),
    ],
)
def test_files_of_every_kind(meta: Meta, kind: str, content: Json, told: MediaIn) -> None:
    [heard] = read(meta.message(kind, content | {"caption": "mirá"}))
    assert (heard.media, heard.text) == (told, "mirá")


@pytest.mark.parametrize(
    ("kind", "content", "choice", "text"),
    [
        ("interactive", {"type": "button_reply", "button_reply": {"id": "si", "title": "Sí"}}, "si", "Sí"),
        ("interactive", {"type": "list_reply", "list_reply": {"id": "p1", "title": "100"}}, "p1", "100"),
        ("button", {"payload": "PAGAR", "text": "Pagar ahora"}, "PAGAR", "Pagar ahora"),
        ("interactive", {"type": "nfm_reply", "nfm_reply": {"response_json": "{}"}}, None, ""),
    ],
)  # fmt: skip
def test_what_was_tapped_comes_back_by_its_id(
    meta: Meta, kind: str, content: Json, choice: str | None, text: str
) -> None:
    [heard] = read(meta.message(kind, content))
    assert (heard.choice_id, heard.text) == (choice, text)


@pytest.mark.parametrize(
    "place", [{"latitude": -32.89, "longitude": -68.84}, {"latitude": "-32.89", "longitude": -68.84}]
)
def test_a_place(meta: Meta, place: Json) -> None:
    [heard] = read(meta.message("location", place | {"name": "Casa", "address": None}))
    assert heard.location == Location(-32.89, -68.84, "Casa")


@pytest.mark.parametrize("kind", ["sticker", "contacts", "order", "unsupported", "poll_of_2031"])
def test_what_the_port_has_no_field_for_is_a_message_without_content(meta: Meta, kind: str) -> None:
    [heard] = read(meta.message(kind, [{"id": "7"}], errors=[{"code": 131051, "title": "Unsupported"}]))
    assert isinstance(heard, MessageIn)
    assert (heard.text, heard.media, heard.sender) == ("", None, maria)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("reaction", {"message_id": "wamid.0", "emoji": "👍"}),
        ("edit", {"original_message_id": "wamid.0", "message": {"type": "text", "text": {"body": "no"}}}),
        ("revoke", {"original_message_id": "wamid.0"}),
        ("system", {"type": "customer_identity_changed", "body": "…"}),
    ],
)
def test_what_is_no_line_of_a_chat_is_kept_raw(meta: Meta, kind: str, content: Json) -> None:
    [heard] = read(meta.message(kind, content))
    assert isinstance(heard, Unknown)
    assert heard.payload["messages"][kind] == content
    assert heard.payload["field"] == "messages"


def test_who_hides_the_number_is_known_by_the_business_scoped_id(meta: Meta) -> None:
    body = hook(
        messages=[
            {"from_user_id": USER_ID, "id": "w", "timestamp": "1796000000", "type": "text", "text": {"body": "a"}}
        ],
        contacts=[{"profile": {"username": "maria.g"}, "user_id": USER_ID}],
    )
    [heard] = read(body)
    assert (heard.chat, heard.sender, heard.sender_alt, heard.sender_name) == (
        Addr.bsuid(USER_ID),
        Addr.bsuid(USER_ID),
        None,
        "maria.g",
    )


def test_in_a_batch_each_has_its_own_name(meta: Meta) -> None:
    juans = {"from": JUAN.phone, "id": "w2", "timestamp": "1796000001", "type": "text", "text": {"body": "b"}}
    marias = juans | {"from": MARIA.phone, "id": "w1"}
    juan = {"profile": {"name": JUAN.name}, "wa_id": JUAN.phone, "user_id": "AR.2"}
    heard = read(
        hook(messages=[juans, marias, juans | {"from": "5491100000000", "id": "w3"}], contacts=[contact(), juan])
    )
    assert [one.sender_name for one in heard] == [JUAN.name, MARIA.name, ""]


def test_a_new_number_is_the_same_person(meta: Meta) -> None:
    system = {"type": "user_changed_number", "wa_id": "5492614440000", "body": "…"}
    [moved] = read(meta.message("system", system))
    assert (moved.addr, moved.also) == (Addr.phone("5492614440000"), maria)
    changed = {"type": "user_changed_user_id", "user_id": "AR.9", "previous_user_id": "AR.8", "body": "…"}
    [renamed] = read(meta.message("system", changed))
    assert isinstance(renamed, IdentityLearned)
    assert (renamed.addr, renamed.also) == (Addr.bsuid("AR.9"), Addr.bsuid("AR.8"))


def test_what_our_people_wrote_on_the_phone_is_from_us() -> None:
    echo = {"from": PHONE, "to": MARIA.phone, "id": "w", "timestamp": "1796000000", "type": "text"}
    body = hook(field="smb_message_echoes", message_echoes=[echo | {"text": {"body": "Ya va el técnico"}}])
    [heard] = read(body)
    assert (heard.from_me, heard.chat, heard.sender, heard.text) == (True, maria, Addr.phone(PHONE), "Ya va el técnico")


def test_a_groups_message_is_not_taken_for_a_private_one(meta: Meta) -> None:
    [heard] = read(meta.message("text", {"body": "hola a todos"}, group_id="Y2FwaV9ncm91cA"))
    assert isinstance(heard, Unknown)


# --- statuses -------------------------------------------------------------------------------------
def test_a_tick_settles_its_row_and_tells_its_price(meta: Meta) -> None:
    sent = {"id": "wamid.out", "biz_opaque_callback_data": "m7"}
    [tick] = read(meta.status(sent, "delivered"))
    assert tick == StatusIn(
        event_id="status:wamid.out:delivered",
        message_id="wamid.out",
        chat=maria,
        status="delivered",
        at=datetime.fromtimestamp(BEGAN, UTC),
        client_ref="m7",
        category="service",
        billable=True,
    )
    [free] = read(meta.status(sent, "read", pricing={"billable": False, "category": "UTILITY"}))
    assert (free.status, free.category, free.billable) == ("read", "utility", False)
    [played] = read(meta.status(sent, "played"))
    assert (played.status, played.event_id) == ("read", "status:wamid.out:played")


@pytest.mark.parametrize(
    ("code", "words"),
    [(131047, "24 horas"), (131026, "no tiene WhatsApp"), (131000, "(código 131000)"), (987654, "(código 987654)")],
)
def test_a_failure_says_why_and_promises_nothing(meta: Meta, code: int, words: str) -> None:
    [tick] = read(meta.status({"id": "w"}, "failed", errors=[{"code": code, "title": "…"}]))
    assert (tick.status, tick.code) == ("failed", str(code))
    assert words in tick.error
    assert "reintenta" not in tick.error


def test_a_part_is_not_the_whole_message_unless_it_fails(meta: Meta) -> None:
    part = {"id": "w1", "biz_opaque_callback_data": "m7~part1/3"}
    [read_tick] = read(meta.status(part, "read"))
    [failed] = read(meta.status(part, "failed", errors=[{"code": 131026}]))
    assert (read_tick.client_ref, failed.client_ref) == (None, "m7")


def test_to_whom_when_only_the_business_scoped_id_is_told(meta: Meta) -> None:
    [tick] = read(meta.status({"id": "w"}, "sent", recipient_id=None))
    assert tick.chat == maria  # the contact says it
    one = {"id": "w", "status": "sent", "timestamp": "1796000000", "recipient_user_id": USER_ID}
    [bare] = read(hook(statuses=[one]))
    assert bare.chat == Addr.bsuid(USER_ID)


def test_a_groups_tick_is_of_the_group_and_a_new_kind_of_tick_is_kept_raw(meta: Meta) -> None:
    [tick] = read(meta.status({"id": "w"}, "read", recipient_type="group", recipient_id="Y2FwaV9ncm91cA"))
    assert tick.chat == Addr.group("Y2FwaV9ncm91cA")
    [new] = read(meta.status({"id": "w"}, "held"))
    assert isinstance(new, Unknown)


# --- batches --------------------------------------------------------------------------------------
def test_a_batch_is_told_in_the_order_of_its_clock_and_an_odd_piece_takes_no_other(meta: Meta) -> None:
    first, second = meta.message("text", {"body": "uno"}), meta.message("text", {"body": "dos"})
    odd = meta.message("text", {"body": 7})
    body = {"entry": [*second["entry"], {"changes": "?"}, None, *odd["entry"], *first["entry"]]}
    events = read(body)
    assert [event.text for event in events if isinstance(event, MessageIn)] == ["uno", "dos"]
    assert len([event for event in events if isinstance(event, Unknown)]) == 1


def test_what_is_of_another_number_is_not_ours(meta: Meta) -> None:
    other = hook(
        number_id="999", messages=meta.message("text", {"body": "?"})["entry"][0]["changes"][0]["value"]["messages"]
    )
    mine = meta.message("text", {"body": "Hola"})
    body = {"entry": [*other["entry"], *mine["entry"]]}
    assert [event.text for event in read(body)] == ["Hola"]
    assert numbers_in(json.dumps(body).encode()) == {"999", NUMBER_ID}


@pytest.mark.parametrize(
    "body",
    [
        hook(field="account_update", event="DISABLED_UPDATE"),
        hook(field="message_template_status_update", event="APPROVED", message_template_name="factura_lista"),
        hook(errors=[{"code": 130429, "title": "Rate limit hit"}]),
        {"object": "page"},
        [],
        7,
        None,
        {"entry": []},
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_what_is_no_message_is_kept_raw_and_is_the_same_each_time(body: Any) -> None:
    [event] = read(body)
    assert isinstance(event, Unknown)
    assert read(body)[0].event_id == event.event_id
    assert event.payload


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("5492612345678")
NAMES = (
    "id type text body from timestamp context image system status errors code wa_id contacts profile pricing location"
)
KEYS = st.sampled_from(NAMES.split())
KINDS = st.sampled_from(["text", "image", "location", "interactive", "button", "system", "sticker", "sent", "failed"])
THINGS = st.recursive(
    LEAVES | KINDS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=8), max_leaves=25
)


@given(
    st.dictionaries(KEYS, THINGS, max_size=8), st.sampled_from(["messages", "statuses", "message_echoes", "contacts"])
)
@example({"id": "x" * 10_000, "type": "text", "timestamp": "9" * 30, "from": "1", "text": {"body": "a"}}, "messages")
@example({"id": "a\x00b", "type": "text", "timestamp": "1", "from": "1", "text": {"body": "\ud800"}}, "messages")
def test_nothing_that_meta_or_anybody_else_posts_can_break_it(one: Json, kind: str) -> None:
    good = {"from": MARIA.phone, "id": "good", "timestamp": "1796000000", "type": "text", "text": {"body": "Hola"}}
    body = {"entry": [{"changes": [{"value": {kind: [one]}}, {"value": {"messages": [good]}}]}]}
    events = read(body)
    assert [event for event in events if event.event_id == "message:good"] != []
    for event in events:
        assert event_from_json(to_json(event)) == event
    assert events == sorted(events, key=lambda event: event.at)


@given(st.binary(max_size=200))
def test_any_bytes_are_something(body: bytes) -> None:
    assert read(body)


# --- the door -------------------------------------------------------------------------------------
def signature(body: bytes, secret: str) -> str:
    return f"sha256={hmac.new(secret.encode(), body, sha256).hexdigest()}"


def test_a_body_is_metas_when_any_of_our_secrets_signed_its_very_bytes() -> None:
    body = '{"a": "ñ", "b": "\\u00f1"}'.encode()
    assert is_signed(body, signature(body, "nueva"), ["vieja", "nueva"])
    assert is_signed(body, signature(body, "nueva").upper().replace("SHA256", "sha256"), ["nueva"])
    assert not is_signed(body + b" ", signature(body, "nueva"), ["nueva"])
    assert not is_signed(body, signature(body, "otra"), ["vieja", "nueva"])


@pytest.mark.parametrize("header", ["", "sha256=", "sha1=abc", "sha256=ñ", "=", "sha256=" + "0" * 64])
def test_what_is_not_signed_is_nobodys(header: str) -> None:
    assert not is_signed(b"{}", header, ["clave"])


def test_an_empty_secret_signs_nothing() -> None:
    assert not is_signed(b"{}", signature(b"{}", ""), ["", ""])
    assert not is_signed(b"{}", signature(b"{}", "x"), [])


def test_the_handshake_answers_only_to_our_token() -> None:
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "ñandú"}
    assert challenge(asked, "ñandú") == "1158201444"
    assert challenge(asked, "otro") is None
    assert challenge(asked | {"hub.mode": "unsubscribe"}, "ñandú") is None
    assert challenge(asked | {"hub.verify_token": ""}, "") is None
    assert challenge({}, "ñandú") is None


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"entry": 1}', b'{"entry": [{"changes": [{"value": 1}]}]}'])
def test_whose_a_body_is_when_it_says_nothing(body: bytes) -> None:
    assert numbers_in(body) == frozenset()


# --- the inlet ------------------------------------------------------------------------------------
def test_bodies_are_done_when_their_own_batch_was_stored(meta: Meta) -> None:
    cloud = hearing(meta)
    meta.tells(meta.message("text", {"body": "uno"}))
    first = cloud.poll(None)
    meta.tells(meta.message("text", {"body": "dos"}))
    both = cloud.poll(None)
    assert [len(batch.events) for batch in (first, both)] == [1, 2]
    assert [event.text for event in cloud.poll(first.cursor).events] == ["dos"]
    assert len(meta.hooks) == 1
    assert cloud.poll(both.cursor).events == ()
    assert meta.hooks == {}


def test_a_cursor_of_before_a_restart_loses_nothing(meta: Meta) -> None:
    meta.tells(meta.message("text", {"body": "uno"}))
    before = hearing(meta).poll(None)
    after = hearing(meta).poll(before.cursor)
    assert after == before
    assert len(before.cursor) <= 120


def test_a_body_that_nobody_understands_is_told_once_and_done(meta: Meta) -> None:
    cloud = hearing(meta)
    meta.tells(b"{")
    batch = cloud.poll(None)
    assert [type(event) for event in batch.events] == [Unknown]
    assert cloud.poll(batch.cursor).events == ()
    assert meta.hooks == {}


def test_a_body_without_anything_of_ours_does_not_stop_the_next(meta: Meta) -> None:
    cloud = hearing(meta)
    for number in range(60):
        meta.tells(hook(number_id="999", statuses=[{"id": str(number)}]))
    meta.tells(meta.message("text", {"body": "Hola"}))
    heard, cursor = [], None
    for _ in range(3):
        batch = cloud.poll(cursor)
        heard, cursor = [*heard, *batch.events], batch.cursor
    assert [event.text for event in heard] == ["Hola"]
    assert meta.hooks == {}


def hearing(meta: Meta) -> CloudTransport:
    return CloudTransport(number_id=NUMBER_ID, token="x", base_url="http://127.0.0.1:1", inlet=meta)
