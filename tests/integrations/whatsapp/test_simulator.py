"""The simulator's adapter against the real application: what is only its own. The contract is in its own file."""

from datetime import timedelta

import httpx
import pytest

from integrations.errors import OutcomeUnknown, Rejected, Throttled, Unavailable
from integrations.whatsapp.base import (
    Addr,
    Cap,
    ConnState,
    GroupChanged,
    GroupCreationLimited,
    IdentityLearned,
    Location,
    Media,
    NotConnected,
    NotInGroup,
    QrCode,
    ReachoutLocked,
    RecipientUnknown,
    StateChanged,
    StatusIn,
    TemporaryBan,
    Text,
)
from integrations.whatsapp.simulator import SimulatorTransport
from tests.integrations.whatsapp.conftest import ANA, JUAN, MARIA, Hands

maria = Addr.phone(MARIA)
juan = Addr.phone(JUAN)
ana = Addr.phone(ANA)


# --- messages ---------------------------------------------------------------------------------
def test_maria_writes_and_the_bot_hears_it_once(hands: Hands):
    hands.post("/phones", phone=MARIA, name="María González")
    sent = hands.says(MARIA, "Hola")
    (heard,) = hands.heard()
    assert (heard.message_id, heard.text, heard.chat, heard.sender) == (sent, "Hola", maria, maria)
    assert heard.sender_name == "María González"
    assert heard.sender_alt is not None
    assert hands.heard() == []


def test_the_bot_answers_and_the_ticks_tell_how_far_it_got(hands: Hands):
    sent = hands.bot.send(maria, Text("Hola María 👋"), client_ref="message:1")
    (seen,) = hands.sees(MARIA)
    assert (seen["id"], seen["from"], seen["text"]) == (sent.id, "bot", "Hola María 👋")
    ticks = [event for event in hands.events() if isinstance(event, StatusIn)]
    assert [(tick.message_id, tick.status, tick.client_ref) for tick in ticks] == [
        (sent.id, "delivered", "message:1"),
        (sent.id, "read", "message:1"),
    ]


def test_a_network_that_does_not_refuse_repeats_sends_them_and_its_adapter_says_so(hands: Hands, settings):
    settings.SIMULATOR_REFUSES_REPEATS = False
    assert Cap.IDEMPOTENT_SEND in hands.bot.caps
    assert Cap.IDEMPOTENT_SEND not in SimulatorTransport("http://127.0.0.1:9", refuses_repeats=False).caps
    first, again = (hands.bot.send(maria, Text("Tu factura"), client_ref="message:1").id for _ in range(2))
    assert [line["id"] for line in hands.sees(MARIA)] == [first, again]
    made = [hands.bot.create_group("Soporte", [maria], client_ref="job:1").group for _ in range(2)]
    assert made[0] != made[1]


def test_a_repeated_reference_is_not_sent_again(hands: Hands):
    assert Cap.IDEMPOTENT_SEND in hands.bot.caps
    first = hands.bot.send(maria, Text("Tu factura"), client_ref="message:1")
    assert hands.bot.send(maria, Text("Tu factura"), client_ref="message:1") == first
    assert len(hands.sees(MARIA)) == 1


def test_a_photo_arrives_with_its_bytes(hands: Hands):
    photo = {"kind": "image", "filename": "router.jpg", "mimetype": "image/jpeg", "base64": "/9j/4A=="}
    hands.says(MARIA, "Así está la luz", media=photo)
    (heard,) = hands.heard()
    assert heard.media is not None
    assert (heard.text, heard.media.kind, heard.media.filename, heard.media.size) == (
        "Así está la luz",
        "image",
        "router.jpg",
        4,
    )
    assert hands.bot.fetch_media(heard.media.handle) == b"\xff\xd8\xff\xe0"
    with pytest.raises(Rejected):
        hands.bot.fetch_media(heard.media.handle, max_bytes=3)


