"""`/health/…`: for a proxy, a monitor and Prometheus. No word beyond names, whoever asks, and never an exception."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from backoffice.common.metrics import BOUNDS, SLOWEST, Tally
from backoffice.conversations.models import InboxEvent, Lane
from backoffice.operations import readiness
from backoffice.operations.metering import KEPT, prune, store
from backoffice.operations.models import Heartbeat
from tests.backoffice.operations.conftest import ago, said

pytestmark = pytest.mark.django_db

WEB = {"database", "migrations", "static", "uploads"}


@pytest.fixture
def attended(channel) -> None:
    Heartbeat.objects.create(name="despachador 1", started_at=ago(hours=1), seen_at=timezone.now())


def asked(client: Client, part: str = "") -> tuple[int, str, dict[str, str]]:
    answer = client.get(f"/health/ready{part}")
    told = answer.json()
    return answer.status_code, told["status"], {name: one for name, one in told["checks"].items() if name != "cache"}


def fails(*_args: object, **_more: object) -> None:
    raise OperationalError("could not connect to server at db.internal, user mostrador")


class TestReady:
    def test_all_is_well(self, client, channel, attended):
        names = {*WEB, "dispatcher", f"channel_{channel.pk}"}
        assert asked(client) == (200, "ok", dict.fromkeys(names, "ok"))

    def test_it_is_cheap_and_asks_nobody_who_is_there(self, client, attended, django_assert_max_num_queries):
        asked(client)
        with django_assert_max_num_queries(5):
            asked(client)

    def test_a_bot_that_never_started_fails_and_the_panel_is_ready_all_the_same(self, client, channel):
        status, told, checks = asked(client)
        assert (status, told, checks["dispatcher"]) == (503, "failed", "failed")
        assert asked(client, "/web") == (200, "ok", dict.fromkeys(WEB, "ok"))
        assert asked(client, "/bot")[0] == 503

    @pytest.mark.parametrize("change", [{"state": "disconnected"}, {"seen_at": ago(minutes=5)}, {"seen_at": None}])
    def test_a_channel_that_is_down_or_silent(self, client, channel, attended, change):
        type(channel.status).objects.update(**change)
        status, _, checks = asked(client)
        assert (status, checks[f"channel_{channel.pk}"], checks["dispatcher"]) == (503, "failed", "ok")

    def test_a_dispatcher_that_went_silent(self, client, channel, attended):
        Heartbeat.objects.update(seen_at=ago(minutes=2))
        assert asked(client)[2]["dispatcher"] == "failed"

    def test_code_that_is_newer_than_the_tables(self, client, monkeypatch):
        newer = readiness._migrations() | {("operations", "9999_the_next_one")}
        monkeypatch.setattr(readiness, "_migrations", lambda: newer)
        status, _, checks = asked(client, "/web")
        assert (status, checks["migrations"], checks["database"]) == (503, "failed", "ok")

    def test_uploads_that_cannot_be_kept(self, client, settings, tmp_path: Path):
        (tmp_path / "file").write_text("")
        settings.MEDIA_ROOT = tmp_path / "file" / "media"
        assert asked(client, "/web")[2]["uploads"] == "failed"

    def test_static_files_that_were_never_made(self, client, settings, monkeypatch, tmp_path: Path):
        from whitenoise.storage import CompressedManifestStaticFilesStorage

        settings.STATIC_ROOT = tmp_path
        monkeypatch.setattr(readiness, "staticfiles_storage", CompressedManifestStaticFilesStorage())
        assert asked(client, "/web")[2]["static"] == "failed"
        (tmp_path / "staticfiles.json").write_text("{}")
        assert asked(client, "/web")[2]["static"] == "ok"

    def test_without_a_database_each_answer_still_comes_and_tells_no_detail(self, client, monkeypatch):
        monkeypatch.setattr(connection, "cursor", fails)
        monkeypatch.setattr(connection, "close", lambda: None)
        answer = client.get("/health/ready")
        assert answer.status_code == 503
        checks = answer.json()["checks"]
        assert {name for name, one in checks.items() if one == "failed"} >= {"database", "migrations", "dispatcher"}
        assert set(checks.values()) <= {"ok", "failed"}
        assert b"mostrador" not in answer.content
        assert client.get("/health/live").json() == {"status": "ok"}

    def test_a_cache_that_is_away(self, client, settings):
        settings.REDIS_URL = "redis://127.0.0.1:1/0"
        settings.CACHES = {
            "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": settings.REDIS_URL}
        }
        assert client.get("/health/ready/web").json()["checks"]["cache"] == "failed"

    @pytest.mark.parametrize("part", ["/all", "/web/x"])
    def test_no_other_part(self, client, part):
        assert client.get(f"/health/ready{part}").status_code == 404

    def test_only_reading(self, client):
        for address in ("live", "ready", "metrics"):
            assert client.post(f"/health/{address}").status_code == 405


class TestWhoReadsMetrics:
    def test_nobody_while_there_is_no_token(self, client, settings):
        settings.METRICS_TOKEN = ""
        assert client.get("/health/metrics").status_code == 404
        assert client.get("/health/metrics", headers={"Authorization": "Bearer "}).status_code == 404

    @pytest.mark.parametrize(
        ("header", "status"),
        [("Bearer s3cr3t", 200), ("Bearer otro", 404), ("s3cr3t", 404), ("Bearer ñandú", 404), ("", 404)],
    )
    def test_who_brings_it(self, client, settings, header, status):
        settings.METRICS_TOKEN = "s3cr3t"
        assert client.get("/health/metrics", headers={"Authorization": header}).status_code == status

    def test_staff_who_may_see_the_health_page(self, client, elena):
        client.force_login(elena)
        assert client.get("/health/metrics").status_code == 404
        elena.user_permissions.add(Permission.objects.get(codename="view_health"))
        assert client.get("/health/metrics").status_code == 200


SAMPLE = re.compile(r'^([a-z_]+)(?:\{([a-z]+="(?:[^"\\\n]|\\.)*"(?:,[a-z]+="(?:[^"\\\n]|\\.)*")*)\})? (\S+)$')


def parsed(text: str) -> dict[str, tuple[str, dict[str, float]]]:
    """A strict reading of the format: {family: (type, {sample with its labels: value})}; anything else is an error."""
    assert text.endswith("\n")
    families: dict[str, tuple[str, dict[str, float]]] = {}
    family = ""
    lines = iter(text.splitlines())
    for line in lines:
        if line.startswith("# HELP "):
            family = line.split(" ", 3)[2]
            assert family not in families, "a family comes once"
            assert len(line.split(" ", 3)[3]) > 3
            said_type = next(lines).split(" ")
            assert said_type[:3] == ["#", "TYPE", family]
            families[family] = (said_type[3], {})
            continue
        found = SAMPLE.match(line)
        assert found, line
        kind, samples = families[family]
        allowed = {"_bucket", "_sum", "_count"} if kind == "histogram" else {""}
        assert found[1].startswith(family)
        assert found[1].removeprefix(family) in allowed
        key = found[1] + (f"{{{found[2]}}}" if found[2] else "")
        assert key not in samples, "a sample comes once"
        samples[key] = float(found[3])
    return families


@pytest.fixture
def scraped(client, settings):
    settings.METRICS_TOKEN = "s3cr3t"

    def scrape() -> dict[str, tuple[str, dict[str, float]]]:
        answer = client.get("/health/metrics", headers={"Authorization": "Bearer s3cr3t"})
        assert answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        return parsed(answer.content.decode())

    return scrape


class TestPrometheus:
    def test_an_installation_that_counted_nothing_says_zero(self, scraped):
        families = scraped()
        assert families["mostrador_sent_total"] == ("counter", {"mostrador_sent_total": 0})
        assert families["mostrador_turn_seconds"][1]['mostrador_turn_seconds_bucket{le="+Inf"}'] == 0
        assert families["mostrador_channel_up"] == ("gauge", {})

    def test_a_histogram_adds_up_and_ends_in_all(self, scraped):
        store(
            [Tally("turn", 20, 3, 45), Tally("turn", 100, 1, 80), Tally("turn", SLOWEST, 1, 300_000)], at=timezone.now()
        )
        kind, samples = scraped()["mostrador_turn_seconds"]
        assert kind == "histogram"
        buckets = [value for name, value in samples.items() if "_bucket" in name]
        assert buckets == sorted(buckets)
        assert len(buckets) == len(BOUNDS) + 1
        assert samples['mostrador_turn_seconds_bucket{le="0.02"}'] == 3
        assert samples['mostrador_turn_seconds_bucket{le="0.1"}'] == 4
        assert samples['mostrador_turn_seconds_bucket{le="+Inf"}'] == samples["mostrador_turn_seconds_count"] == 5
        assert samples["mostrador_turn_seconds_sum"] == pytest.approx(300.125)

    def test_counters_only_grow_through_restarts_and_pruning(self, scraped):
        def sent() -> float:
            return scraped()["mostrador_sent_total"][1]["mostrador_sent_total"]

        old = timezone.now() - KEPT - timedelta(days=2)
        store([Tally("sent", 0, 5)], at=old)
        assert sent() == 5
        store([Tally("sent", 0, 2)], at=timezone.now())  # another process, after a restart
        assert sent() == 7
        assert prune(now=timezone.now()) == 1
        assert sent() == 7

    def test_gauges_tell_what_the_tables_say_now(self, scraped, channel, maria, attended):
        channel.name = 'Ventas "nuevas" \\ 2'
        channel.save()
        lane = Lane.objects.create(key="1:p:1", ready_at=ago(seconds=30))
        Lane.objects.create(key="1:p:2", lease_until=ago(seconds=-20), token="a")
        said(maria, "uno", direction="out", status="queued")
        said(maria, "dos", direction="out", status="queued", priority=2)
        said(maria, "tres", direction="out", status="uncertain")
        dead = {"source": "channel:1", "external_id": "a", "kind": "message", "state": 2, "ready_at": None}
        InboxEvent.objects.create(lane=lane, **dead)
        told = {name: value for _, samples in scraped().values() for name, value in samples.items()}
        assert told["mostrador_lanes_waiting"] == told["mostrador_lanes_busy"] == 1
        assert told["mostrador_queue_age_seconds"] >= 30
        assert told["mostrador_outbox_replies"] == told["mostrador_outbox_notices"] == 1
        assert told["mostrador_dead_events"] == told["mostrador_uncertain_messages"] == 1
        assert told['mostrador_process_up{process="despachador 1"}'] == 1
        escaped = 'Ventas \\"nuevas\\" \\\\ 2'
        assert told[f'mostrador_channel_up{{channel="{channel.pk}",name="{escaped}"}}'] == 1

    def test_it_asks_the_same_whatever_there_is(self, scraped, maria, attended, django_assert_max_num_queries):
        for number in range(20):
            Lane.objects.create(key=f"1:p:{number}", ready_at=ago(seconds=30))
            Heartbeat.objects.create(name=f"canal {number}", started_at=ago(hours=1), seen_at=ago(hours=1))
        with django_assert_max_num_queries(7):
            scraped()
