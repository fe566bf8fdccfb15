"""Whether WhatsApp can be reached at all, asked with a handshake that costs nothing."""

import socket
import ssl

SECONDS = 8.0


def reach(place: str) -> None:
    """Open a TLS connection to `host:port` and close it. Raises: OSError (a name that is not found, a refusal, a
    certificate that is not theirs: the page of a hotel's Wi-Fi). Nobody is asked when `place` is empty.
    """
    if not place:
        return
    host, _, port = place.rpartition(":")
    with (
        socket.create_connection((host, int(port)), timeout=SECONDS) as plain,
        ssl.create_default_context().wrap_socket(plain, server_hostname=host),
    ):
        pass