@pytest.mark.parametrize("kind", ["image", "audio", "video", "document"])
def test_the_bot_sends_files(hands: Hands, kind):
    hands.bot.send(maria, Media(kind, "factura.pdf", "application/pdf", data=b"%PDF-1.7", caption="Tu factura"))
    (seen,) = hands.sees(MARIA, include="base64")
    assert (seen["text"], seen["media"]["kind"], seen["media"]["size"]) == ("Tu factura", kind, 8)
    assert seen["media"]["base64"] == "JVBERi0xLjc="
    bytes_of = hands.http.get(f"http://127.0.0.1:8000{seen['media']['url']}")
    assert bytes_of.content == b"%PDF-1.7"


def test_a_location_goes_both_ways(hands: Hands):
    hands.says(MARIA, "", media={"kind": "location", "latitude": -32.89, "longitude": -68.84, "name": "Casa"})
    (heard,) = hands.heard()
    assert heard.location == Location(-32.89, -68.84, "Casa")
    hands.bot.send(maria, Location(-32.9, -68.8, "Oficina", "San Martín 450"))
    assert hands.sees(MARIA)[-1]["media"]["address"] == "San Martín 450"


def test_typing_shows_until_the_answer_comes(hands: Hands):
    def shown() -> bool:
        return hands.http.get("/chats", params={"phone": MARIA}).json()[0]["typing"]

    hands.bot.typing(maria)
    assert shown()
    hands.bot.typing(maria, on=False)
    assert not shown()
    hands.bot.typing(maria)
    hands.bot.send(maria, Text("Acá estoy"))
    assert not shown()


def test_maria_sees_when_the_bot_has_it_and_when_it_read_it(hands: Hands):
    sent = hands.says(MARIA, "Hola")
    assert hands.sees(MARIA)[0]["status"] == "sent"
    hands.heard()
    assert hands.sees(MARIA)[0]["status"] == "delivered"
    hands.bot.mark_read(maria, [sent])
    assert hands.sees(MARIA)[0]["status"] == "read"


# --- people -----------------------------------------------------------------------------------
def test_one_phone_with_and_without_the_nine_is_one_person(hands: Hands):
    hands.says("5492612345678", "desde el trabajo")
    hands.says("542612345678", "desde casa")
    assert [event.sender.key for event in hands.heard()] == ["p:5492612345678", "p:542612345678"]
    hands.bot.send(Addr.phone("542612345678"), Text("Te leo en los dos"))
    assert [message["text"] for message in hands.sees("5492612345678")] == [
        "desde el trabajo",
        "desde casa",
        "Te leo en los dos",
    ]


def test_a_stranger_hides_the_number_and_is_answered_all_the_same(hands: Hands):
    hands.fault("hide_number", phone="5491100000000")
    hands.says("5491100000000", "hola")
    (heard,) = hands.heard()
    assert (heard.sender.kind, heard.sender_alt, heard.chat) == ("lid", None, heard.sender)
    hands.bot.send(heard.chat, Text("¿Me decís tu DNI?"))
    assert hands.sees("5491100000000")[-1]["text"] == "¿Me decís tu DNI?"
    assert "5491100000000" not in heard.event_id


def test_a_number_that_becomes_known_is_told(hands: Hands):
    hands.fault("hide_number", phone=MARIA)
    hands.fault("hide_number", phone=MARIA, privacy="lid")
    hands.says(MARIA, "soy yo")
    learned, heard = hands.events()
    assert isinstance(learned, IdentityLearned)
    assert (learned.addr, learned.also) == (maria, heard.sender)
    assert heard.sender_alt == maria


def test_nobody_has_that_lid(hands: Hands):
    with pytest.raises(RecipientUnknown):
        hands.bot.send(Addr.lid("123"), Text("¿hola?"))


