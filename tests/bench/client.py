"""An HTTP client that costs little and can hold a rate. Called by `tests.bench.worker`, so it has a process of its own.

Raw sockets that stay open, one a thread. At a rate, each answer is timed from when its request should have left: a
server that stands still for a second is seen to have made everybody wait.
"""

import socket
import time
from concurrent.futures import ThreadPoolExecutor

from tests.bench.figures import percentile

CONNECTIONS = 8


def load(
    port: int, path: str, *, post: bool, fields: str, seconds: float, rate: float | None = None
) -> dict[str, float]:
    """Requests with `fields` (form-encoded; {n} becomes a number) as a body or a query, for that long.

    Returns {"turns": answers, "seconds", "refused": not 200, "p50", "p99"} with times in milliseconds.
    """
    waits: list[float] = []
    refused: list[int] = []
    start = time.perf_counter()

    def one(place: int) -> None:
        connection = socket.create_connection(("127.0.0.1", port), timeout=30)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        number = place
        while (begun := time.perf_counter()) < start + seconds:
            if rate:
                wanted = start + number / rate
                time.sleep(max(0.0, wanted - begun))
                begun = wanted
            connection.sendall(_request(path, fields.replace("{n}", str(number)), post=post))
            if _status(connection) != 200:
                refused.append(number)
            waits.append((time.perf_counter() - begun) * 1000)
            number += CONNECTIONS
        connection.close()

    with ThreadPoolExecutor(CONNECTIONS) as clients:
        list(clients.map(one, range(CONNECTIONS)))  # raises what one of them raised
    return {
        "turns": len(waits),
        "seconds": time.perf_counter() - start,
        "refused": len(refused),
        "p50": percentile(waits, 50),
        "p99": percentile(waits, 99),
    }


def _request(path: str, fields: str, *, post: bool) -> bytes:
    if not post:
        return f"GET {path}?{fields} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    return f"{head}Content-Length: {len(fields)}\r\n\r\n{fields}".encode()


def _status(connection: socket.socket) -> int:
    """Read one whole answer. Raises: ConnectionError when the server closes instead."""
    told = b""
    while b"\r\n\r\n" not in told:
        if not (more := connection.recv(65536)):
            raise ConnectionError("the server closed the connection")
        told += more
    head, _, body = told.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next((int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length:")), None)
    if length is None:
        raise ConnectionError("the answer does not say how long it is")
    while len(body) < length:
        if not (more := connection.recv(65536)):
            raise ConnectionError("the server closed the connection")
        body += more
    return int(lines[0].split()[1])
