"""The network as a phone's app reaches it: what is lost on the way is said again, with the same id."""

import threading
import time
from typing import Any

import httpx

PATIENCE = 90.0


class Away(Exception):
    """The network did not answer for too long."""


class Web:
    """The simulator's API for many threads at once."""

    def __init__(self, url: str, *, hurry: threading.Event) -> None:
        limits = httpx.Limits(max_connections=24, max_keepalive_connections=24)
        self._client = httpx.Client(base_url=f"{url}/simulator/api", timeout=httpx.Timeout(20, pool=60), limits=limits)
        self._hurry = hurry
        self._lock = threading.Lock()
        self.retries = 0

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return self._until_answered("POST", path, json=body)

    def get(self, path: str, **params: Any) -> Any:
        return self._until_answered("GET", path, params={key: one for key, one in params.items() if one is not None})

    def heard(self, phone: str, chat: str, after: str | None) -> tuple[str, list[dict[str, Any]]]:
        """What is new in a chat, of anybody; and the cursor to go on from."""
        answer = self.get("/messages", phone=phone, chat=chat, after=after)
        return answer["cursor"], answer["messages"]

    def close(self) -> None:
        self._client.close()

    def _until_answered(self, method: str, path: str, **values: Any) -> Any:
        """Raises: Away; httpx.HTTPStatusError for what the network understood and refused."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and not self._hurry.is_set():
            try:
                answer = self._client.request(method, path, **values)
            except httpx.TransportError:
                pass
            else:
                if answer.status_code < 500:
                    answer.raise_for_status()
                    return answer.json()
            with self._lock:
                self.retries += 1
            time.sleep(0.15)
        raise Away(f"{method} {path}")
