"""The wire: one small class through which every adapter speaks HTTP, so that tests can swap it.

It decides one thing, in one place: what each failure means (`errors.py`). A **read** that fails changed nothing.
A **write** whose connection was never made was never sent; one that broke later may have been done.
"""

import logging
import ssl
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from integrations.errors import (
    BadCredentials,
    IntegrationError,
    NotFound,
    OutcomeUnknown,
    Rejected,
    Throttled,
    Unavailable,
    Untrusted,
    WrongAnswer,
)

logger = logging.getLogger(__name__)

DEFAULT_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=24)
# The request did not leave: httpx had no connection to write it on.
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_NO_ADDRESS = (httpx.InvalidURL, httpx.UnsupportedProtocol)

Translate = Callable[[httpx.Response], IntegrationError | None]


class Wire:
    """HTTP to one outside system, with time-outs and our error tree.

    `timeout` is seconds for each phase (connect, send, wait). `translate` may turn a refusal into an error of
    its port (it sees every answer that is no success first, and returns None for "the usual").
    Raises: Rejected when `base_url` is no address.
    """

    def __init__(
        self,
        base_url: str,
        *,
        timeout: float = 10.0,
        headers: Mapping[str, str] | None = None,
        translate: Translate | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        try:
            self._client = httpx.Client(
                base_url=base_url,
                timeout=httpx.Timeout(timeout, connect=min(timeout, 5.0)),
                headers=dict(headers or {}),
                transport=transport,
                trust_env=False,
            )
        except httpx.InvalidURL as error:
            raise _no_address(base_url) from error
        self._translate = translate

    def read(self, path: str, *, params: Mapping[str, Any] | None = None) -> httpx.Response:
        """GET. Raises: any of `errors.py` except OutcomeUnknown."""
        return self._call("GET", path, writes=False, params=params)

    def write(self, method: str, path: str, **body: Any) -> httpx.Response:
        """POST, PUT, PATCH or DELETE with httpx's `json=`, `data=` or `files=`. Raises: any of `errors.py`."""
        return self._call(method, path, writes=True, **body)

    def read_json(self, path: str, *, params: Mapping[str, Any] | None = None) -> Any:
        """GET and parse; an answer that is not JSON is WrongAnswer (a proxy's page, not the system's)."""
        return _json(self.read(path, params=params), WrongAnswer)

    def ask_json(self, path: str, **body: Any) -> Any:
        """POST that only asks, where the other side has no GET: it fails as a read does."""
        return _json(self._call("POST", path, writes=False, **body), WrongAnswer)

    def write_json(self, method: str, path: str, **body: Any) -> Any:
        """Write and parse; a good status with an unreadable answer is OutcomeUnknown."""
        return _json(self.write(method, path, **body), OutcomeUnknown)

    def close(self) -> None:
        """Free the connections. The object is of no use afterwards."""
        self._client.close()

    def _call(self, method: str, path: str, *, writes: bool, **arguments: Any) -> httpx.Response:
        try:
            response = self._client.request(method, path, **arguments)
        except _NEVER_SENT as error:
            meaning = Untrusted if isinstance(cause_of(error), ssl.SSLCertVerificationError) else Unavailable
            raise meaning(f"{method} {path}: {error}") from error
        except _NO_ADDRESS as error:
            raise _no_address(path) from error
        except httpx.HTTPError as error:
            unclear = OutcomeUnknown if writes else Unavailable
            raise unclear(f"{method} {path}: {type(error).__name__} {error}") from error
        if response.is_success:
            return response
        error_found = (self._translate(response) if self._translate else None) or meaning_of(response, writes=writes)
        logger.debug("%s %s answered %s: %s", method, path, response.status_code, type(error_found).__name__)
        raise error_found


def meaning_of(response: httpx.Response, *, writes: bool) -> IntegrationError:
    """Turn a refusal into the error tree. 500, 502 and 504 to a write say nothing about whether it was done."""
    status, line = response.status_code, f"HTTP {response.status_code} de {response.request.url.host}"
    if status == 429:
        return Throttled(line, after=retry_after(response.headers.get("retry-after", "")))
    if status in (401, 403):
        return BadCredentials(line)
    if status in (404, 410):
        return NotFound(line)
    if status == 503 or (status >= 500 and not writes) or status == 425:
        return Unavailable(line)
    if status >= 500 or status == 408:
        return OutcomeUnknown(line) if writes else Unavailable(line)
    return Rejected(line)


def cause_of(error: BaseException) -> BaseException:
    """What an error began with: the socket's, the certificate's, the resolver's, which are all of the system's own."""
    while not isinstance(error, OSError) and (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return error


def retry_after(header: str, *, now: datetime | None = None) -> timedelta:
    """Read a Retry-After header (seconds or a date). What cannot be read is `DEFAULT_WAIT`; never over a day."""
    text = header.strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return DEFAULT_WAIT
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(aware - (now or datetime.now(UTC)), timedelta(0)), LONGEST_WAIT)


def _no_address(url: str) -> Rejected:
    return Rejected(f"not an address: {url!r}", staff_text="La dirección no es válida.")


def _json(response: httpx.Response, meaning: type[IntegrationError]) -> Any:
    try:
        return response.json()
    except ValueError as error:
        raise meaning(f"HTTP {response.status_code} sin JSON de {response.request.url.host}") from error
