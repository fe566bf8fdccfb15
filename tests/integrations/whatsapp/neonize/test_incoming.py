"""What people send and what WhatsApp tells, from its protobuf to the port's events."""

from datetime import UTC, datetime

import pytest
from neonize.proto.Neonize_pb2 import (
    BasicCallMeta,
    CallOffer,
    CallRemoteMeta,
    GroupDelete,
    GroupInfoEvent,
    GroupName,
    JoinedGroup,
    Node,
    OfflineSyncCompleted,
    OfflineSyncPreview,
    UndecryptableMessage,
)
from neonize.proto.waCommon.WACommon_pb2 import MessageKey
from neonize.proto.waE2E import WAWebProtobufsE2E_pb2 as e2e

from integrations.errors import NotFound, Rejected, Unavailable
from integrations.whatsapp.base import (
    Addr,
    ConnState,
    GroupChanged,
    IdentityLearned,
    Location,
    MediaIn,
    MessageIn,
    NotConnected,
    StatusIn,
    Text,
    Unknown,
    event_from_json,
    to_json,
)
from tests.cast import ANA, JUAN, MARIA
from tests.integrations.whatsapp.neonize.number import Number, meanwhile
from tests.integrations.whatsapp.neonize.standin import (
    NOW_MS,
    OUR_LID,
    US,
    arrived,
    group,
    jid,
    participant,
    receipt,
    source,
    until,
)

maria, juan = jid(MARIA.phone), jid(JUAN.phone)
hidden = jid("77001", "lid")
support = jid("120363000000000001", "g.us")
from_maria = source(maria, jid(MARIA.phone, device=3))
in_group = source(support, juan)
AT = datetime.fromtimestamp(NOW_MS / 1000, UTC)


def marked(text: str) -> e2e.Message:
    """A line that ends a test's wait."""
    return e2e.Message(conversation=text)


def undecryptable(where, message_id: str, mode: str = "DECRYPT_FAIL_SHOW") -> UndecryptableMessage:
    info = arrived(where, "", id=message_id).Info
    return UndecryptableMessage(Info=info, IsUnavailable=False, DecryptFailMode=mode)


def all_until_here(number: Number) -> list:
    """Everything heard of what was told before this call."""
    number.network.tells(arrived(from_maria, marked("fin"), id="END"))
    found: list = []

    def ended() -> bool:
        found.extend(number.events())
        return any(isinstance(event, MessageIn) and event.message_id == "END" for event in found)

    until(ended)
    return [event for event in found if getattr(event, "message_id", "") != "END"]


# --- words ------------------------------------------------------------------------------------
def test_maria_writes_and_it_is_heard_with_everything_about_it(number: Number):
    number.network.tells(arrived(from_maria, "Hola"))
    heard = number.hears_message()
    assert heard == MessageIn(
        event_id=f"message:p:{MARIA.phone}:3EB0AA",
        message_id="3EB0AA",
        chat=Addr.phone(MARIA.phone),
        sender=Addr.phone(MARIA.phone),
        at=AT,
        text="Hola",
        sender_name="María",
        replayed=True,  # it was written before the number came in
    )
    assert event_from_json(to_json(heard)) == heard


def test_what_was_not_acknowledged_is_told_again_in_order_after_a_death(number: Number):
    for count in range(5):
        number.network.tells(arrived(from_maria, f"línea {count}", id=f"A{count}"))
    until(lambda: len(number.bot.poll(number.cursor).events) == 5)
    first = number.bot.poll(number.cursor)
    number.bot.close()
    number.opened.clear()
    again = number.bot.poll(None)
    assert [event for event in again.events if isinstance(event, MessageIn)] == list(first.events)
    assert number.bot.poll(again.cursor).events == ()
    assert number.bot.poll(None).events == ()


def test_juan_answers_a_line_of_a_group(number: Number):
    text = e2e.ExtendedTextMessage(text="lo tomo", contextInfo=e2e.ContextInfo(stanzaID="3EB0TICKET"))
    number.network.tells(arrived(in_group, e2e.Message(extendedTextMessage=text)))
    heard = number.hears_message()
    assert (heard.text, heard.quoted_id, heard.is_group) == ("lo tomo", "3EB0TICKET", True)
    assert (heard.chat, heard.sender) == (Addr.group(support.User), Addr.phone(JUAN.phone))