# --- groups -----------------------------------------------------------------------------------
def test_a_group_is_made_with_its_admins(hands: Hands):
    made = hands.bot.create_group("🎫 Soporte - FibraSur", [juan, ana])
    assert [result.status for result in made.members] == ["ok", "ok"]
    hands.bot.change_members(made.group, "promote", [juan])
    (listed,) = hands.http.get("/groups").json()
    assert (listed["id"], listed["name"]) == (made.group.value, "🎫 Soporte - FibraSur")
    assert {member["phone"]: member["admin"] for member in listed["members"]} == {JUAN: True, ANA: False}
    info = hands.bot.group_info(made.group)
    assert [(member.addr, member.admin) for member in info.members] == [(juan, True), (ana, False)]
    assert hands.bot.list_groups() == [info]
    assert hands.bot.invite_link(made.group).startswith("https://chat.whatsapp.com/")


def test_an_interrupted_creation_gives_the_same_group(hands: Hands):
    first = hands.bot.create_group("Chat soporte Juan N°1", [juan], client_ref="job:1")
    again = hands.bot.create_group("Chat soporte Juan N°1", [juan], client_ref="job:1")
    assert again == first
    assert len(hands.bot.list_groups()) == 1


def test_members_change_and_repeating_it_does_no_harm(hands: Hands):
    group = hands.bot.create_group("Soporte", [juan]).group
    for _ in range(2):
        assert hands.bot.change_members(group, "add", [ana])[0].status == "ok"
    assert hands.bot.change_members(group, "demote", [Addr.phone(MARIA)])[0].status == "error"
    for _ in range(2):
        assert hands.bot.change_members(group, "remove", [juan])[0].status == "ok"
    assert [member.addr for member in hands.bot.group_info(group).members] == [ana]


def test_an_address_of_nobody_cannot_be_put_in_a_group(hands: Hands):
    made = hands.bot.create_group("Soporte", [juan, Addr.lid("123")])
    assert [(result.member.key, result.status) for result in made.members] == [
        (juan.key, "ok"),
        ("l:123", "not_on_whatsapp"),
    ]


def test_a_group_is_heard_with_who_wrote_and_seen_by_its_members_only(hands: Hands):
    group = hands.bot.create_group("Soporte", [juan, ana]).group
    posted = hands.bot.send(group, Text("🚨 Nuevo Ticket"))
    hands.says(JUAN, "Lo tomo", chat=group.value, quoted_id=posted.id)
    heard = hands.heard()[-1]
    assert (heard.chat, heard.sender, heard.quoted_id, heard.is_group) == (group, juan, posted.id, True)
    assert [message["text"] for message in hands.sees(ANA, group.value)] == ["🚨 Nuevo Ticket", "Lo tomo"]
    assert hands.post("/messages", **{"from": MARIA, "chat": group.value, "text": "?"}).status_code == 403
    assert hands.http.get("/messages", params={"phone": MARIA, "chat": group.value}).status_code == 403


def test_a_group_message_is_read_when_everybody_read_it(hands: Hands):
    group = hands.bot.create_group("Soporte", [juan, ana]).group
    hands.bot.send(group, Text("🚨 Nuevo Ticket"))
    hands.sees(JUAN, group.value)
    assert [event.status for event in hands.events()] == ["delivered"]
    hands.sees(ANA, group.value)
    assert [event.status for event in hands.events()] == ["read"]


def test_who_joins_later_sees_what_comes_later(hands: Hands):
    group = hands.bot.create_group("Soporte", [juan]).group
    hands.bot.send(group, Text("antes"))
    hands.bot.change_members(group, "add", [ana])
    hands.bot.send(group, Text("después"))
    assert [message["text"] for message in hands.sees(ANA, group.value)] == ["después"]


def test_somebody_leaves(hands: Hands):
    group = hands.bot.create_group("Soporte", [juan]).group
    assert hands.post(f"/groups/{group.value}/leave", phone=JUAN).status_code == 200
    (left,) = hands.events()
    assert isinstance(left, GroupChanged)
    assert (left.change, left.members) == ("left", (juan,))


