"""A number from the first code to the last: every state of it, and what heals by itself."""

import fcntl
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
from neonize.proto.Neonize_pb2 import (
    ClientOutdated,
    Connected,
    ConnectFailure,
    Disconnected,
    KeepAliveRestored,
    Node,
    PairStatus,
    StreamReplaced,
    TemporaryBan,
)

from integrations.errors import OutcomeUnknown, Rejected, Throttled, Unavailable
from integrations.whatsapp.base import (
    AccountBlocked,
    Addr,
    ConnState,
    MessageIn,
    NotConnected,
    QrCode,
    ReachoutLocked,
    StateChanged,
    Text,
)
from integrations.whatsapp.base import (
    TemporaryBan as Banned,
)
from tests.cast import MARIA
from tests.integrations.whatsapp.neonize.number import Number, meanwhile, pair
from tests.integrations.whatsapp.neonize.standin import US, StandIn, arrived, jid, source, until

maria = Addr.phone(MARIA.phone)
from_maria = source(jid(MARIA.phone), jid(MARIA.phone))


def dialled(number: Number, times: int, then: Callable[[], None]) -> None:
    """What the network does once somebody dialled that many times."""
    until(lambda: len(number.network.clients) == times)
    then()


def shows(number: Number, text: str, *, times: int = 1) -> AbstractContextManager[None]:
    """The network shows that code as soon as somebody dials."""
    return meanwhile(lambda: dialled(number, times, lambda: number.network.shows_qr(text)))


def again(number: Number, **timing: float) -> None:
    """The process starts again, with other times."""
    number.bot.close()
    number.opened.clear()
    number.with_timing(**timing)
    with meanwhile(lambda: dialled(number, 2, number.network.lets_in)):
        number.bot.state()
        number.becomes(ConnState.ONLINE)


def states(number: Number) -> list[str]:
    number.events()
    return [event.state.value for event in number.told if isinstance(event, StateChanged)]


# --- linking ----------------------------------------------------------------------------------
def test_the_owner_scans_the_code_and_the_number_is_in(unlinked: Number):
    pair(unlinked)
    unlinked.becomes(ConnState.ONLINE)
    assert unlinked.bot.state().me == Addr.phone(US)
    assert states(unlinked)[:3] == ["connecting", "pairing", "connecting"]
    assert states(unlinked)[-1] == "online"
    assert unlinked.bot.state().qr == ""


def test_nobody_dials_before_somebody_asks_for_a_code(unlinked: Number):
    assert unlinked.bot.state().state == ConnState.NEW
    assert unlinked.bot.poll(None).events == ()
    assert unlinked.network.clients == []


def test_the_first_code_lasts_a_minute_and_each_next_one_twenty_seconds(unlinked: Number):
    with shows(unlinked, "one"):
        assert unlinked.bot.begin_pairing().qr == "one"
    unlinked.network.shows_qr("two")
    first, second = unlinked.hears(QrCode, 2)
    assert (first.data, second.data) == ("one", "two")
    assert (first.expires_at - first.at, second.expires_at - second.at) == (
        timedelta(seconds=60),
        timedelta(seconds=20),
    )
    assert unlinked.bot.state().qr == "two"


def test_when_nobody_scans_it_rests_without_being_stopped_and_another_code_may_be_asked_for(unlinked: Number):
    unlinked.with_timing(pairing=0.05)
    with shows(unlinked, "one"):
        unlinked.bot.begin_pairing()
    assert "venció" in unlinked.becomes(ConnState.NEW).reason
    assert not unlinked.network.clients[0].stopped
    unlinked.network.clients[0].inbox.put("what an abandoned client still shows")
    until(lambda: unlinked.network.clients[0].inbox.empty())
    assert unlinked.bot.state().qr == ""
    with shows(unlinked, "two", times=2):
        assert unlinked.bot.begin_pairing().qr == "two"


def test_elena_types_a_code_on_her_phone_instead(unlinked: Number):
    with shows(unlinked, "one"):
        shown = unlinked.bot.begin_pairing("+54 9 261 444-0000")
    assert (shown.state, shown.code) == (ConnState.PAIRING, "ABCD1234")
    assert shown.expires_at is not None
    assert ("PairPhone", (US,)) in unlinked.network.called
    unlinked.network.shows_qr("two")
    until(lambda: unlinked.bot.state().qr == "two")
    assert unlinked.bot.state().code == "ABCD1234"