def test_what_disappears_or_is_seen_once_is_read_all_the_same(number: Number):
    inside = e2e.Message(imageMessage=e2e.ImageMessage(caption="el módem", mimetype="image/jpeg", fileLength=9))
    once = e2e.Message(viewOnceMessageV2=e2e.FutureProofMessage(message=inside))
    wrapped = e2e.Message(ephemeralMessage=e2e.FutureProofMessage(message=once))
    number.network.tells(arrived(from_maria, wrapped))
    heard = number.hears_message()
    assert heard.text == "el módem"
    assert heard.media is not None


Row, Flow = e2e.ListResponseMessage.SingleSelectReply, e2e.InteractiveResponseMessage
PRESSED = {
    "buttonsResponseMessage": e2e.ButtonsResponseMessage(selectedButtonID="2", selectedDisplayText="Deuda"),
    "templateButtonReplyMessage": e2e.TemplateButtonReplyMessage(selectedID="2", selectedDisplayText="Deuda"),
    "listResponseMessage": e2e.ListResponseMessage(title="Deuda", singleSelectReply=Row(selectedRowID="2")),
    "interactiveResponseMessage": Flow(
        body=Flow.Body(text="Deuda"),
        nativeFlowResponseMessage=Flow.NativeFlowResponseMessage(paramsJSON='{"id": "2"}'),
    ),
}


@pytest.mark.parametrize("name", list(PRESSED))
def test_pressing_somebodys_button_is_a_choice(number: Number, name):
    number.network.tells(arrived(from_maria, e2e.Message(**{name: PRESSED[name]})))
    heard = number.hears_message()
    assert (heard.text, heard.choice_id) == ("Deuda", "2")


@pytest.mark.parametrize("params", ["[broken", "[]", '{"id": 7}', ""])
def test_a_flow_that_says_nothing_is_no_choice(number: Number, params):
    flow = Flow(nativeFlowResponseMessage=Flow.NativeFlowResponseMessage(paramsJSON=params))
    number.network.tells(arrived(from_maria, e2e.Message(interactiveResponseMessage=flow)))
    assert number.hears_message().choice_id is None


@pytest.mark.parametrize(
    "content",
    [
        e2e.Message(stickerMessage=e2e.StickerMessage(mimetype="image/webp")),
        e2e.Message(contactMessage=e2e.ContactMessage(displayName="Técnico", vcard="BEGIN:VCARD")),
        e2e.Message(pollCreationMessageV3=e2e.PollCreationMessage(name="¿Anda?")),
    ],
    ids=["sticker", "contact", "poll"],
)
def test_what_the_port_has_no_field_for_is_a_message_without_content(number: Number, content):
    number.network.tells(arrived(from_maria, content))
    heard = number.hears_message()
    assert (heard.text, heard.media, heard.location) == ("", None, None)


def test_maria_sends_where_she_is(number: Number):
    here = e2e.LocationMessage(degreesLatitude=-32.89, degreesLongitude=-68.84, name="Casa", address="San Martín 100")
    number.network.tells(arrived(from_maria, e2e.Message(locationMessage=here)))
    moving = e2e.LiveLocationMessage(degreesLatitude=-32.9, degreesLongitude=-68.8, caption="voy")
    number.network.tells(arrived(from_maria, e2e.Message(liveLocationMessage=moving), id="B"))
    still, live = number.hears(MessageIn, 2)
    assert still.location == Location(-32.89, -68.84, "Casa", "San Martín 100")
    assert (live.location, live.text) == (Location(-32.9, -68.8), "voy")


# --- what is about another message ------------------------------------------------------------
def key(about: str) -> MessageKey:
    return MessageKey(ID=about, fromMe=False, remoteJID=f"{MARIA.phone}@s.whatsapp.net")


def test_reactions_edits_and_deletions_are_kept_and_answered_by_nobody(number: Number):
    inside = e2e.Message(
        protocolMessage=e2e.ProtocolMessage(type="MESSAGE_EDIT", key=key("A1"), editedMessage=marked("corregido"))
    )
    for number_, content in enumerate(
        [
            e2e.Message(reactionMessage=e2e.ReactionMessage(key=key("A1"), text="👍")),
            e2e.Message(protocolMessage=e2e.ProtocolMessage(type="REVOKE", key=key("A1"))),
            inside,
            e2e.Message(editedMessage=e2e.FutureProofMessage(message=inside)),
        ]
    ):  # fmt: skip
        number.network.tells(arrived(from_maria, content, id=f"E{number_}"))
    told = [event.payload for event in number.hears(Unknown, 4)]
    assert [(one["what"], one.get("text")) for one in told] == [
        ("reaction", "👍"),
        ("deleted", None),
        ("edited", "corregido"),
        ("edited", "corregido"),
    ]
    assert {one["about"] for one in told[:3]} == {"A1"}