def test_the_bot_leaves(hands: Hands):
    group = hands.bot.create_group("Soporte", [juan]).group
    hands.bot.leave_group(group)
    hands.bot.leave_group(group)
    with pytest.raises(NotInGroup):
        hands.bot.send(group, Text("¿Hola?"))
    hands.says(JUAN, "¿hay alguien?", chat=group.value)
    assert hands.heard() == []


# --- the link ---------------------------------------------------------------------------------
def test_a_fresh_number_waits_for_its_qr(unlinked: Hands):
    assert unlinked.bot.state().state is ConnState.PAIRING
    (code,) = unlinked.events()
    assert isinstance(code, QrCode)
    assert code.data == unlinked.bot.state().qr
    assert unlinked.events() == []
    with pytest.raises(NotConnected):
        unlinked.bot.send(maria, Text("hola"))


def test_scanning_links_and_what_waited_arrives_in_order(unlinked: Hands):
    for text in ("hola", "¿están?", "¿hola?"):
        unlinked.says(MARIA, text)
    assert unlinked.heard() == []
    assert unlinked.sees(MARIA)[0]["status"] == "sent"
    unlinked.post("/scan")
    state, *waited = unlinked.events()
    assert isinstance(state, StateChanged)
    assert state.state is ConnState.ONLINE
    assert [event.text for event in waited] == ["hola", "¿están?", "¿hola?"]
    assert unlinked.bot.state().me == Addr.phone("5492615550100")


def test_unlinking_from_the_phone_is_told_and_asks_for_a_new_qr(hands: Hands):
    hands.post("/unlink")
    state, code = hands.events()
    assert (state.state, type(code)) == (ConnState.LOGGED_OUT, QrCode)
    assert hands.bot.begin_pairing().state is ConnState.PAIRING
    assert hands.post("/scan").json()["state"] == "CONECTADO"


def test_the_bot_can_unlink_itself(hands: Hands):
    hands.bot.logout()
    assert hands.http.get("/state").json()["state"] == "DESCONECTADO"


def test_nobody_listens_at_that_address(hands: Hands):
    nobody = SimulatorTransport("http://127.0.0.1:9", timeout=2)
    with pytest.raises(Unavailable):
        nobody.send(maria, Text("hola"))
    nobody.close()


# --- faults -----------------------------------------------------------------------------------
def test_a_duplicate_has_the_same_ids(hands: Hands):
    hands.fault("duplicate", phone=MARIA)
    hands.says(JUAN, "otro")
    hands.says(MARIA, "hola")
    _, first, second = hands.heard()
    assert first == second
    assert len(hands.sees(MARIA)) == 1


def test_the_same_id_from_a_phone_is_one_delivery_repeated(hands: Hands):
    assert hands.says(MARIA, "hola", id="m-1") == hands.says(MARIA, "hola", id="m-1") == "m-1"
    first, second = hands.heard()
    assert first == second
    assert len(hands.sees(MARIA)) == 1
    hands.says(JUAN, "hola", id="m-1")
    assert hands.heard()[0].event_id != first.event_id


def test_messages_change_places(hands: Hands):
    hands.fault("reorder")
    hands.says(MARIA, "uno")
    assert hands.heard() == []
    hands.says(MARIA, "dos")
    assert [event.text for event in hands.heard() + hands.heard()] == ["dos", "uno"]


def test_a_message_comes_late(hands: Hands):
    hands.fault("delay", seconds=3600)
    hands.says(MARIA, "tarde")
    hands.fault("delay", seconds=0)
    hands.says(MARIA, "enseguida")
    assert [event.text for event in hands.heard()] == ["enseguida"]


def test_the_network_asks_to_wait(hands: Hands):
    hands.fault("rate_limit", seconds=9)
    with pytest.raises(Throttled) as error:
        hands.bot.send(maria, Text("hola"))
    assert error.value.after == timedelta(seconds=9)
    hands.bot.send(maria, Text("hola"))


