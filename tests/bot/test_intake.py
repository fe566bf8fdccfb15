"""What the network told becomes rows: who is answered, what is not a chat, files by what they are."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backoffice.agents.models import GroupMember
from backoffice.channels.models import Channel, ChannelStatus
from backoffice.channels.services import record_qr, record_state, status_of
from backoffice.common.models import Activity
from backoffice.conversations.models import Contact, InboxEvent, Lane, Media
from bot.identity import Person, contacts_of
from bot.intake import take_in
from integrations.errors import NotFound
from integrations.whatsapp.base import Addr, ConnState, GroupChanged, IdentityLearned, MediaIn, QrCode, StateChanged
from tests.backoffice import desk
from tests.bot.inbox import line
from tests.bot.wire import Wire
from tests.cast import JUAN, MARIA

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
NOW = timezone.now()


@pytest.fixture
def channel(db: None) -> Channel:
    return desk.open_for_business()


@pytest.fixture
def wire() -> Wire:
    return Wire()


def media(wire: Wire, data: bytes | Exception, kind: str = "document", name: str = "x") -> MediaIn:
    wire.files["h"] = data
    return MediaIn("h", kind, name, "text/lies", 1)


@pytest.mark.parametrize("told", [{"from_me": True}, {"is_status_broadcast": True}])
def test_our_own_lines_and_the_status_broadcast_are_no_chats(channel, wire, told):
    assert take_in(channel, wire.transport, [line(MARIA.phone, **told)]) == 1
    assert not InboxEvent.objects.exists()


def test_a_choice_and_a_group_are_answered_at_once_and_a_short_line_waits(channel, wire):
    events = [line(MARIA.phone, "2"), line(JUAN.phone, "hola"), line(JUAN.phone, "lo tomo", group="soporte")]
    take_in(channel, wire.transport, events)
    waits = {lane.key: lane.ready_at - timezone.now() for lane in Lane.objects.all()}
    assert waits[f"{channel.pk}:p:{MARIA.key}"] <= timedelta(0)
    assert waits[f"{channel.pk}:g:soporte"] <= timedelta(0)
    assert waits[f"{channel.pk}:p:{JUAN.key}"] > timedelta(seconds=1)


@pytest.mark.parametrize(
    ("data", "told", "name", "kind", "mimetype"),
    [
        (PNG, "document", "factura.pdf", "image", "image/png"),
        (b"<html><script>1</script>", "image", "foto.png", "document", "application/octet-stream"),
        (b"%PDF-1.4 ...", "image", "foto.jpg", "document", "application/pdf"),
    ],
)
def test_a_file_is_what_its_bytes_say(channel, wire, data, told, name, kind, mimetype):
    take_in(channel, wire.transport, [line(MARIA.phone, "", media=media(wire, data, told, name))])
    row = Media.objects.get()
    assert (row.kind, row.mimetype, row.filename) == (kind, mimetype, name)
    assert not row.file.name.endswith((".html", ".htm"))
    assert InboxEvent.objects.get().payload["media_id"] == row.pk


def test_a_file_that_cannot_be_had_leaves_its_line(channel, wire):
    take_in(channel, wire.transport, [line(MARIA.phone, "mirá", media=media(wire, NotFound()))])
    assert InboxEvent.objects.get().payload["media_id"] is None
    assert not Media.objects.exists()


def test_the_state_of_the_link_is_shown_and_told_once(channel, wire):
    states = [ConnState.PAIRING, ConnState.ONLINE, ConnState.ONLINE, ConnState.LOGGED_OUT]
    seen = []
    for number, state in enumerate(states):
        take_in(channel, wire.transport, [StateChanged(f"s{number}", state, NOW)])
        seen.append(ChannelStatus.objects.get().state)
    assert seen == ["waiting_qr", "connected", "connected", "disconnected"]
    assert Activity.objects.filter(kind="connection").count() == 3


def test_a_qr_is_shown_until_the_number_is_linked(channel, wire):
    take_in(channel, wire.transport, [QrCode("q1", "first", NOW), QrCode("q2", "second", NOW)])
    assert (status_of(channel).state, status_of(channel).qr) == ("waiting_qr", "second")
    record_state(channel=channel, state="connected", reason="x", number="549261")
    row = status_of(channel)
    assert (row.qr, row.reason, row.number) == ("", "", "549261")
    record_qr(channel=channel, qr="third")
    assert status_of(channel).number == "549261"


def test_an_agent_joins_a_group_of_ours(channel, wire):
    group = desk.group(channel, "support", "Soporte")
    agent = desk.agent(channel, JUAN, groups=0)
    GroupMember.objects.filter(agent=agent).update(state="invited")
    joined = GroupChanged("g1", Addr.group("Soporte"), "joined", NOW, members=(Addr.phone(JUAN.phone),))
    take_in(channel, wire.transport, [joined])
    assert GroupMember.objects.get(group=group, agent=agent).state == "added"


def test_thrown_out_of_a_group_it_is_marked_and_of_others_nothing_happens(channel, wire):
    group = desk.group(channel, "support", "Soporte")
    events = [GroupChanged(f"g{name}", Addr.group(name), "left", NOW, me=True) for name in ("Soporte", "Familia")]
    take_in(channel, wire.transport, events)
    group.refresh_from_db()
    assert group.bot_removed


def test_two_addresses_learned_to_be_one_person(channel, wire):
    lid, phone = Addr.lid("777"), Addr.phone(MARIA.phone)
    contacts_of([Person(channel.pk, lid), Person(channel.pk, phone)])
    take_in(channel, wire.transport, [IdentityLearned("i1", lid, phone, NOW)])
    assert Contact.objects.filter(merged_into__isnull=True).count() == 1