def test_a_second_click_gives_the_same_code_and_another_phone_gets_its_own(unlinked: Number):
    with shows(unlinked, "one"):
        first = unlinked.bot.begin_pairing(US)
    assert unlinked.bot.begin_pairing(US) == first
    assert unlinked.bot.begin_pairing(MARIA.phone).code == "ABCD1234"
    assert [args for name, args in unlinked.network.called if name == "PairPhone"] == [(US,), (MARIA.phone,)]


def test_a_number_that_could_not_be_linked_is_not_taken_for_linked(unlinked: Number):
    with shows(unlinked, "one"):
        unlinked.bot.begin_pairing()
    failed = PairStatus(ID=jid(US), BusinessName="", Platform="", Status=PairStatus.ERROR, Error="no prekeys")
    unlinked.network.tells(failed)
    assert "no prekeys" in unlinked.becomes(ConnState.NEW).reason
    unlinked.bot.close()
    unlinked.opened.clear()
    assert unlinked.bot.state().state == ConnState.NEW


@pytest.mark.parametrize(
    ("line", "error"),
    [("phone number too short", Rejected), ("info query returned status 429: rate-overlimit", Throttled)],
)
def test_a_code_that_whatsapp_does_not_give_says_why(unlinked: Number, line, error):
    unlinked.network.refuses["PairPhone"] = line
    with shows(unlinked, "one"), pytest.raises(error):
        unlinked.bot.begin_pairing(US)


def test_asking_for_a_code_of_a_linked_number_does_no_harm(number: Number):
    assert number.bot.begin_pairing().state == ConnState.ONLINE
    assert len(number.network.clients) == 1


# --- dialling ---------------------------------------------------------------------------------
def test_a_linked_number_comes_back_by_itself_after_a_restart(number: Number):
    number.bot.close()
    number.opened.clear()
    assert number.bot.state().state == ConnState.CONNECTING
    until(lambda: len(number.network.clients) == 2)
    number.network.lets_in()
    number.becomes(ConnState.ONLINE)
    assert number.bot.state().me == Addr.phone(US)


def test_without_network_it_tries_again_and_says_so(number: Number):
    number.bot.close()
    number.opened.clear()
    number.network.refuses["connect"] = "failed to dial whatsapp web websocket: no such host"
    number.bot.state()
    assert "No se pudo conectar" in number.becomes(ConnState.RECONNECTING).reason
    until(lambda: len(number.network.clients) >= 4)
    del number.network.refuses["connect"]
    until(lambda: number.network.clients[-1].connecting.is_set())
    number.network.lets_in()
    number.becomes(ConnState.ONLINE)


def test_a_client_that_is_left_frees_nobody_elses_connection(number: Number):
    number.bot.close()
    assert number.network.clients[0].stopped
    assert not number.network.clients[0]._stop_finalizer.on


# --- drops ------------------------------------------------------------------------------------
def test_a_drop_is_told_and_calls_wait_until_it_is_back(number: Number):
    number.network.drops()
    number.becomes(ConnState.RECONNECTING)
    with pytest.raises(NotConnected):
        number.bot.send(maria, Text("Hola"))
    number.network.lets_in()
    number.becomes(ConnState.ONLINE)
    assert number.bot.send(maria, Text("Hola")).id


def test_late_news_of_a_drop_does_not_leave_it_out(number: Number):
    number.network.tells(Disconnected(status=True))  # the socket is fine: it was told after the reconnection
    number.becomes(ConnState.RECONNECTING)
    number.becomes(ConnState.ONLINE)


def test_a_socket_that_closed_without_a_word_is_noticed(number: Number):
    number.network.client.alive = False
    number.becomes(ConnState.RECONNECTING)


def test_a_half_open_socket_takes_no_messages_and_is_dialled_again(number: Number):
    again(number, silence=0.05)
    number.network.goes_silent()
    number.becomes(ConnState.RECONNECTING)
    until(lambda: len(number.network.clients) == 3)
    assert number.network.clients[1].stopped
    number.network.lets_in()
    until(lambda: number.bot.state().state == ConnState.ONLINE)


def test_a_keep_alive_that_is_answered_again_heals_it(number: Number):
    number.network.goes_silent()
    number.becomes(ConnState.RECONNECTING)
    number.network.tells(KeepAliveRestored())
    until(lambda: number.bot.state().state == ConnState.ONLINE)
    assert len(number.network.clients) == 1


def test_a_drop_that_lasts_is_dialled_again_with_our_own_waits(number: Number):
    number.bot.close()
    number.opened.clear()
    number.with_timing(lost=0.05)
    number.bot.state()
    until(lambda: len(number.network.clients) >= 3)


