"""What leaves by the Cloud API: within its limits, in order, once, and every refusal by its class."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.errors import (
    BadCredentials,
    IntegrationError,
    NoPermission,
    OutcomeUnknown,
    Rejected,
    Throttled,
    Unavailable,
    WrongAnswer,
)
from integrations.whatsapp.base import (
    AccountBlocked,
    Addr,
    Location,
    Media,
    Menu,
    OptedOut,
    Option,
    RecipientUnknown,
    StatusIn,
    Template,
    Text,
    TooFastForOne,
    Unsupported,
    WindowClosed,
)
from integrations.whatsapp.cloud.client import CloudTransport
from integrations.whatsapp.cloud.errors import SPAM_WAIT
from integrations.whatsapp.cloud.memory import remember
from integrations.whatsapp.cloud.pace import REMEMBERED, PairRate
from integrations.whatsapp.cloud.saying import bodies_of, split
from tests.cast import JUAN, MARIA
from tests.integrations.whatsapp.cloud.conftest import Connect
from tests.integrations.whatsapp.cloud.meta import NUMBER_ID, Json, Meta, Refusal, error_body

maria, juan = Addr.phone(MARIA.phone), Addr.phone(JUAN.phone)
PDF = b"%PDF-1.7 factura"
LONG = "\n\n".join(f"Renglón {number}: " + "se corta la conexión a la noche. " * 12 for number in range(25))
PAGE = b"<html>Bad gateway</html>"


def never(_: Media) -> str:
    raise AssertionError("nothing to upload")


def said(content: Any) -> list[Json]:
    return bodies_of(content, never)


# --- the bodies -----------------------------------------------------------------------------------
def test_the_whole_request_is_metas(meta: Meta, cloud: CloudTransport) -> None:
    cloud.send(maria, Text("Hola"), quote_id="wamid.q", client_ref="m7")
    [(method, path, body)] = meta.calls
    assert (method, path) == ("POST", f"/v26.0/{NUMBER_ID}/messages")
    assert body == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": MARIA.phone,
        "type": "text",
        "text": {"body": "Hola", "preview_url": False},
        "context": {"message_id": "wamid.q"},
        "biz_opaque_callback_data": "m7",
    }


def test_somebody_without_a_number_is_reached_by_the_business_scoped_id(meta: Meta, cloud: CloudTransport) -> None:
    cloud.send(Addr.bsuid("AR.1349120865530274"), Text("Hola"))
    [sent] = meta.sent
    assert (sent["recipient"], "to" in sent) == ("AR.1349120865530274", False)


def test_three_short_options_are_buttons() -> None:
    [body] = said(Menu("¿Sí?", (Option("si", "Sí"), Option("no", "No"), Option("luego", "Más tarde")), "Elegí."))
    interactive = body["interactive"]
    assert (interactive["type"], interactive["body"]) == ("button", {"text": "¿Sí?"})
    assert [one["reply"] for one in interactive["action"]["buttons"]] == [
        {"id": "si", "title": "Sí"},
        {"id": "no", "title": "No"},
        {"id": "luego", "title": "Más tarde"},
    ]


def test_more_options_or_any_with_its_description_are_a_list() -> None:
    options = tuple(Option(f"o{number}", f"Opción {number}", "d" * (72 + number)) for number in range(10))
    *whole, body = said(Menu("Elegí", options))
    [section] = body["interactive"]["action"]["sections"]
    assert body["interactive"]["type"] == "list"
    assert len(section["rows"]) == 10
    assert {len(row["description"]) for row in section["rows"]} == {72}
    above = "".join(one["text"]["body"] for one in whole) + body["interactive"]["body"]["text"]
    assert all(option.description in above for option in options)
    assert len(body["interactive"]["action"]["button"]) <= 20


def test_a_title_that_must_be_cut_is_written_whole_above() -> None:
    long = "Quiero hablar con una persona de soporte técnico"
    [body] = said(Menu("¿Qué hacemos?", (Option("a", long), Option("b", "Nada"))))
    interactive = body["interactive"]
    [section] = interactive["action"]["sections"]
    assert long in interactive["body"]["text"]
    assert section["rows"][0]["title"] == "Quiero hablar con una p…"
    assert len(section["rows"][0]["title"]) == 24


@pytest.mark.parametrize(
    "options",
    [
        tuple(Option(str(number), f"Opción {number}") for number in range(11)),
        (Option("a", "Igual"), Option("b", "Igual")),
        (Option("a" * 201, "Una"), Option("b", "Otra")),
        (Option("a", "x" * 30 + "1"), Option("b", "x" * 30 + "2")),
        (Option("", "Una"),),
        (),
    ],
    ids=["eleven", "same titles", "long id", "same once cut", "no id", "none"],
)
def test_what_no_list_can_hold_is_numbered_text(options: tuple[Option, ...]) -> None:
    [body] = said(Menu("Elegí", options, "Respondé con el número."))
    assert body["type"] == "text"
    assert all(option.title in body["text"]["body"] for option in options)
    assert body["text"]["body"].endswith("Respondé con el número.")


def test_a_long_question_goes_before_its_buttons() -> None:
    *before, last = said(Menu(LONG[:3000], (Option("si", "Sí"), Option("no", "No"))))
    assert [body["type"] for body in before] == ["text"] * len(before)
    assert before
    assert last["interactive"]["type"] == "button"
    assert len(last["interactive"]["body"]["text"]) <= 1024


def test_a_template_fills_its_holes_in_order_and_in_one_line() -> None:
    [body] = said(Template("factura_lista", "es_AR", ("María\nGonzález", "$\t18.500")))
    assert body["template"] == {
        "name": "factura_lista",
        "language": {"code": "es_AR"},
        "components": [
            {
                "type": "body",
                "parameters": [{"type": "text", "text": "María González"}, {"type": "text", "text": "$ 18.500"}],
            }
        ],
    }
    [bare] = said(Template("bienvenida", "es_AR"))
    assert bare["template"]["components"] == []


def test_a_place_says_only_what_is_known() -> None:
    [body] = said(Location(0.0, -68.8, "Oficina"))
    assert body["location"] == {"latitude": 0.0, "longitude": -68.8, "name": "Oficina"}


@given(st.text(min_size=1, max_size=400).filter(str.strip), st.integers(5, 60))
def test_no_letter_is_lost_or_moved_when_a_text_is_cut(text: str, longest: int) -> None:
    parts = split(text, longest)
    assert all(0 < len(part) <= longest for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_text_is_cut_between_paragraphs_and_then_between_words() -> None:
    assert split("uno dos tres.\n\ncuatro cinco", 20) == ["uno dos tres.", "cuatro cinco"]
    assert split("aaaa bbbb cccc dddd", 11) == ["aaaa bbbb", "cccc dddd"]
    assert split("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]


# --- in parts -------------------------------------------------------------------------------------
def test_a_long_text_leaves_in_parts_and_only_the_last_one_is_the_message(meta: Meta, cloud: CloudTransport) -> None:
    sent = cloud.send(maria, Text(LONG), quote_id="wamid.q", client_ref="m7")
    texts = [one["text"]["body"] for one in meta.sent]
    assert len(texts) == 3
    assert "".join("".join(texts).split()) == "".join(LONG.split())
    refs = [one["biz_opaque_callback_data"] for one in meta.sent]
    assert refs == ["m7~part1/3", "m7~part2/3", "m7"]
    assert ["context" in one for one in meta.sent] == [True, False, False]
    assert sent.id == meta.sent[-1]["id"]


def test_when_a_part_fails_nobody_repeats_the_others_and_the_same_reference_goes_on(
    meta: Meta, cloud: CloudTransport
) -> None:
    meta.refusals += [Refusal(400, error_body(131056))]
    with pytest.raises(TooFastForOne):  # not one left: it may be tried again
        cloud.send(maria, Text(LONG), client_ref="m7")
    assert meta.sent == []
    fails_second(meta)
    with pytest.raises(OutcomeUnknown) as error:
        cloud.send(maria, Text(LONG), client_ref="m7")
    assert error.value.staff_text.startswith("Salieron 1 de 3 partes.")
    assert not error.value.retry
    cloud.send(juan, Text(LONG), client_ref="m8")  # another message knows nothing of it
    cloud.send(maria, Text(LONG), client_ref="m7")
    hers = [one["text"]["body"] for one in meta.sent if one["to"] == MARIA.phone]
    assert len(hers) == 3
    assert "".join("".join(hers).split()) == "".join(LONG.split())


def fails_second(meta: Meta) -> None:
    takes = meta.answer

    def once(*arguments: Any) -> Any:
        meta.refusals.append(Refusal(400, error_body(131056)))
        meta.answer = takes  # type: ignore[method-assign]
        return takes(*arguments)

    meta.answer = once  # type: ignore[method-assign]


def test_words_that_do_not_fit_under_a_file_come_after_it(meta: Meta, cloud: CloudTransport) -> None:
    cloud.send(maria, Media("image", "a.jpg", "image/jpeg", data=b"\xff\xd8", caption="c" * 1025), client_ref="m1")
    cloud.send(maria, Media("audio", "a.ogg", "audio/ogg; codecs=opus", data=b"OggS", caption="Oíme", voice=True))
    photo, words, audio, said = meta.sent
    assert (photo["type"], "caption" in photo["image"]) == ("image", False)
    assert words["text"]["body"] == "c" * 1025
    assert audio["audio"] | {"id": ""} == {"id": "", "voice": True}
    assert said["text"]["body"] == "Oíme"


# --- refusals -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        (190, 401, BadCredentials),
        (0, 401, BadCredentials),
        (10, 403, NoPermission),
        (200, 403, NoPermission),
        (299, 400, NoPermission),
        (131042, 400, NoPermission),
        (131031, 403, AccountBlocked),
        (368, 403, AccountBlocked),
        (4, 400, Throttled),
        (80007, 400, Throttled),
        (130429, 429, Throttled),
        (131048, 400, Throttled),
        (131056, 400, TooFastForOne),
        (131026, 400, RecipientUnknown),
        (131047, 400, WindowClosed),
        (131050, 400, OptedOut),
        (131049, 400, Rejected),
        (132001, 404, Rejected),
        (999999, 400, Rejected),
        (2, 500, Unavailable),
        (131000, 500, Unavailable),
        (131016, 503, Unavailable),
        (1, 400, Rejected),
        (1, 500, OutcomeUnknown),
        (999999, 500, OutcomeUnknown),
    ],
)
def test_each_code_is_its_class(
    meta: Meta, cloud: CloudTransport, code: int, status: int, error: type[IntegrationError]
) -> None:
    meta.refuses(code, status)
    with pytest.raises(IntegrationError) as raised:
        cloud.send(maria, Text("Hola"))
    assert type(raised.value) is error
    assert raised.value.staff_text
    assert meta.sent == []


@pytest.mark.parametrize(
    ("refusal", "error"),
    [
        (Refusal(500, PAGE, "text/html"), OutcomeUnknown),
        (Refusal(502, PAGE, "text/html"), OutcomeUnknown),
        (Refusal(503, PAGE, "text/html"), Unavailable),
        (Refusal(504, b"{", "application/json"), OutcomeUnknown),
        (Refusal(429, b"", "text/plain", headers={"Retry_After": "7"}), Throttled),
        (Refusal(400, b'{"error": "no"}'), Rejected),
        (Refusal(400, b'{"error": {"code": "190"}}'), Rejected),
        (Refusal(403, PAGE, "text/html"), Unavailable),
        (Refusal(302, b"", headers={"Location": "https://otro.example/"}), WrongAnswer),
        (Refusal(200, PAGE, "text/html", take=True), OutcomeUnknown),
        (Refusal(200, b'{"messages": []}', take=True), OutcomeUnknown),
        (Refusal(200, b'{"messages": [{"id": null}]}', take=True), OutcomeUnknown),
        (Refusal(take=True, cut=True), OutcomeUnknown),
        (Refusal(body=b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{", take=True, cut=True), OutcomeUnknown),
    ],
)
def test_whatever_a_server_answers_is_told_by_whether_it_may_have_left(
    meta: Meta, cloud: CloudTransport, refusal: Refusal, error: type[IntegrationError]
) -> None:
    meta.refusals.append(refusal)
    with pytest.raises(IntegrationError) as raised:
        cloud.send(maria, Text("Hola"))
    assert type(raised.value) is error


def test_the_waits_are_those_that_meta_told(meta: Meta, cloud: CloudTransport) -> None:
    meta.refuses(130429, 429, Retry_After="90")
    with pytest.raises(Throttled) as limited:
        cloud.send(maria, Text("Hola"))
    assert limited.value.after == timedelta(seconds=90)
    meta.refuses(131048)
    with pytest.raises(Throttled) as spam:
        cloud.send(maria, Text("Hola"))
    assert spam.value.after == SPAM_WAIT


def test_nobody_listens_there(connect: Connect) -> None:
    with pytest.raises(Unavailable):
        connect(base_url="http://127.0.0.1:1").send(maria, Text("Hola"))


# --- Argentina ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "other"), [("5492612345678", "542612345678"), ("542612345678", "5492612345678")], ids=["549", "54"]
)
def test_a_test_number_that_lists_the_other_form_is_tried_once_and_remembered(
    meta: Meta, cloud: CloudTransport, typed: str, other: str
) -> None:
    meta.refuses(131030)
    for _ in range(2):
        cloud.send(Addr.phone(typed), Text("Hola"))
    assert [sent["to"] for sent in meta.sent] == [other, other]
    assert len(meta.calls) == 2


def test_only_that_code_asks_for_the_other_form_and_only_once(meta: Meta, cloud: CloudTransport) -> None:
    meta.refuses(131026)
    with pytest.raises(RecipientUnknown):
        cloud.send(maria, Text("Hola"))
    meta.refuses(131030), meta.refuses(131030)
    with pytest.raises(RecipientUnknown):
        cloud.send(maria, Text("Hola"))
    meta.refuses(131030)
    with pytest.raises(RecipientUnknown):
        cloud.send(Addr.phone("59899123456"), Text("Hola"))  # Uruguay
    assert (meta.sent, meta.refusals) == ([], [])


# --- how fast -------------------------------------------------------------------------------------
def test_one_person_gets_a_burst_and_then_one_each_six_seconds() -> None:
    clock = [0.0]
    pace = PairRate(every=6, burst=3, clock=lambda: clock[0])
    for _ in range(3):
        pace.take("p:1")
    with pytest.raises(TooFastForOne) as error:
        pace.take("p:1")
    assert error.value.after == timedelta(seconds=6)
    pace.take("p:2")
    clock[0] += 6
    pace.take("p:1")
    with pytest.raises(TooFastForOne):
        pace.take("p:1")
    clock[0] += 18
    pace.take("p:1")
    with pytest.raises(TooFastForOne):
        pace.take("p:1", 3)  # all or none
    clock[0] += 18
    pace.take("p:1", 5)  # more than a burst, with nothing owed


def test_who_owes_nothing_is_forgotten() -> None:
    clock = [0.0]
    pace = PairRate(burst=1, clock=lambda: clock[0])
    for number in range(REMEMBERED):
        pace.take(f"p:{number}")
    clock[0] = 3.0
    with pytest.raises(TooFastForOne):
        pace.take("p:0")
    clock[0] = 6.0
    pace.take("p:new")
    assert len(pace._paid_until) == 1
    with pytest.raises(TooFastForOne):
        pace.take("p:new")


def test_only_the_newest_are_remembered() -> None:
    memory = {"a": 1, "b": 2}
    remember(memory, "a", 3, 2)
    remember(memory, "c", 4, 2)
    assert memory == {"a": 3, "c": 4}


def test_what_goes_too_fast_does_not_reach_meta(meta: Meta, connect: Connect) -> None:
    cloud = connect(pace=PairRate(every=6, burst=2))
    cloud.send(maria, Text("uno")), cloud.send(maria, Text("dos"))
    with pytest.raises(TooFastForOne):
        cloud.send(maria, Text("tres"))
    cloud.send(juan, Text("a Juan sí"))
    assert [sent["text"]["body"] for sent in meta.sent] == ["uno", "dos", "a Juan sí"]


# --- a bad day ------------------------------------------------------------------------------------
def test_on_a_bad_day_nothing_is_lost_and_nothing_is_said_twice(meta: Meta, connect: Connect) -> None:
    """What the sender does by the errors' classes alone: what will pass is tried again, a doubt waits for its tick."""
    cloud, luck = connect(pace=PairRate(burst=1_000)), Random(7)
    failures = [
        Refusal(503, error_body(131016)),
        Refusal(429, error_body(130429)),
        Refusal(503, PAGE, "text/html"),
        Refusal(502, PAGE, "text/html", take=True),
        Refusal(take=True, cut=True),
        Refusal(200, b"{", take=True),
        None,
    ]
    doubts = set()
    for number in range(60):
        for failure in (luck.choice(failures) for _ in range(20)):
            meta.refusals += [failure] if failure else []
            try:
                cloud.send(maria if number % 2 else juan, Text(f"Aviso {number}"), client_ref=f"m{number}")
            except OutcomeUnknown:
                doubts.add(f"m{number}")
            except (Throttled, Unavailable):
                continue
            break
    assert [sent["text"]["body"] for sent in meta.sent] == [f"Aviso {number}" for number in range(60)]
    for sent in luck.sample(meta.sent, 60):
        for status in luck.sample(["sent", "delivered", "read"], 3):
            meta.tells(meta.status(sent, status))
    settled = set()
    cursor: str | None = None
    while (batch := cloud.poll(cursor)).events:
        settled |= {event.client_ref for event in batch.events if isinstance(event, StatusIn)}
        cursor = batch.cursor
    assert doubts
    assert doubts <= settled
    assert settled == {f"m{number}" for number in range(60)}


# --- the rest -------------------------------------------------------------------------------------
def test_typing_needs_the_last_message_and_whoever_knows_it_may_say_it(meta: Meta, connect: Connect) -> None:
    connect().typing(maria)
    assert meta.read == []
    connect(last_heard=lambda chat: "wamid.last").typing(maria)
    assert meta.read == [
        {
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": "wamid.last",
            "typing_indicator": {"type": "text"},
        }
    ]


def test_addresses_of_another_network_never_leave(meta: Meta, cloud: CloudTransport) -> None:
    for addr in (Addr.lid("123"), Addr.group("120363")):
        with pytest.raises(Unsupported):
            cloud.send(addr, Text("Hola"))
    assert meta.calls == []