def test_what_phones_say_to_each_other_is_nobodys_matter(number: Number):
    number.network.tells(
        arrived(from_maria, e2e.Message(protocolMessage=e2e.ProtocolMessage(type="APP_STATE_SYNC_KEY_SHARE")))
    )
    number.network.tells(
        arrived(from_maria, e2e.Message(senderKeyDistributionMessage=e2e.SenderKeyDistributionMessage()))
    )
    number.network.tells(arrived(from_maria, e2e.Message(albumMessage=e2e.AlbumMessage(expectedImageCount=2))))
    assert all_until_here(number) == []  # fmt: skip


@pytest.mark.parametrize(
    "chat",
    [jid("status", "broadcast"), jid("120363111", "newsletter"), jid("99", "broadcast"), jid("13135550002", "bot")],
    ids=["statuses", "channel", "broadcast list", "assistant"],
)
def test_statuses_channels_and_lists_are_not_even_kept(number: Number, chat):
    number.network.tells(arrived(source(chat, maria), "mirá mi estado"))
    number.network.tells(receipt(source(chat, maria), "READ", "X"))
    number.network.tells(undecryptable(source(chat, maria), "Y"))
    assert all_until_here(number) == []


def test_a_message_that_could_not_be_read_is_kept_by_its_kind(number: Number):
    number.network.tells(undecryptable(from_maria, "LOST"))
    number.network.tells(undecryptable(from_maria, "LOST", mode="DECRYPT_FAIL_HIDE"))
    (kept,) = [event for event in all_until_here(number) if isinstance(event, Unknown)]
    assert (kept.payload["what"], kept.payload["message_id"]) == ("undecryptable", "LOST")
    number.network.tells(arrived(from_maria, "ahora sí", id="LOST"))
    assert number.hears_message().text == "ahora sí"


def test_a_call_is_kept(number: Number):
    meta = BasicCallMeta(callCreator=hidden, callCreatorAlt=maria, timestamp=1, callID="C1", **{"from": hidden})
    number.network.tells(
        CallOffer(
            basicCallMeta=meta,
            callRemoteMeta=CallRemoteMeta(remotePlatform="", remoteVersion=""),
            data=Node(Tag="x", Nil=True),
        )
    )
    (kept,) = number.hears(Unknown)
    assert (kept.payload["what"], kept.payload["sender"]) == ("call", "l:77001")


def test_bytes_that_are_no_message_stop_nobody(number: Number):
    number.bot._link.spool.put("message", b"\xff\xff\xff")
    number.network.tells(arrived(from_maria, "sigo acá"))
    assert number.hears_message().text == "sigo acá"
    assert any(isinstance(event, Unknown) for event in number.told)


# --- ours -------------------------------------------------------------------------------------
def test_the_owner_writes_from_the_phone_and_our_own_lines_do_not_come_back(number: Number):
    sent = number.bot.send(Addr.phone(MARIA.phone), Text("Hola María"))
    us = source(maria, jid(US, device=0), mine=True)
    number.network.tells(arrived(us, "Hola María", id=sent.id))
    number.network.tells(arrived(us, "ya te llamo", id="PHONE1"))
    (heard,) = [event for event in all_until_here(number) if isinstance(event, MessageIn)]
    assert (heard.text, heard.from_me, heard.chat) == ("ya te llamo", True, Addr.phone(MARIA.phone))


def test_what_was_said_while_we_were_away_is_told_as_such(number: Number):
    now = int(datetime.now(UTC).timestamp() * 1000)
    number.network.tells(arrived(from_maria, "recién", id="A1", at=now))
    number.network.tells(OfflineSyncPreview(Total=1, AppDataChanges=0, Message=1, Notifications=0, Receipts=0))
    number.network.tells(arrived(from_maria, "en la cola", id="A2", at=now))
    number.network.tells(OfflineSyncCompleted(Count=1))
    number.network.tells(arrived(from_maria, "ahora", id="A3", at=now))
    number.network.tells(arrived(from_maria, "de anoche, que costó descifrar", id="A4"))
    assert [heard.replayed for heard in number.hears(MessageIn, 4)] == [False, True, False, True]


