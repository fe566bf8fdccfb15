"""The guard itself: nothing leaves this machine, and loopback still works."""

import os
import socket
import subprocess
import sys

import httpx
import pytest

from tests.architecture import tree
from tests.guard.network import NetworkForbidden


@pytest.mark.parametrize("address", [("93.184.216.34", 80), ("10.0.0.1", 5432), ("example.com", 443)])
def test_a_connection_outside_fails_loudly(address):
    with socket.socket() as outside, pytest.raises(NetworkForbidden, match=address[0]):
        outside.connect(address)


def test_an_http_client_cannot_turn_it_into_an_error_that_code_swallows():
    with pytest.raises(NetworkForbidden, match=r"api\.example\.com"):
        httpx.get("https://api.example.com/")


def test_a_name_is_not_even_looked_up():
    with pytest.raises(NetworkForbidden):
        socket.getaddrinfo("graph.facebook.com", 443)


def test_loopback_works():
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(("localhost", server.getsockname()[1]), timeout=5),
    ):
        server.accept()[0].close()


def test_the_processes_that_a_test_starts_are_watched_too():
    script = "import socket; socket.create_connection(('example.com', 80))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tree.ROOT, env=os.environ, capture_output=True, text=True, check=False
    )
    assert "NetworkForbidden" in done.stderr
