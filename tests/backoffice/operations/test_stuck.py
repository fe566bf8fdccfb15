"""What the bot could not do has a way out, by itself or by somebody's hand, and each leaves its trace."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backoffice.common.errors import DomainError
from backoffice.common.models import Activity
from backoffice.conversations.models import InboxEvent, Lane, Message
from backoffice.operations.services import MENDED_AFTER, discard_event, free_lanes, mend_lanes, retry_event
from backoffice.operations.stuck import dead_events, lane_name, letters, waiting
from tests.backoffice.operations.conftest import ago, said

pytestmark = pytest.mark.django_db

States = InboxEvent.State


def lane_of_maria(**values: object) -> Lane:
    return Lane.objects.create(key="1:p:2612345678", **values)


def event_in(lane: Lane, **values: object) -> InboxEvent:
    told = {"sender_name": "María", "text": "no tengo internet", "message_id": "in-1"}
    fields = {"source": "channel:1", "external_id": "e-1", "kind": "message", "payload": told} | values
    if fields.get("state", States.PENDING) != States.PENDING:
        fields["ready_at"] = None
    return InboxEvent.objects.create(lane=lane, **fields)


@pytest.fixture
def dead(maria) -> InboxEvent:
    return event_in(lane_of_maria(), state=States.DEAD, reason="El bot falló: RuntimeError.", source=source(maria))


def source(chat) -> str:
    return f"channel:{chat.channel_id}"


class TestTheWatchdog:
    def test_a_lane_whose_event_nobody_would_run_runs_now(self):
        lane = lane_of_maria()
        event_in(lane, ready_at=ago(seconds=40))
        now = timezone.now()
        assert mend_lanes(now=now) == 1
        lane.refresh_from_db()
        assert lane.ready_at == now
        assert Activity.objects.get().text == "El bot destrabó solo 1 conversación(es)"
        assert mend_lanes(now=now + timedelta(minutes=1)) == 0

    @pytest.mark.parametrize(
        "lane",
        [
            {"ready_at": ago(seconds=-5)},
            {"ready_at": ago(minutes=5)},
            {"lease_until": ago(seconds=-20), "token": "a"},
            {"lease_until": ago(seconds=40), "token": "a"},  # the dispatcher takes it by itself
        ],
    )
    def test_a_lane_that_will_run_is_left_alone(self, lane):
        row = lane_of_maria(**lane)
        event_in(row, ready_at=ago(minutes=5))
        assert mend_lanes() == 0
        before = (row.ready_at, row.lease_until)
        row.refresh_from_db()
        assert (row.ready_at, row.lease_until) == before

    def test_what_is_about_to_run_a_timer_of_tomorrow_and_what_is_done_are_left_alone(self):
        lane = lane_of_maria()
        event_in(lane, ready_at=timezone.now() - MENDED_AFTER / 2)
        event_in(lane, ready_at=ago(hours=-24), external_id="tomorrow")
        event_in(lane, state=States.DONE, external_id="done")
        assert mend_lanes() == 0
        assert not Activity.objects.exists()

    def test_it_asks_one_thing_when_all_is_well(self, django_assert_num_queries):
        with django_assert_num_queries(3):  # the question, inside its transaction
            mend_lanes()


class TestStaffFreeLanes:
    @pytest.mark.parametrize(
        "lane",
        [
            {"ready_at": ago(minutes=5)},
            {"lease_until": ago(minutes=5), "token": "a", "expired": 4},
            {},
        ],
        ids=["nobody took it", "its owner died", "it lost its turn"],
    )
    def test_every_lane_that_waits_gets_its_turn(self, elena, lane):
        row = lane_of_maria(**lane)
        event_in(row, ready_at=ago(minutes=5))
        now = timezone.now()
        assert [one.who for one in waiting(now)] == ["Celular 2612345678"]
        assert free_lanes(by=elena, now=now) == 1
        row.refresh_from_db()
        assert (row.ready_at, row.lease_until, row.token, row.expired) == (now, None, "", 0)
        assert "Elena Soto hizo que el bot vuelva a intentar" in Activity.objects.get().text

    def test_nobody_takes_a_lane_from_a_process_that_lives(self, elena):
        held = lane_of_maria(lease_until=ago(seconds=-20), token="a")
        event_in(held, ready_at=ago(minutes=5))
        assert free_lanes(by=elena) == 0
        held.refresh_from_db()
        assert held.token == "a"
        assert not Activity.objects.exists()

    def test_the_page_asks_the_same_however_many_wait(self, django_assert_num_queries):
        for number in range(30):
            Lane.objects.create(key=f"1:p:{number}", ready_at=ago(minutes=5))
        with django_assert_num_queries(2):
            rows = waiting(timezone.now())
        assert len(rows) == 20
        assert {row.why for row in rows} == {"Ningún proceso del bot la tomó todavía."}


class TestDeadLetters:
    def test_it_says_who_wrote_what_and_why_it_failed(self, maria, dead, django_assert_num_queries):
        with django_assert_num_queries(2):
            [letter] = letters(list(dead_events()))
        assert letter.who == "María · Celular 2612345678"
        assert (letter.text, letter.why) == ("no tengo internet", "El bot falló: RuntimeError.")
        assert letter.contact_id == maria.contact_id
        assert letter.can_retry

    @pytest.mark.parametrize(
        ("values", "text", "can_retry"),
        [
            ({"payload": {"media_id": 3}}, "(archivo o ubicación)", True),
            ({"payload": {}}, "(mensaje sin texto)", True),
            ({"kind": "announce", "payload": {}}, "(tarea programada del bot)", True),
            ({"kind": "raw", "payload": ["odd"]}, "(mensaje sin texto)", False),
        ],
    )
    def test_whatever_came_has_words(self, values, text, can_retry):
        event_in(lane_of_maria(), state=States.DEAD, **values)
        [letter] = letters(list(dead_events()))
        assert (letter.text, letter.can_retry) == (text, can_retry)

    def test_trying_again_puts_it_back_in_its_lane_and_takes_the_line_that_was_kept(self, maria, dead, elena):
        said(maria, "no tengo internet", external_id="in-1")
        assert retry_event(event=dead, by=elena)
        dead.refresh_from_db()
        lane = Lane.objects.get()
        assert dead.state == States.PENDING
        assert dead.ready_at is not None
        assert lane.ready_at is not None
        assert lane.ready_at <= timezone.now()
        assert not Message.objects.exists()
        assert "Elena Soto hizo que el bot vuelva a intentar" in Activity.objects.get().text
        assert not retry_event(event=dead, by=elena)

    def test_a_line_that_an_agent_got_stays_and_makes_room_for_the_new_one(self, maria, dead, elena):
        kept = said(maria, "no tengo internet", external_id="in-1")
        said(maria, "no tengo internet", direction="out", relay_of=kept)
        retry_event(event=dead, by=elena)
        kept.refresh_from_db()
        assert kept.external_id is None

    def test_in_a_lane_that_was_joined_to_another_it_runs_in_that_one(self, dead, elena):
        heir = Lane.objects.create(key="1:l:hidden")
        Lane.objects.filter(pk=dead.lane_id).update(merged_into=heir)
        retry_event(event=InboxEvent.objects.select_related("lane").get(), by=elena)
        dead.refresh_from_db()
        heir.refresh_from_db()
        assert dead.lane_id == heir.pk
        assert heir.ready_at is not None

    def test_what_nobody_could_read_can_only_be_discarded(self, elena):
        odd = event_in(lane_of_maria(), state=States.DEAD, kind="raw")
        with pytest.raises(DomainError, match="sólo se puede descartar"):
            retry_event(event=odd, by=elena)
        assert discard_event(event=odd, by=elena)

    def test_discarding_leaves_a_trace_and_is_done_once(self, dead, elena):
        assert discard_event(event=dead, by=elena)
        assert not discard_event(event=dead, by=elena)
        dead.refresh_from_db()
        assert dead.state == States.DISCARDED
        assert Activity.objects.get().text == "Elena Soto descartó un mensaje que había hecho fallar al bot"


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("3:p:2612345678", "Celular 2612345678"),
        ("3:g:soporte", "Un grupo de WhatsApp"),
        ("3:l:99", "Una persona sin número visible"),
        ("ticket:5", "Avisos del ticket 5"),
        ("3:raw", "Lo que llegó y no se entendió"),
    ],
)
def test_a_lane_has_a_name_that_people_understand(key, name):
    assert lane_name(key) == name
