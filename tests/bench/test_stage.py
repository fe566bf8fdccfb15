"""The dialogue, the anchors, the year of chats and the client do what the figures say of them."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db import connection
from django.db.models import Count

from backoffice.conversations.models import Conversation, InboxEvent, Message
from tests.bench import anchors, client, engine, history

PEOPLE, MESSAGES = 200, 3_000


@pytest.fixture
def company(db, settings) -> None:
    settings.BURST_PERCENT = 0  # as the bench's own processes have it
    engine.load()


def test_everybody_is_answered_six_times_by_durable_replies(company):
    before = Message.objects.count()
    assert engine.Desk().dialogues() == 6 * engine.PHONES
    engine.check_outbox(6 * engine.PHONES)
    assert Message.objects.count() == before + 2 * 6 * engine.PHONES


def test_a_run_that_answered_nobody_is_no_figure(company):
    with pytest.raises(RuntimeError, match="0 replies are queued, not 384"):
        engine.check_outbox(384)


def test_what_is_sent_leaves_the_outbox_empty(company):
    told = engine.sending()
    assert told["turns"] == engine.PHONES
    assert not Message.objects.filter(due_at__isnull=False).exists()


def test_a_year_of_chats_is_whole_and_the_talkers_have_the_longest(company):
    before = Message.objects.count()
    rows = history.fill(messages=MESSAGES, contacts=PEOPLE)
    assert rows["conversations_message"] == before + MESSAGES
    assert InboxEvent.objects.filter(ready_at__isnull=True).count() == before // 2 + MESSAGES // 2
    connection.check_constraints()
    longest = Conversation.objects.annotate(lines=Count("messages")).order_by("-lines").first()
    assert longest is not None
    assert longest.contact is not None
    assert longest.contact.name.startswith("Vecino") or longest.contact.phone_key == "2614000000"
    assert Conversation.objects.filter(contact__isnull=False, messages__isnull=True).count() < PEOPLE // 10


def test_turns_ask_the_same_of_a_full_database_as_of_an_empty_one(company):
    before = engine.statements()
    history.fill(messages=MESSAGES, contacts=PEOPLE)
    assert engine.statements() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["orm", "raw"])
def test_a_bare_turn_is_two_lines_and_a_step_of_the_session(way):
    anchors.create()
    try:
        for _ in range(3):
            assert getattr(anchors, way)(seconds=0)["turns"] == 1
        assert list(anchors.Line.objects.order_by("pk").values_list("direction", flat=True)) == ["in", "out"] * 3
        assert anchors.Session.objects.get(chat=0).step == 3
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(anchors.Line)
            editor.delete_model(anchors.Session)


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200 if "to=1" in self.path else 400)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.mark.parametrize(("fields", "refused"), [("to=1&n={n}", 0), ("n={n}", 1)])
def test_the_client_counts_answers_and_refusals(fields, refused, monkeypatch):
    monkeypatch.setattr(client, "CONNECTIONS", 1)
    with HTTPServer(("127.0.0.1", 0), _Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        told = client.load(server.server_port, "/send", post=False, fields=fields, seconds=0.05)
        server.shutdown()
    assert told["turns"] >= 1
    assert told["refused"] == told["turns"] * refused
    assert told["p50"] <= told["p99"]
