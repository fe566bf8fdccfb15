"""The real library, as far as one goes without WhatsApp: in processes of their own, because it can end them.

A proxy where nobody listens keeps Go, which no guard of ours watches, from leaving this machine.
"""

import inspect
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from neonize.client import NewClient
from neonize.events import EVENT_TO_INT

from integrations import registry
from integrations.errors import Unavailable
from integrations.whatsapp.base import Addr, NotConnected, Text, Unknown
from integrations.whatsapp.neonize import library, reaching
from integrations.whatsapp.neonize.dial import EVENTS
from integrations.whatsapp.neonize.gate import Gate
from integrations.whatsapp.neonize.transport import NeonizeTransport
from tests.architecture import tree
from tests.cast import MARIA
from tests.integrations.whatsapp.neonize.number import Number
from tests.integrations.whatsapp.neonize.standin import Network, StandIn
from tests.outside import Outside, listening

NOBODY = "127.0.0.1:9"


def runs(script: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A script in a process of its own, with `folder` as its first word."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(folder)],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tree.ROOT,
        env=os.environ | {"HTTPS_PROXY": f"http://{NOBODY}", "PYTHONPATH": str(tree.ROOT)} | environment,
    )


# --- driven -----------------------------------------------------------------------------------
def test_it_is_built_stores_its_session_fails_to_connect_cleanly_and_lets_go(tmp_path: Path):
    done = runs(
        """
        import os, resource, sys, threading
        resource.setrlimit(resource.RLIMIT_NOFILE, (300, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
        from integrations.errors import IntegrationError
        from integrations.registry import build
        from integrations.whatsapp.base import Addr, Text

        assert "neonize" not in sys.modules, "it is imported when first used"
        bot = build("integrations.whatsapp", "neonize", {"folder": sys.argv[1], "reach": ""})
        asked = bot.begin_pairing()
        for call in (lambda: bot.send(Addr.phone("5492612345678"), Text("Hola")), bot.list_groups):
            try:
                call()
            except IntegrationError as error:
                print(type(error).__name__)
        print(asked.state, [event.reason for event in bot.poll(None).events][-1])
        bot.close()
        print(resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 300)
        print(os.environ["NEONIZE_BOT_TAG"], [t.name for t in threading.enumerate() if "whatsapp" in t.name])
        """,
        tmp_path / "number",
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-5:] == [
        "NotConnected",
        "NotConnected",
        "connecting No se pudo conectar con WhatsApp",
        "True",
        "off []",
    ]
    assert (tmp_path / "number" / "session.db").read_bytes().startswith(b"SQLite format 3")
    assert (tmp_path / "number").stat().st_mode & 0o077 == 0


# --- death ------------------------------------------------------------------------------------
ASKS_TOO_EARLY = """
    import sys
    from pathlib import Path
    from integrations.whatsapp.base import NotConnected
    from integrations.whatsapp.neonize.gate import Gate
    from integrations.whatsapp.neonize.library import new_client

    client, gate = new_client(Path(sys.argv[1]) / "session.db", "early"), Gate()
    try:
        gate.call(lambda client: client.get_me(), seconds=5, late=NotConnected)
    except NotConnected:
        print("the gate is shut", flush=True)
    try:
        client.get_me()
    except BaseException:
        print("it could be caught", flush=True)
"""


def test_a_call_that_does_not_pass_the_gate_ends_the_process_and_nothing_can_catch_it(tmp_path: Path):
    died = runs(ASKS_TOO_EARLY, tmp_path)
    assert died.stdout == "the gate is shut\n"
    assert died.returncode == -signal.SIGABRT
    assert "nil pointer" in died.stderr


def test_what_arrived_before_the_process_died_is_told_by_the_next_one(tmp_path: Path):
    died = runs(
        """
        import sys
        from pathlib import Path
        from integrations.whatsapp.neonize.library import new_client
        from integrations.whatsapp.neonize.transport import NeonizeTransport

        bot = NeonizeTransport(Path(sys.argv[1]), reach="")
        bot.state()
        bot._link.spool.put("call", b"")
        new_client(Path(sys.argv[1]) / "other.db", "early").get_me()
        """,
        tmp_path / "number",
    )
    assert died.returncode == -signal.SIGABRT
    after = Number(Network(), tmp_path / "number")
    assert [type(event) for event in after.events()] == [Unknown]
    assert after.events() == []
    after.bot.close()


