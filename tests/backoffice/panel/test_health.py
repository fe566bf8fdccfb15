"""«Salud del sistema» and the messages that no turn could handle: what is shown, to whom, and what the buttons do."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from backoffice.channels.models import ChannelStatus
from backoffice.common.metrics import Tally
from backoffice.conversations.models import InboxEvent, Lane
from backoffice.operations.metering import store
from backoffice.operations.models import Heartbeat
from backoffice.panel.pages.health import spoken, weight
from tests.backoffice import desk
from tests.cast import MARIA

HEALTH, LIVE, DEAD = (reverse(f"admin:panel_{name}") for name in ("health", "health_live", "dead"))


def at_work() -> None:
    """A channel that is linked, a dispatcher, and what was counted in the last hours."""
    now = timezone.now()
    channel = desk.open_for_business()
    ChannelStatus.objects.create(channel=channel, state="connected", seen_at=now)
    Heartbeat.objects.create(name="despachador 1", started_at=now - timedelta(hours=3), seen_at=now)
    for hours in range(6):
        counted = [
            Tally("received", 0, 40),
            Tally("answered", 0, 30),
            Tally("sent", 0, 35),
            Tally("notices_sent", 0, 12),
            Tally("failed", 0, 1),
            Tally("turn", 20, 25, 400),
            Tally("turn", 100, 5, 400),
        ]
        store(counted, at=now - timedelta(hours=hours))


def dead_letter(text: str = "no tengo internet", **values: object) -> InboxEvent:
    lane = Lane.objects.get_or_create(key=f"1:p:{MARIA.key}")[0]
    fields = {
        "source": "channel:1",
        "external_id": text,
        "kind": "message",
        "payload": {"text": text, "sender_name": "María", "message_id": text},
        "state": InboxEvent.State.DEAD,
        "ready_at": None,
        "reason": "El bot falló: RuntimeError.",
    }
    return InboxEvent.objects.create(lane=lane, **(fields | values))


def test_a_new_installation_says_what_to_do(admin: Client) -> None:
    page = admin.get(HEALTH)
    assert "El bot todavía no dio señales" in page.text
    assert page.text.count("Todavía no hay nada que mostrar.") == 4
    assert "Nadie espera." in page.text


def test_a_working_day_in_figures_and_drawings(admin: Client) -> None:
    at_work()
    page = admin.get(HEALTH)
    assert (page.context["received"], page.context["answered"], page.context["failed"]) == ("240", "180", 6)
    assert (page.context["median"], page.context["slow"]) == ("16 ms", "92 ms")
    received, sent, took, _ = page.context["charts"]
    assert sum(value or 0 for value in received.series[0].values) == 240
    assert {bar.tone for bar in sent.bars} == {"brand", "info", "bad"}
    assert len(took.paths) >= 2
    assert "CONECTADO" in page.text
    assert "Despachador 1" in page.text
    assert "Todo en orden." not in page.text  # there is no group yet
    assert "Crearlo" in page.text


def test_the_last_bars_are_now_and_older_days_are_not_drawn(admin: Client) -> None:
    now = timezone.now()
    store([Tally("received", 0, 3)], at=now)
    store([Tally("received", 0, 5)], at=now - timedelta(hours=25))
    page = admin.get(HEALTH)
    assert page.context["received"] == "3"
    values = list(page.context["charts"][0].series[0].values)
    assert len(values) == 48
    assert sum(values[-2:]) == 3
    assert sum(values[:-2]) == 0


def test_the_live_part_rests_until_something_changes(admin: Client) -> None:
    at_work()
    version = admin.get(HEALTH).context["version"]
    assert admin.get(LIVE, {"v": version}).status_code == 204
    Heartbeat.objects.update(seen_at=timezone.now() - timedelta(minutes=5))
    cache.clear()
    fresh = admin.get(LIVE, {"v": version})
    assert "SIN SEÑALES" in fresh.text
    assert "Reiniciar el bot" in fresh.text


def test_the_pages_ask_the_same_whatever_there_is(admin: Client) -> None:
    def queries(url: str) -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as found:
            assert admin.get(url).status_code == 200
        return len(found)

    at_work()
    Lane.objects.create(key="1:p:0", ready_at=timezone.now() - timedelta(minutes=5))
    dead_letter()
    few = queries(HEALTH), queries(LIVE), queries(DEAD)
    for number in range(1, 12):
        Lane.objects.create(key=f"1:p:{number}", ready_at=timezone.now() - timedelta(minutes=5))
        Heartbeat.objects.create(name=f"canal {number}", started_at=timezone.now(), seen_at=timezone.now())
        dead_letter(f"mensaje {number}")
    assert (queries(HEALTH), queries(LIVE), queries(DEAD)) == few
    assert max(few) <= 32


class TestChatsThatWait:
    @pytest.fixture
    def waits(self, db: None) -> Lane:
        lane = Lane.objects.create(key=f"1:p:{MARIA.key}")
        due = timezone.now() - timedelta(minutes=5)
        InboxEvent.objects.create(lane=lane, source="channel:1", external_id="a", kind="message", ready_at=due)
        return lane

    def test_they_are_told_with_the_button_that_frees_them(self, admin: Client, waits: Lane) -> None:
        assert "1 conversación" not in admin.get(reverse("admin:index")).text
        assert f'href="{HEALTH}">Volver a intentar' in admin.get(reverse("admin:index")).text
        page = admin.get(HEALTH).text
        assert f"Celular {MARIA.key}" in page
        assert "Quedó sin turno." in page
        answer = admin.post(reverse("admin:panel_free_lanes"), follow=True)
        assert "El bot vuelve a intentar con esa conversación." in answer.text
        assert "Quedó sin turno." not in answer.text
        waits.refresh_from_db()
        assert waits.ready_at is not None
        assert "No quedaba ninguna" in admin.post(reverse("admin:panel_free_lanes"), follow=True).text

    def test_only_who_uses_the_tools_frees_them(self, signed_in: Callable[..., Client], waits: Lane) -> None:
        assert signed_in("Operador").post(reverse("admin:panel_free_lanes")).status_code == 403
        waits.refresh_from_db()
        assert waits.ready_at is None


class TestDeadLetters:
    def test_an_agent_tries_one_again_and_discards_another(self, signed_in: Callable[..., Client]) -> None:
        client = signed_in("Agente")
        desk.chat_of(desk.open_for_business())
        one, other = dead_letter("no tengo internet"), dead_letter("<b>hola</b>")
        page = client.get(DEAD).text
        assert "no tengo internet" in page
        assert "&lt;b&gt;hola&lt;/b&gt;" in page
        assert "El bot falló: RuntimeError." in page
        answer = client.post(reverse("admin:panel_settle_dead", args=[one.pk]), {"decision": "retry"}, follow=True)
        assert "El bot lo intenta de nuevo." in answer.text
        answer = client.post(reverse("admin:panel_settle_dead", args=[other.pk]), {"decision": "discard"}, follow=True)
        assert "Ningún mensaje hizo fallar al bot." in answer.text
        states = dict(InboxEvent.objects.values_list("pk", "state"))
        assert states == {one.pk: InboxEvent.State.PENDING, other.pk: InboxEvent.State.DISCARDED}
        answer = client.post(reverse("admin:panel_settle_dead", args=[one.pk]), {"decision": "discard"}, follow=True)
        assert "ya estaba resuelto" in answer.text

    @pytest.mark.parametrize(("kind", "decision"), [("message", "burn"), ("message", ""), ("raw", "retry")])
    def test_a_decision_that_cannot_be(self, admin: Client, kind: str, decision: str) -> None:
        event = dead_letter(kind=kind)
        admin.post(reverse("admin:panel_settle_dead", args=[event.pk]), {"decision": decision})
        event.refresh_from_db()
        assert event.state == InboxEvent.State.DEAD

    def test_what_nobody_could_read_offers_no_second_try(self, admin: Client) -> None:
        dead_letter(kind="raw")
        assert 'value="retry"' not in admin.get(DEAD).text


@pytest.mark.parametrize(
    ("role", "health", "dead"),
    [("Administrador", 200, 200), ("Supervisor", 200, 200), ("Operador", 403, 403), ("Agente", 403, 200)],
)
def test_who_may_see_them(signed_in: Callable[..., Client], role: str, health: int, dead: int) -> None:
    client = signed_in(role)
    assert (client.get(HEALTH).status_code, client.get(LIVE).status_code) == (health, health)
    assert client.get(DEAD).status_code == dead
    assert (HEALTH in client.get(reverse("admin:index")).text) == (health == 200)


@pytest.mark.parametrize(
    ("milliseconds", "said"),
    [(None, "—"), (0, "0 ms"), (34.6, "35 ms"), (2400, "2,4 s"), (180_000, "3 min"), (7_200_000, "2 h")],
)
def test_times_as_people_say_them(milliseconds: float | None, said: str) -> None:
    assert spoken(milliseconds) == said


@pytest.mark.parametrize(
    ("size", "said"),
    [(0, "0 B"), (1536, "1,5 KB"), (50 * 1024**2, "50 MB"), (1.4 * 1024**3, "1,4 GB"), (1024**5, "1024 TB")],
)
def test_sizes_as_people_say_them(size: int, said: str) -> None:
    assert weight(size) == said
