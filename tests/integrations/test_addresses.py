"""Addresses as staff type them, and those that nothing is ever sent to."""

import pytest

from integrations.addresses import WrongValue, clean_url, is_refused, origin_of


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("mikrowisp.fibrasur.com.ar", "https://mikrowisp.fibrasur.com.ar"),
        (" https://MikroWisp.FibraSur.com.ar/ ", "https://mikrowisp.fibrasur.com.ar"),
        ("http://192.168.88.1:8080/gestion/", "http://192.168.88.1:8080/gestion"),
        ("10.0.0.5", "https://10.0.0.5"),
        ("http://[fd12::5]:81", "http://[fd12::5]:81"),
        ("https://ñandú.com.ar", "https://xn--and-6ma2c.com.ar"),
        ("http://mw_interno", "http://mw_interno"),
    ],
)
def test_what_is_typed_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert clean_url(typed) == kept


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "No es una dirección"),
        ("mi servidor", "No es una dirección"),
        ("http:/fibrasur", "No es una dirección"),
        ("https://fibrasur:puerto", "No es una dirección"),
        ("https://fibrasur:99999", "No es una dirección"),
        ("https://-", "No es una dirección"),
        ("https://a" + "a" * 300, "No es una dirección"),
        ("javascript:alert(1)", "No es una dirección"),
        ("ftp://fibrasur.com.ar", "https:// o http://"),
        ("file:///etc/passwd", "No es una dirección"),
        ("https://admin:1234@fibrasur.com.ar", "Sin usuario ni contraseña"),
        ("https://fibrasur.com.ar/?token=1", "antes del «?»"),
        ("http://169.254.169.254/latest/meta-data", "interna del servidor"),
        ("http://[::ffff:169.254.169.254]", "interna del servidor"),
    ],
)
def test_what_cannot_be_an_address_is_told(typed: str, why: str) -> None:
    with pytest.raises(WrongValue, match=why.replace("?", r"\?")):
        clean_url(typed)


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "fe80::1%eth0",
        "fd00:ec2::254",
        "0.0.0.0",  # noqa: S104
        "::",
        "224.0.0.1",
        "255.255.255.255",
    ],
)
def test_what_only_this_server_can_reach_is_refused(address: str) -> None:
    assert is_refused(address)


@pytest.mark.parametrize("address", ["10.0.0.5", "192.168.88.1", "172.16.0.9", "127.0.0.1", "fd12::5", "200.55.10.4"])
def test_the_isp_s_own_network_is_not(address: str) -> None:
    assert not is_refused(address)


def test_another_scheme_host_or_port_is_another_place() -> None:
    assert origin_of("https://mw.ar/gestion") == origin_of("https://MW.ar/otra")
    assert len({origin_of(url) for url in ("https://mw.ar", "http://mw.ar", "https://mw.ar:81", "https://m.ar")}) == 4
