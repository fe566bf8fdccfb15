"""What leaves, as the bytes that WhatsApp gets; and what comes back when it does not leave."""

import pytest
from neonize.utils.enum import ChatPresence, MediaType, Presence

from integrations.errors import OutcomeUnknown, Rejected, Throttled, Unavailable
from integrations.whatsapp.base import (
    Addr,
    Cap,
    Location,
    Media,
    Menu,
    NotConnected,
    NotInGroup,
    Option,
    ReachoutLocked,
    RecipientUnknown,
    Template,
    Text,
    Unsupported,
)
from integrations.whatsapp.neonize.refusals import refusal
from tests.cast import JUAN, MARIA
from tests.integrations.whatsapp.neonize.number import Number
from tests.integrations.whatsapp.neonize.standin import US, arrived, jid, source

maria = Addr.phone(MARIA.phone)
support = Addr.group("120363000000000001")
OPUS = b"OggS\x00\x02" + bytes(8) + b"head" + b"OggS\x00\x04" + (48_000 * 7).to_bytes(8, "little") + b"tail"


def last(number: Number):
    return number.network.sent[-1][1]


# --- words ------------------------------------------------------------------------------------
def test_a_text_leaves_as_it_is_and_mentions_nobody(number: Number):
    sent = number.bot.send(maria, Text("Pagá a @123456789 en https://fibrasur.example"))
    to, message = number.network.sent[-1]
    assert (to.User, to.Server, sent.id) == (MARIA.phone, "s.whatsapp.net", "3EB0OURS1")
    assert message.conversation == "Pagá a @123456789 en https://fibrasur.example"
    assert [field.name for field, _ in message.ListFields()] == ["conversation"]


def test_it_is_written_to_a_hidden_number_and_to_a_group_by_their_own_addresses(number: Number):
    number.bot.send(Addr.lid("77001"), Text("Hola"))
    number.bot.send(support, Text("Hola"))
    assert [(to.User, to.Server) for to, _ in number.network.sent] == [("77001", "lid"), (support.value, "g.us")]


def test_the_official_apis_ids_are_nobody_here(number: Number):
    with pytest.raises(Unsupported):
        number.bot.send(Addr.bsuid("AR.1"), Text("Hola"))


def test_a_menu_is_numbered_and_a_template_is_its_text(number: Number):
    number.bot.send(maria, Menu("¿En qué te ayudo?", (Option("a", "Deuda"), Option("b", "Soporte")), "Respondé"))
    assert last(number).conversation == "¿En qué te ayudo?\n\n*1.* Deuda\n*2.* Soporte\n\nRespondé"
    number.bot.send(maria, Template("corte", "es_AR", body="Hay un corte en tu zona."))
    assert last(number).conversation == "Hay un corte en tu zona."
    assert not {Cap.BUTTONS, Cap.TEMPLATES, Cap.IDEMPOTENT_SEND} & set(number.bot.caps)


def test_nothing_is_not_sent(number: Number):
    with pytest.raises(Rejected):
        number.bot.send(maria, Text("  "))
    assert number.network.sent == []


def test_a_place(number: Number):
    number.bot.send(maria, Location(-32.89, -68.84, "Oficina", "San Martín 100"))
    place = last(number).locationMessage
    assert (place.degreesLatitude, place.degreesLongitude, place.name) == (-32.89, -68.84, "Oficina")


# --- quotes -----------------------------------------------------------------------------------
def test_what_juan_said_in_the_group_is_quoted_as_his(number: Number):
    number.network.tells(arrived(source(jid(support.value, "g.us"), jid(JUAN.phone)), "lo tomo", id="J1"))
    number.hears_message()
    number.bot.send(support, Text("Es tuyo"), quote_id="J1")
    answer = last(number).extendedTextMessage
    assert (answer.text, answer.contextInfo.stanzaID) == ("Es tuyo", "J1")
    assert answer.contextInfo.participant == f"{JUAN.phone}@s.whatsapp.net"
    assert answer.contextInfo.quotedMessage.conversation == "lo tomo"


def test_our_own_line_is_quoted_as_ours(number: Number):
    sent = number.bot.send(support, Text("Ticket 12"))
    number.bot.send(support, Location(-32.8, -68.8), quote_id=sent.id)
    context = last(number).locationMessage.contextInfo
    assert (context.participant, context.quotedMessage.conversation) == (f"{US}@s.whatsapp.net", "Ticket 12")


def test_a_line_from_before_is_quoted_in_a_private_chat_and_left_out_in_a_group(number: Number):
    number.bot.send(maria, Text("Sí"), quote_id="OLD")
    assert last(number).extendedTextMessage.contextInfo.participant == f"{MARIA.phone}@s.whatsapp.net"
    number.bot.send(support, Text("Sí"), quote_id="OLD")
    assert last(number).conversation == "Sí"


# --- files ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "field", "uploaded"),
    [
        ("image", "imageMessage", MediaType.MediaImage),
        ("video", "videoMessage", MediaType.MediaVideo),
        ("audio", "audioMessage", MediaType.MediaAudio),
        ("document", "documentMessage", MediaType.MediaDocument),
    ],
)
def test_a_file_is_uploaded_and_told_where_it_is(number: Number, kind, field, uploaded):
    number.bot.send(maria, Media(kind, "factura.pdf", "application/pdf", data=b"%PDF", caption="Tu factura"))
    file = getattr(number.network.sent[0][1], field)
    assert ("upload", (uploaded,)) in number.network.called
    assert (file.directPath, file.mediaKey, file.fileLength, file.mimetype) == ("/f", b"key", 4, "application/pdf")
    assert number.network.files[b"key"] == b"%PDF"
    if kind != "audio":
        assert file.caption == "Tu factura"
    if kind == "document":
        assert file.fileName == "factura.pdf"


