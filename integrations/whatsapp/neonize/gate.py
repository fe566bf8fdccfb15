"""The only way into the library while it has a client to serve us.

Go keeps its clients in a map without a lock and looks ours up at each call: asked before the client is there, or
after `stop`, it follows a nil pointer and the whole process dies by SIGABRT, which nothing in Python can catch. So
calls go in only between `open` and `shut`, and whoever stops the client waits for those inside with `drain`.
"""

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from integrations.errors import IntegrationError
from integrations.whatsapp.base import NotConnected
from integrations.whatsapp.neonize.library import NeonizeError

T = TypeVar("T")


class Gate:
    """Calls into one client at a time; any thread may come."""

    def __init__(self) -> None:
        self._quiet = threading.Condition()
        self._client: Any = None
        self._gone: Any = None
        self._inside = 0

    def open(self, client: Any) -> None:
        """Let calls in to that client. Nothing for one that was shut: its last word may come after that."""
        with self._quiet:
            if client is not self._gone:
                self._client = client

    def shut(self, client: Any) -> None:
        """Nobody enters any more; those inside go on."""
        with self._quiet:
            self._client, self._gone = None, client

    def drain(self, seconds: float) -> bool:
        """Wait for those inside. False when somebody is still there."""
        with self._quiet:
            return self._quiet.wait_for(lambda: self._inside == 0, seconds)

    def call(self, ask: Callable[[Any], T], *, seconds: float, late: type[IntegrationError]) -> T:
        """What the client answers to `ask`. A call that Go never ends keeps its thread, and its caller gets `late`.

        Raises: NotConnected when the gate is shut, NeonizeError as the library does, `late`.
        """
        with self._quiet:
            client = self._client
            if client is None:
                raise NotConnected("the library has no client now")
            self._inside += 1
        visit = _Visit(ask, client)
        threading.Thread(target=self._visit, args=(visit,), name="whatsapp-call", daemon=True).start()
        if not visit.over.wait(seconds):
            raise late(f"the library did not answer in {seconds:g} s")
        if visit.error is not None:
            raise visit.error
        if not visit.answers:
            raise late("the library broke while answering")
        return visit.answers[0]  # type: ignore[no-any-return]

    def _visit(self, visit: "_Visit") -> None:
        try:
            visit.pay()
        finally:
            with self._quiet:
                self._inside -= 1
                self._quiet.notify_all()
            visit.over.set()


class _Visit:
    """One call: what is asked, and what came of it."""

    def __init__(self, ask: Callable[[Any], Any], client: Any) -> None:
        self._ask, self._client = ask, client
        self.answers: list[Any] = []
        self.error: NeonizeError | None = None
        self.over = threading.Event()

    def pay(self) -> None:
        try:
            self.answers.append(self._ask(self._client))
        except NeonizeError as error:
            self.error = error