def test_the_number_is_banned_for_a_time(hands: Hands):
    hands.fault("temp_ban", seconds=600)
    with pytest.raises(TemporaryBan) as error:
        hands.bot.send(maria, Text("hola"))
    assert 500 < error.value.after.total_seconds() <= 600
    (state,) = hands.events()
    assert state.state is ConnState.TEMP_BANNED
    assert hands.bot.state().until == error.value.until


def test_a_ban_ends_by_itself(hands: Hands):
    hands.fault("temp_ban", seconds=0)
    hands.says(MARIA, "hola")
    assert hands.bot.state().state is ConnState.ONLINE
    banned, back, heard = hands.events()
    assert (banned.state, back.state, heard.text) == (ConnState.TEMP_BANNED, ConnState.ONLINE, "hola")


def test_the_network_logs_the_number_out(hands: Hands):
    hands.fault("logged_out")
    state = hands.events()[0]
    assert (state.state, state.reason) == (ConnState.LOGGED_OUT, "logged_out")


def test_a_send_that_times_out_was_sent_all_the_same(hands: Hands):
    hands.fault("send_timeout")
    with pytest.raises(OutcomeUnknown):
        hands.bot.send(maria, Text("Tu pago entró"), client_ref="message:9")
    assert len(hands.sees(MARIA)) == 1
    hands.bot.send(maria, Text("Tu pago entró"), client_ref="message:9")
    assert len(hands.sees(MARIA)) == 1


def test_a_send_that_is_lost_looks_the_same_from_here(hands: Hands):
    hands.fault("send_lost", phone=MARIA)
    with pytest.raises(OutcomeUnknown):
        hands.bot.send(maria, Text("Tu pago entró"), client_ref="message:9")
    assert hands.sees(MARIA) == []
    hands.bot.send(maria, Text("Tu pago entró"), client_ref="message:9")
    assert len(hands.sees(MARIA)) == 1


@pytest.mark.parametrize(
    ("code", "error"),
    [("", Rejected), ("recipient_unknown", RecipientUnknown), ("reachout_locked", ReachoutLocked), ("new", Rejected)],
)
def test_the_network_refuses_a_message(hands: Hands, code, error):
    hands.fault("send_refused", phone=MARIA, code=code)
    hands.bot.send(juan, Text("a Juan sí"))
    with pytest.raises(error):
        hands.bot.send(maria, Text("hola"))
    assert hands.sees(MARIA) == []


def test_somebody_does_not_let_others_add_her(hands: Hands):
    hands.fault("group_add_refused", phone=ANA)
    made = hands.bot.create_group("Soporte", [juan, ana])
    assert [result.status for result in made.members] == ["ok", "needs_invite"]
    assert hands.bot.change_members(made.group, "add", [ana])[0].status == "ok"


def test_whatsapp_limits_new_groups(hands: Hands):
    hands.fault("group_create_error", times=2)
    for _ in range(2):
        with pytest.raises(GroupCreationLimited) as error:
            hands.bot.create_group("Soporte", [juan])
        assert error.value.retry
    hands.bot.create_group("Soporte", [juan])


def test_the_bot_is_taken_out_of_a_group(hands: Hands):
    group = hands.bot.create_group("Soporte", [juan]).group
    hands.fault("bot_removed_from_group", group=group.value)
    (left,) = hands.events()
    assert isinstance(left, GroupChanged)
    assert left.me
    with pytest.raises(NotInGroup):
        hands.bot.group_info(group)
    assert hands.bot.list_groups() == []


def test_an_answer_from_another_program_is_not_believed(hands: Hands):
    stranger = SimulatorTransport(
        "http://127.0.0.1:1", transport=httpx.MockTransport(lambda request: httpx.Response(200, json={"hola": 1}))
    )
    with pytest.raises(OutcomeUnknown):
        stranger.send(maria, Text("hola"))
    with pytest.raises(Unavailable):
        stranger.poll(None)
    with pytest.raises(Unavailable):
        stranger.state()
