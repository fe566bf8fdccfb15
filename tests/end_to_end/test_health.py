"""Health of real processes: what they did is counted through a restart, and whoever watches is told the truth."""

import json
from collections.abc import Iterator

import httpx
import pytest

from tests.end_to_end.databases import fresh_database
from tests.end_to_end.live import Installation, StoryOfProcesses
from tests.end_to_end.test_processes import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.flow]

TOKEN = "para-prometheus"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("health")
    with fresh_database(folder) as url:
        product = Installation(folder, url, METRICS_TOKEN=TOKEN, LOG_FORMAT="json", LOG_LEVEL="INFO")
        try:
            product.start()
            yield product
        finally:
            product.stop()


def ready(product: Installation) -> int:
    return httpx.get(f"{product.url}/health/ready", timeout=10).status_code


def counters(product: Installation) -> dict[str, float]:
    answer = httpx.get(f"{product.url}/health/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=10)
    assert answer.status_code == 200
    samples = (line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in samples}


def stops_kindly(product: Installation) -> None:
    product.bot.terminate()
    assert product.bot.wait(timeout=20) == 0


def test_what_was_done_is_counted_once_through_restarts(running: Installation) -> None:
    story = StoryOfProcesses(running)
    eventually(lambda: ready(running) == 200)
    assert story.maria.asks("hola")
    stops_kindly(running)  # each process tells the rest of its counters as it ends
    first = counters(running)
    assert (first["mostrador_received_total"], first["mostrador_turns_total"]) == (1, 1)
    assert (first["mostrador_answered_total"], first["mostrador_sent_total"]) == (1, 1)
    assert first["mostrador_turn_seconds_count"] == first["mostrador_outbox_seconds_count"] == 1
    assert first["mostrador_mended_total"] == first["mostrador_dead_total"] == 0
    running.start_bot()
    assert story.maria.asks("menú")
    stops_kindly(running)
    second = counters(running)
    assert second["mostrador_received_total"] == second["mostrador_sent_total"] == 2
    assert all(second[name] >= first[name] for name in first if "_total" in name or "_bucket" in name)


def test_what_the_web_refuses_is_a_line_of_json_that_says_who_wrote_it(running: Installation) -> None:
    log = running.folder / "web.log"
    httpx.get(f"{running.url}/panel/nada", headers={"Host": "otro.example.com"}, timeout=10)
    eventually(lambda: "DisallowedHost" in log.read_text(encoding="utf-8"))
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines() if line.startswith("{")]
    assert {line["process"] for line in lines} == {"panel"}
    assert any(line["logger"] == "django.security.DisallowedHost" for line in lines)