# --- ends -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("told", "state"),
    [
        (StreamReplaced(), ConnState.REPLACED),
        (ClientOutdated(), ConnState.OUTDATED),
        (ConnectFailure(Reason="CLIENT_OUTDATED", Message="", Raw=Node(Tag="failure", Nil=True)), ConnState.OUTDATED),
        (
            ConnectFailure(Reason="MAIN_DEVICE_GONE", Message="", Raw=Node(Tag="failure", Nil=True)),
            ConnState.RESTRICTED,
        ),
        (ConnectFailure(Reason="UNKNOWN_LOGOUT", Message="", Raw=Node(Tag="failure", Nil=True)), ConnState.RESTRICTED),
        (ConnectFailure(Reason="LOGGED_OUT", Message="", Raw=Node(Tag="failure", Nil=True)), ConnState.LOGGED_OUT),
    ],
    ids=["replaced", "outdated", "405", "403", "406", "401"],
)
def test_what_a_person_must_settle_is_told_and_not_tried_again(number: Number, told, state):
    number.network.tells(told)
    assert number.becomes(state).reason
    until(lambda: number.network.clients[0].stopped)
    number.network.clients[0].inbox.put(Connected(status=True))  # late, from a client that was left
    assert len(number.network.clients) == 1
    assert number.bot.state().state == state
    with pytest.raises(AccountBlocked if state == ConnState.RESTRICTED else NotConnected):
        number.bot.send(maria, Text("Hola"))


def test_a_number_unlinked_on_the_phone_may_be_linked_again(number: Number):
    number.network.throws_out()
    number.becomes(ConnState.LOGGED_OUT)
    assert number.bot.state().me is None
    with shows(number, "again", times=2):
        assert number.bot.begin_pairing().qr == "again"
    number.network.pairs()
    until(lambda: number.bot.state().state == ConnState.ONLINE)


def test_locked_and_banned_numbers_come_as_logged_out_too(number: Number):
    number.network.throws_out("MAIN_DEVICE_GONE")
    number.becomes(ConnState.RESTRICTED)


def test_after_another_place_took_the_session_a_person_may_take_it_back(number: Number):
    number.network.tells(StreamReplaced())
    number.becomes(ConnState.REPLACED)
    with meanwhile(lambda: dialled(number, 2, number.network.lets_in)):
        assert number.bot.begin_pairing().state == ConnState.ONLINE


def test_a_temporary_ban_holds_everything_until_its_end_and_then_comes_back_alone(number: Number):
    number.network.tells(TemporaryBan(Code="SENT_TOO_MANY_SAME_MESSAGE", Expire=3600))
    told = number.becomes(ConnState.TEMP_BANNED)
    assert "demasiadas veces el mismo mensaje" in told.reason
    assert told.until is not None
    assert timedelta(minutes=59) < told.until - datetime.now(UTC) <= timedelta(hours=1)
    with pytest.raises(Banned) as ban:
        number.bot.send(maria, Text("Hola"))
    assert ban.value.until == told.until
    assert number.bot.begin_pairing().state == ConnState.TEMP_BANNED
    number.bot._link._stands.say(ConnState.TEMP_BANNED, "", datetime.now(UTC))
    until(lambda: len(number.network.clients) == 2)
    number.network.lets_in()
    until(lambda: number.bot.state().state == ConnState.ONLINE)


def test_a_refusal_that_may_pass_is_dialled_again(number: Number):
    number.network.tells(ConnectFailure(Reason="GENERIC", Message="", Raw=Node(Tag="failure", Nil=True)))
    until(lambda: len(number.network.clients) == 2)
    assert number.network.clients[0].stopped


def test_whatsapps_own_trouble_is_left_to_the_library(number: Number):
    number.network.drops()
    number.network.tells(ConnectFailure(Reason="SERVICE_UNAVAILABLE", Message="", Raw=Node(Tag="failure", Nil=True)))
    until(lambda: "WhatsApp tiene problemas" in [event.reason for event in number.events() if hasattr(event, "reason")])
    assert len(number.network.clients) == 1


def test_a_lock_on_new_chats_is_told_outlives_a_drop_and_lets_open_chats_go_on(number: Number):
    number.network.refuses["send_message"] = "server returned error 463"
    with pytest.raises(ReachoutLocked):
        number.bot.send(maria, Text("Hola"))
    told = number.becomes(ConnState.REACHOUT_LOCKED)
    assert told.until is not None
    del number.network.refuses["send_message"]
    assert number.bot.send(maria, Text("Hola")).id
    number.network.drops()
    number.becomes(ConnState.RECONNECTING)
    number.network.lets_in()
    until(lambda: number.bot.state().state == ConnState.REACHOUT_LOCKED)
    assert number.bot.state().until == told.until