# --- never another library --------------------------------------------------------------------
def test_the_library_is_the_one_this_adapter_was_written_for():
    assert library.check().name.startswith("neonize-linux-")
    assert f"neonize=={library.VERSION} " in (tree.ROOT / "requirements.txt").read_text(encoding="utf-8")


def test_a_missing_another_or_a_broken_library_is_refused(tmp_path: Path):
    with pytest.raises(Unavailable, match="is missing"):
        library.check(home=tmp_path)
    with pytest.raises(Unavailable, match="is not"):
        library.check(installed="0.5.1")
    (tmp_path / library.check().name).write_text("half a download")
    with pytest.raises(Unavailable, match="cannot be loaded") as error:
        library.check(home=tmp_path)
    assert "no está bien instalada" in error.value.staff_text


def test_what_would_download_it_is_never_imported(tmp_path: Path):
    """A neonize without its library downloads it when it is imported: this one leaves a file instead."""
    (tmp_path / "neonize").mkdir()
    (tmp_path / "neonize" / "__init__.py").write_text(f"open({str(tmp_path / 'imported')!r}, 'w')")
    done = runs(
        """
        from integrations.errors import Unavailable
        from integrations.registry import build
        try:
            build("integrations.whatsapp", "neonize", {"folder": "/nowhere"})
        except Unavailable as error:
            print(error)
        """,
        tmp_path,
        PYTHONPATH=f"{tmp_path}{os.pathsep}{tree.ROOT}",
    )
    assert "is missing" in done.stdout, done.stderr
    assert not (tmp_path / "imported").exists()


# --- the stand-in is like it ------------------------------------------------------------------
@pytest.mark.parametrize("name", [name for name in vars(StandIn) if not name.startswith("_")])
def test_the_stand_in_has_the_names_and_parameters_of_the_real_client(name: str):
    real = getattr(NewClient, name)
    if isinstance(real, property):
        assert isinstance(getattr(StandIn, name), property)
        return
    ours = inspect.signature(getattr(StandIn, name)).parameters
    theirs = inspect.signature(real).parameters
    assert list(ours) == [one for one in theirs if one in ours]
    required = [one for one, parameter in theirs.items() if parameter.default is inspect.Parameter.empty]
    assert set(required) <= set(ours)


def test_the_real_client_takes_our_callbacks_and_is_disarmed(tmp_path: Path):
    client = library.new_client(tmp_path / "session.db", "one")
    assert client.device_props.os == "Mostrador"
    assert client.me is None
    for event in EVENTS.values():
        client.event(event)(lambda client, told: None)
    client.event.qr(lambda client, told: None)
    assert set(client.event.list_func) == {EVENT_TO_INT[event] for event in EVENTS.values()}
    library.disarm(client)
    assert not client._stop_finalizer.alive


def test_a_gate_that_was_shut_for_a_client_does_not_open_for_it_again():
    gate, client = Gate(), StandIn(Network(), "one")
    gate.open(client)
    gate.shut(client)
    gate.open(client)
    with pytest.raises(NotConnected):
        gate.call(lambda one: one, seconds=1, late=NotConnected)


# --- reaching ---------------------------------------------------------------------------------
def test_whatsapp_is_asked_before_each_dial_and_nobody_dials_when_it_does_not_answer(tmp_path: Path):
    network = Network()
    bot = NeonizeTransport(tmp_path / "number", reach=NOBODY, make=network.make)
    bot.begin_pairing()
    told = [event.reason for event in bot.poll(None).events]
    assert "revisá Internet" in told[-1]
    with pytest.raises(NotConnected):
        bot.send(Addr.phone(MARIA.phone), Text("Hola"))
    bot.close()
    assert network.clients == []


def test_a_page_or_a_stranger_in_whatsapps_place_is_not_whatsapp(outside: Outside, monkeypatch):
    with pytest.raises(OSError, match=r"SSL|EOF|reset"):
        reaching.reach(f"127.0.0.1:{outside.port}")
    with listening(tls=True) as stranger:
        with pytest.raises(OSError, match="certificate"):
            reaching.reach(f"127.0.0.1:{stranger.port}")
        monkeypatch.setattr(reaching.ssl, "create_default_context", reaching.ssl._create_unverified_context)
        reaching.reach(f"127.0.0.1:{stranger.port}")
    reaching.reach("")


def test_the_panel_finds_it_by_its_folder():
    assert ("neonize", "WhatsApp por QR") in registry.choices("integrations.whatsapp")