# --- who is who -------------------------------------------------------------------------------
def test_a_hidden_number_comes_with_its_phone_when_whatsapp_tells_it(number: Number):
    number.network.tells(arrived(source(hidden, hidden, alt=maria), "Hola"))
    heard = number.hears_message()
    assert (heard.chat, heard.sender, heard.sender_alt) == (
        Addr.lid("77001"),
        Addr.lid("77001"),
        Addr.phone(MARIA.phone),
    )


def test_the_owner_answering_and_ticks_tell_who_is_who_too(number: Number):
    number.network.tells(arrived(source(hidden, jid(US), mine=True, other=maria), "ya te llamo"))
    number.network.tells(receipt(source(support, jid("77002", "lid"), alt=juan), "DELIVERED", "X1"))
    learned = [(event.addr.key, event.also.key) for event in number.hears(IdentityLearned, 2)]
    assert learned == [("l:77001", f"p:{MARIA.phone}"), ("l:77002", f"p:{JUAN.phone}")]


# --- ticks ------------------------------------------------------------------------------------
def test_ticks_of_our_messages_and_of_nobody_elses(number: Number):
    for kind in ("DELIVERED", "READ", "PLAYED", "RETRY", "READ_SELF", "SENDER", "SERVER_ERROR"):
        number.network.tells(receipt(from_maria, kind, "X1", "X2"))
    number.network.tells(receipt(source(maria, jid(US, device=2), mine=True), "READ", "X3"))
    ticks = [event for event in all_until_here(number) if isinstance(event, StatusIn)]
    assert [(tick.status, tick.message_id) for tick in ticks] == [
        ("delivered", "X1"),
        ("delivered", "X2"),
        ("read", "X1"),
        ("read", "X2"),
        ("read", "X1"),
        ("read", "X2"),
    ]
    assert ticks[0].at == datetime.fromtimestamp(NOW_MS // 1000, UTC)


# --- files ------------------------------------------------------------------------------------
FILES = {
    "imageMessage": e2e.ImageMessage(mimetype="image/jpeg", fileLength=4, caption="la luz"),
    "videoMessage": e2e.VideoMessage(mimetype="video/mp4", fileLength=4),
    "ptvMessage": e2e.VideoMessage(mimetype="video/mp4", fileLength=4),
    "audioMessage": e2e.AudioMessage(mimetype="audio/ogg; codecs=opus", fileLength=4, PTT=True),
    "documentMessage": e2e.DocumentMessage(mimetype="application/pdf", fileLength=4, fileName="recibo.pdf"),
}
HEARD = {
    "imageMessage": ("image", "foto.jpg", "image/jpeg", False),
    "videoMessage": ("video", "video.mp4", "video/mp4", False),
    "ptvMessage": ("video", "video.mp4", "video/mp4", False),
    "audioMessage": ("audio", "audio", "audio/ogg", True),
    "documentMessage": ("document", "recibo.pdf", "application/pdf", False),
}


def sends_file(number: Number, name: str = "imageMessage") -> MediaIn:
    number.network.tells(arrived(from_maria, e2e.Message(**{name: FILES[name]}), id=name))
    media = number.hears_message().media
    assert media is not None
    return media


@pytest.mark.parametrize("name", list(FILES))
def test_a_file_is_told_and_fetched_later(number: Number, name):
    media = sends_file(number, name)
    kind, filename, mimetype, voice = HEARD[name]
    assert (media.kind, media.mimetype, media.voice, media.size) == (kind, mimetype, voice, 4)
    assert media.filename.startswith(filename)
    number.events()  # acknowledged, and still there
    number.network.downloads = [b"\xff\xd8\xff\xe0"]
    assert number.bot.fetch_media(media.handle) == b"\xff\xd8\xff\xe0"


def test_a_file_told_before_the_number_is_in_again_waits_for_it(number: Number):
    number.network.tells(arrived(from_maria, e2e.Message(imageMessage=FILES["imageMessage"])))
    number.network.settles()
    number.bot.close()
    number.opened.clear()
    media = number.hears_message().media
    assert media is not None
    number.network.downloads = [b"data"]
    with meanwhile(lambda: (until(lambda: len(number.network.clients) == 2), number.network.lets_in())):
        assert number.bot.fetch_media(media.handle) == b"data"


def test_a_number_that_was_unlinked_fetches_nothing(number: Number):
    media = sends_file(number)
    number.network.throws_out()
    number.becomes(ConnState.LOGGED_OUT)
    with pytest.raises(NotConnected):
        number.bot.fetch_media(media.handle)


def test_a_file_is_asked_for_three_times(number: Number):
    media = sends_file(number)
    number.network.downloads = ["unexpected EOF", "unexpected EOF", b"data"]
    assert number.bot.fetch_media(media.handle) == b"data"
    number.network.downloads = ["unexpected EOF"] * 4
    with pytest.raises(Unavailable):
        number.bot.fetch_media(media.handle)
    assert len(number.network.downloads) == 1


@pytest.mark.parametrize("code", [403, 404, 410])
def test_a_file_that_whatsapp_forgot_is_not_found(number: Number, code):
    media = sends_file(number)
    number.network.downloads = [f"download failed with status code {code}"]
    with pytest.raises(NotFound) as gone:
        number.bot.fetch_media(media.handle)
    assert "de nuevo" in gone.value.staff_text


def test_a_file_too_large_is_refused_before_and_after_it_is_fetched(number: Number):
    media = sends_file(number)
    with pytest.raises(Rejected):
        number.bot.fetch_media(media.handle, max_bytes=3)
    assert "download_any" not in [name for name, _ in number.network.called]
    number.network.downloads = [b"more than was told"]
    with pytest.raises(Rejected):
        number.bot.fetch_media(media.handle, max_bytes=4)


@pytest.mark.parametrize("handle", ["nobody", "", "ffffffff-1", "1", "-1", "x-9999999999999999999999"])
def test_a_handle_that_is_none_is_not_found(number: Number, handle):
    with pytest.raises(NotFound):
        number.bot.fetch_media(handle)


# --- groups -----------------------------------------------------------------------------------
def changed(**more) -> GroupInfoEvent:
    return GroupInfoEvent(
        JID=support, Notify="", Timestamp=NOW_MS // 1000, ParticipantVersionID="v7", JoinReason="", **more
    )


def test_who_enters_leaves_and_is_made_an_administrator(number: Number):
    ana = jid(ANA.phone)
    number.network.tells(changed(Join=[juan, ana]))
    number.network.tells(changed(Promote=[juan]))
    number.network.tells(changed(Demote=[juan], Leave=[ana]))
    told = number.hears(GroupChanged, 4)
    assert not any(event.me for event in told)
    assert [(event.change, [member.value for member in event.members]) for event in told] == [
        ("joined", [JUAN.phone, ANA.phone]),
        ("promoted", [JUAN.phone]),
        ("left", [ANA.phone]),
        ("demoted", [JUAN.phone]),
    ]


def test_what_happens_to_our_number_in_a_group(number: Number):
    number.network.tells(changed(Promote=[jid(OUR_LID, "lid")]))
    number.network.tells(changed(Leave=[jid(US), juan]))
    number.network.tells(changed(Delete=GroupDelete(Deleted=True, DeletedReason="")))
    told = [(event.change, event.me, len(event.members)) for event in number.hears(GroupChanged, 4)]
    assert told == [("promoted", True, 0), ("left", False, 1), ("left", True, 0), ("left", True, 0)]


def test_a_new_name(number: Number):
    number.network.tells(changed(Name=GroupName(Name="Soporte Norte", NameSetAt=1, NameSetBy=juan)))
    (told,) = number.hears(GroupChanged)
    assert (told.change, told.name) == ("renamed", "Soporte Norte")


def test_being_put_in_a_group_tells_its_people_and_members_are_then_told_by_phone(number: Number):
    lid = jid("77002", "lid")
    info = group(support.User, "Soporte", participant(lid, phone=juan, lid=lid))
    number.network.tells(
        JoinedGroup(Reason="", Type="", CreateKey="", GroupInfo=info, Sender=juan, SenderPN=juan)
    )  # fmt: skip
    (told,) = number.hears(GroupChanged)
    assert (told.change, told.me, told.name) == ("joined", True, "Soporte")
    number.network.tells(changed(Promote=[lid]))
    (promoted,) = number.hears(GroupChanged)
    assert promoted.members == (Addr.phone(JUAN.phone),)
    assert IdentityLearned in {type(event) for event in number.told}