def test_a_voice_note_can_be_played_everywhere_and_tells_how_long_it_is(number: Number):
    number.bot.send(maria, Media("audio", "nota.ogg", "audio/ogg", data=OPUS, voice=True))
    note = last(number).audioMessage
    assert (note.PTT, note.mimetype, note.seconds) == (True, "audio/ogg; codecs=opus", 7)


def test_an_audio_that_cannot_be_a_voice_note_goes_as_a_file(number: Number):
    number.bot.send(maria, Media("audio", "nota.mp3", "audio/mpeg", data=b"ID3", voice=True))
    assert (last(number).audioMessage.PTT, last(number).audioMessage.mimetype) == (False, "audio/mpeg")


def test_the_words_of_an_audio_follow_it_and_half_of_it_is_told(number: Number):
    note = Media("audio", "nota.ogg", "audio/ogg", data=OPUS, caption="Escuchá esto")
    sent = number.bot.send(maria, note)
    assert [message.conversation for _, message in number.network.sent] == ["", "Escuchá esto"]
    assert sent.id == "3EB0OURS1"
    number.network.forgets_after = 1
    with pytest.raises(OutcomeUnknown) as half:
        number.bot.send(maria, note)
    assert "pero no el texto" in half.value.staff_text


def test_a_file_that_could_not_be_uploaded_was_not_sent(number: Number):
    number.network.refuses["upload"] = "failed to execute request: EOF"
    with pytest.raises(Unavailable):
        number.bot.send(maria, Media("image", "a.jpg", "image/jpeg", data=b"x"))
    assert number.network.sent == []


# --- when it does not leave -------------------------------------------------------------------
LINES = [
    ("server returned error 463", ReachoutLocked),
    ("no LID found for 5492612345678@s.whatsapp.net from server", RecipientUnknown),
    ("failed to get group members: you're not participating in that group", NotInGroup),
    ("failed to get group members: that group does not exist", NotInGroup),
    ("server returned error 429", Throttled),
    ("failed to get device list: info query returned status 429: rate-overlimit", Throttled),
    ("the store doesn't contain a device JID", NotConnected),
    ("websocket not connected", NotConnected),
    ("client is nil", NotConnected),
    ("failed to send message node: websocket not connected", NotConnected),
    ("can't send message to unknown server bot", Rejected),
    ("server returned error 500", Unavailable),
    ("server returned error 479", Rejected),
    ("timed out waiting for message send response", OutcomeUnknown),
    ("websocket disconnected before message send returned response", OutcomeUnknown),
    ("failed to send message node: broken pipe", OutcomeUnknown),
    ("failed to get device list: info query timed out", Unavailable),
    ("failed to get device list: websocket disconnected before info query returned response", Unavailable),
    ("something new", OutcomeUnknown),
]


@pytest.mark.parametrize(("line", "error"), LINES, ids=[line for line, _ in LINES])
def test_each_line_of_the_library_is_the_error_that_decides(number: Number, line, error):
    number.network.refuses["send_message"] = line
    with pytest.raises(error) as raised:
        number.bot.send(maria, Text("Hola"))
    assert type(raised.value) is error


@pytest.mark.parametrize(
    ("doing", "line", "error"),
    [
        ("create", "info query returned status 500: internal-server-error", "GroupCreationLimited"),
        ("create", "info query returned status 429: rate-overlimit", "GroupCreationLimited"),
        ("create", "info query returned status 406: not-acceptable", "Rejected"),
        ("create", "info query returned status 503: service-unavailable", "Unavailable"),
        ("create", "info query timed out", "OutcomeUnknown"),
        ("members", "info query returned status 403: forbidden", "Rejected"),
        ("members", "info query returned status 404: item-not-found", "NotInGroup"),
        ("members", "info query timed out", "OutcomeUnknown"),
        ("read", "info query timed out", "Unavailable"),
        ("read", "you don't have the permission to get the group's invite link", "Rejected"),
        ("read", "info query returned status 403: forbidden", "NotInGroup"),
        ("download", "invalid media hmac", "NotFound"),
        ("logout", "info query timed out", "OutcomeUnknown"),
    ],
)
def test_the_same_line_means_something_else_in_another_call(doing, line, error):
    assert type(refusal(line, doing=doing)).__name__ == error


def test_a_message_that_left_without_an_id_is_of_unknown_outcome(number: Number):
    number.network.no_id = True
    with pytest.raises(OutcomeUnknown):
        number.bot.send(maria, Text("Hola"))


# --- signs ------------------------------------------------------------------------------------
def test_typing_is_shown_while_we_are_available(number: Number):
    number.bot.typing(maria)
    number.bot.typing(maria, on=False)
    shown = [args[-1] for name, args in number.network.called if "presence" in name]
    assert shown == [
        Presence.AVAILABLE,
        ChatPresence.CHAT_PRESENCE_COMPOSING,
        ChatPresence.CHAT_PRESENCE_PAUSED,
        Presence.UNAVAILABLE,
    ]


def test_what_was_read_is_told_to_each_who_wrote_it(number: Number):
    number.network.tells(arrived(source(jid(support.value, "g.us"), jid(JUAN.phone)), "hola", id="J1"))
    number.hears_message()
    number.bot.mark_read(support, ["J1", "unknown"])
    number.bot.mark_read(maria, ["M1", "M2"])
    reads = [args for name, args in number.network.called if name == "mark_read"]
    assert reads == [(("J1",), support.value, JUAN.phone), (("M1", "M2"), MARIA.phone, MARIA.phone)]
