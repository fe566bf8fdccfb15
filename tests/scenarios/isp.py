"""FibraSur's MikroWisp, which sends its notices over real HTTP in either of the two set-ups."""

import time
from typing import Any

import httpx

from tests.story import Story

PATIENCE = 5.0


class Isp:
    """Its gateway is open at any hour; notices leave `gap` seconds apart."""

    def __init__(self, story: Story, *, gap: float = 0) -> None:
        self._story = story
        self.key = story.do("open_gateway", gap=gap)
        self._client = story.network._client
        self._is_let_in()

    def notifies(self, phone: str, text: str) -> None:
        """By GET, with a brace left around each value, as its Argentine set-up does. The number is local."""
        params = {"destinatario": f"{{{phone.removeprefix('549')}}}", "mensaje": f"{{{text}}}"}
        self._accepted(self._client.get("/gateway/mikrowisp/send", params=params, headers=self._headers))

    def notifies_by_post(self, phone: str, text: str) -> None:
        """By POST, as a form."""
        form = {"to": phone, "message": text}
        self._accepted(self._client.post("/gateway/mikrowisp/send", data=form, headers=self._headers))

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    def _accepted(self, answer: httpx.Response) -> Any:
        assert answer.status_code == 200, answer.text
        assert answer.json()["queued"] is True
        return answer.json()["id"]

    def _is_let_in(self) -> None:
        """A new key is in force within a second: until then it is refused, and then only the empty notice is."""
        until = time.perf_counter() + PATIENCE
        while self._client.get("/gateway/mikrowisp/send", headers=self._headers).status_code != 400:
            assert time.perf_counter() < until, "the gateway does not know its key"
            time.sleep(0.05)