def test_unlinking_from_the_panel(number: Number):
    number.bot.logout()
    number.becomes(ConnState.LOGGED_OUT)
    until(lambda: number.network.clients[0].stopped)
    number.bot.logout()
    assert [name for name, _ in number.network.called].count("logout") == 1


# --- the library at its worst -----------------------------------------------------------------
def test_a_send_that_the_library_never_ends_is_of_unknown_outcome(number: Number):
    again(number, call=0.05)
    number.network.released.clear()
    number.network.hangs.add("send_message")
    with pytest.raises(OutcomeUnknown):
        number.bot.send(maria, Text("Hola"))
    number.network.hangs = {"get_joined_groups"}
    with pytest.raises(Unavailable):
        number.bot.list_groups()


def test_who_is_inside_when_it_hangs_up_is_waited_for(number: Number):
    number.network.hangs.add("send_message")
    failed: list[Exception] = []

    def send() -> None:
        try:
            number.bot.send(maria, Text("Hola"))
        except OutcomeUnknown as error:
            failed.append(error)

    sender = threading.Thread(target=send)
    sender.start()
    until(lambda: any(name == "send_message" for name, _ in number.network.called))
    number.network.tells(StreamReplaced())
    sender.join(10)
    assert len(failed) == 1
    until(lambda: number.network.clients[0].stopped)


def test_what_it_still_had_to_tell_when_it_hung_up_is_kept(number: Number):
    again(number, hush=0.5)
    number.network.last_words = [arrived(from_maria, "justo ahora", id=f"3EB0L{count}") for count in range(50)]
    number.bot.close()
    number.opened.clear()
    number.network.last_words = []
    assert len(number.hears(MessageIn, 50)) == 50


def test_a_callback_that_fails_does_not_stop_the_next_one(number: Number, monkeypatch, caplog):
    spool = number.bot._link.spool
    put = spool.put
    monkeypatch.setattr(spool, "put", lambda *args, **more: 1 / 0)
    number.network.tells(arrived(from_maria, "se pierde"))
    until(lambda: "could not be kept" in caplog.text)
    monkeypatch.setattr(spool, "put", put)
    number.network.tells(arrived(from_maria, "llega", id="3EB0BB"))
    assert number.hears_message().text == "llega"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_link_that_broke_says_that_it_is_stopped(unlinked: Number, monkeypatch):
    monkeypatch.setattr(unlinked.network, "make", lambda path, name: 1 / 0)
    assert unlinked.bot.begin_pairing().state == ConnState.STOPPED
    with pytest.raises(Unavailable) as broken:
        unlinked.bot.begin_pairing()
    assert "Reiniciá" in broken.value.staff_text
    with pytest.raises(NotConnected):
        unlinked.bot.send(maria, Text("Hola"))


def test_nobody_is_dialled_beside_one_who_still_dials(number: Number, monkeypatch):
    """A client that was told to connect and has not come in yet could come in later, and replace the next one."""
    number.bot.close()
    number.opened.clear()
    number.with_timing(lost=0.0)
    monkeypatch.setattr(StandIn, "_in", lambda client: None)
    number.bot.state()
    looked = threading.Event()
    link = number.bot._link
    look = link._look_at_socket
    times: list[int] = []

    def looks(dial) -> None:
        look(dial)
        times.append(1)
        if len(times) == 5:
            looked.set()

    monkeypatch.setattr(link, "_look_at_socket", looks)
    assert looked.wait(10)
    assert len(number.network.clients) == 2


# --- one process a number ---------------------------------------------------------------------
def test_another_process_that_has_the_number_is_a_clear_error(unlinked: Number):
    unlinked.folder.mkdir()
    with (unlinked.folder / "lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(NotConnected) as error:
            unlinked.bot.poll(None)
        assert "Otro proceso" in error.value.staff_text
    assert unlinked.bot.poll(None).events == ()


def test_the_loops_of_a_process_share_the_link_and_the_last_one_hangs_up(number: Number):
    sender = number.transport()
    assert sender.send(maria, Text("Hola")).id
    sender.close()
    assert number.bot.state().state == ConnState.ONLINE
    with pytest.raises(NotConnected):
        sender.send(maria, Text("Hola"))
    assert sender.state().state == ConnState.STOPPED
    number.bot.close()
    assert number.network.clients[0].stopped
    with (number.folder / "lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_a_folder_that_cannot_be_is_a_clear_error(tmp_path):
    from integrations.whatsapp.neonize.transport import NeonizeTransport

    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable):
        NeonizeTransport(tmp_path / "file" / "number").poll(None)
    with pytest.raises(ValueError, match="URI"):
        NeonizeTransport(tmp_path / "100%").poll(None)
