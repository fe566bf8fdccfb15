"""What leaves for an address that staff typed: checked where it is dialled, and it always ends."""

import httpx
import pytest

from integrations import outbound
from integrations.diagnosis import refusal
from integrations.errors import Unavailable, Untrusted, WrongAnswer
from integrations.http import Wire
from integrations.outbound import AddressRefused, OutboundTransport
from tests.outside import Outside, listening


def wire(url: str, **options) -> Wire:
    return Wire(url, timeout=2, transport=OutboundTransport(**options))


def named(port: int, *addresses: str, **options) -> Wire:
    """A system by a name that leads to these addresses."""
    return wire(f"http://mikrowisp.fibrasur.test:{port}", resolve=lambda host, asked: list(addresses), **options)


def test_a_name_that_leads_to_the_cloud_s_metadata_is_refused_where_it_is_dialled(outside: Outside) -> None:
    for addresses in (["169.254.169.254"], ["127.0.0.1", "fe80::1"], []):
        with pytest.raises(AddressRefused) as error:
            named(outside.port, *addresses).read("/")
        assert "interna del servidor" in error.value.staff_text
    assert outside.asked == []


def test_it_is_told_its_own_name_at_the_address_that_was_checked(outside: Outside) -> None:
    outside.answers({"estado": "exito"})
    assert named(outside.port, "127.0.0.1").ask_json("/api", json={"a": 1}) == {"estado": "exito"}
    [asked] = outside.asked
    assert asked.headers["host"] == f"mikrowisp.fibrasur.test:{outside.port}"
    assert (asked.line, asked.json) == ("POST /api HTTP/1.1", {"a": 1})


def test_the_name_s_next_address_is_tried_when_the_first_does_not_connect(outside: Outside) -> None:
    outside.answers({"a": 1})
    assert named(outside.port, "::1", "127.0.0.1").read_json("/") == {"a": 1}
    with pytest.raises(Unavailable):
        named(1, "::1", "127.0.0.1").read("/")


def test_an_answer_without_end_is_cut(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "LARGEST", 100_000)
    outside.reply, outside.drip = b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 4096
    with pytest.raises(Unavailable, match="more than 100000 bytes"):
        wire(outside.url).read("/")


def test_an_answer_that_never_comes_to_its_end_is_cut(outside: Outside) -> None:
    outside.reply, outside.drip = b"HTTP/1.1 200 OK\r\n\r\n", b"x"
    with pytest.raises(Unavailable, match="took too long"):
        wire(outside.url, deadline=0.05).read("/")


def test_what_is_compressed_unasked_is_not_unfolded(outside: Outside) -> None:
    outside.answers("bomb", Content_Encoding="gzip")
    with pytest.raises(Unavailable, match="compressed"):
        wire(outside.url).read("/")
    assert outside.asked[0].headers["accept-encoding"] == "identity"


def test_a_redirection_is_not_followed(outside: Outside) -> None:
    with listening() as other:
        other.answers({"a": 1})
        outside.answers(status="302 Found", Location=other.url)
        with pytest.raises(WrongAnswer):
            Wire(outside.url, transport=OutboundTransport(), translate=refusal).read("/")
        assert other.asked == []


def test_a_certificate_that_nobody_vouches_for_is_not_spoken_to() -> None:
    with listening(tls=True) as own:
        own.answers({"a": 1})
        with pytest.raises(Untrusted):
            wire(own.url).read("/")
        assert own.asked == []
        assert wire(own.url, verify=False).read_json("/") == {"a": 1}


def test_a_name_that_nobody_has_is_a_connection_that_was_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object, **__: object) -> list[object]:
        raise OSError("no such name")

    monkeypatch.setattr(outbound.socket, "getaddrinfo", nobody)
    with pytest.raises(httpx.ConnectError):
        outbound.resolved("no.existe", 443)


def test_a_name_s_addresses_come_once_each() -> None:
    assert outbound.resolved("127.0.0.1", 80) == ["127.0.0.1"]
