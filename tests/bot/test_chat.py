"""`make chat`: the real engine in the terminal, with nobody at the other end."""

import io
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings as configured

from backoffice.billing.models import Invoice
from backoffice.channels.models import Channel
from backoffice.common.management.commands.prepare import Command
from backoffice.conversations.models import Contact, Conversation, DialogState, Lane, Media, Message
from backoffice.demo.services import load_demo
from backoffice.dialogs.services import synchronise_actions
from backoffice.tickets.models import Ticket
from bot import chat
from bot.actions import listed_actions
from integrations.understanding.phones import PhoneKey, parse_phone
from tests import cast, template

pytestmark = pytest.mark.django_db


def phone(person: cast.Person) -> PhoneKey:
    parsed = parse_phone(person.phone)
    assert parsed is not None
    return parsed


def typed(*lines: str) -> Callable[[], str]:
    """A keyboard that writes these lines and then Ctrl-D."""
    rest = list(lines)

    def read() -> str:
        if not rest:
            raise EOFError
        return rest.pop(0)

    return read


@pytest.fixture
def fibrasur(db):
    synchronise_actions(listed_actions())
    Command().run_hooks()
    load_demo()


@pytest.fixture
def maria(fibrasur) -> chat.Talk:
    return chat.Talk(phone(cast.MARIA))


def test_maria_is_greeted_by_her_name_once(maria):
    [answer] = maria.says("hola")
    assert "María" in answer


def test_what_the_bot_says_never_leaves(maria):
    maria.says("hola")
    assert maria.channel.kind == Channel.Kind.PREVIEW
    [message] = Message.objects.filter(channel=maria.channel, direction="out")
    assert message.status == Message.Status.SENT
    assert not Message.objects.filter(status=Message.Status.QUEUED).exists()


def test_each_answer_is_heard_once(maria):
    first, second = maria.says("hola"), maria.says("¿cuánto debo?")
    assert first != second
    assert "$ 18.500,00" in "\n".join(second)
    assert maria.lines[0] == (">", "hola")
    assert [mark for mark, _ in maria.lines].count("<") == len(first) + len(second)


def test_an_invoice_is_shown_by_its_name(maria, settings, tmp_path):
    answers = maria.says("mandame la factura")
    number = Invoice.objects.filter(customer__name="María González").latest("period").number
    assert any(answer.startswith(f"[documento: Factura {number}.pdf]") for answer in answers)


def test_a_stranger_sees_nobodys_data(fibrasur):
    lucia = chat.Talk(phone(cast.LUCIA), name="Lucía")
    answers = "\n".join(lucia.says("quiero ver mi deuda"))
    assert "$" not in answers
    who, when, said, *_ = lucia.transcript().splitlines()
    assert (who, said) == ("# 5492617778899: no es cliente", "> quiero ver mi deuda")
    assert when.startswith("# hora: ")


def test_the_transcript_is_a_golden_file(maria, tmp_path):
    maria.lines = [(">", "hola"), ("<", "Hola María 👋\n\n*1.* Factura"), (">", "1"), ("<", "[documento: a.pdf]")]
    path = chat.save(maria, "saludo", tmp_path / "nuevas")
    assert path.name == "saludo.txt"
    assert path.read_text(encoding="utf-8").splitlines() == [
        "# 5492612345678: María González, activo; Fibra 100MB; debe $ 18.500,00",
        f"# hora: {maria.began:%Y-%m-%d %H:%M}",
        "> hola",
        "< Hola María 👋",
        "",
        "  *1.* Factura",
        "> 1",
        "< [documento: a.pdf]",
    ]


def test_who_owes_nothing_is_introduced_as_such(maria):
    Invoice.objects.filter(customer__name="María González").delete()
    assert chat.introduce(phone(cast.MARIA)).endswith("Fibra 100MB; al día")


def test_files_places_and_menus_become_text(maria):
    talk = Conversation(channel=maria.channel)
    image = Media(kind="image", filename="modem.jpg")
    assert chat.shown(Message(conversation=talk, media=image, text="Las luces")) == "[imagen: modem.jpg] Las luces"
    place = {"latitude": -32.9, "longitude": -68.8}
    assert chat.shown(Message(conversation=talk, location=place)) == "[ubicación: -32.9, -68.8]"
    menu = [{"key": "a", "title": "Factura"}, {"key": "b", "title": "Persona"}]
    assert chat.shown(Message(conversation=talk, text="¿Qué?", menu=menu)) == "¿Qué?\n\n*1.* Factura\n*2.* Persona"


def test_the_terminal_shows_each_answer_and_ends_with_ctrl_d(maria):
    out = io.StringIO()
    chat.converse(maria, typed("hola", "   "), out)
    assert "│ " in out.getvalue()
    assert maria.lines[0] == (">", "hola")
    assert [text for mark, text in maria.lines if mark == ">"] == ["hola"]


def test_a_silence_is_told(maria, monkeypatch):
    monkeypatch.setattr(maria, "says", lambda text: [])
    out = io.StringIO()
    chat.converse(maria, typed("hola"), out)
    assert "el bot no contesta" in out.getvalue()


def test_a_talk_begins_afresh_whatever_was_going_on(maria):
    maria.says("quiero hablar con una persona")
    assert Ticket.objects.filter(contact__phone_key=cast.MARIA.key).exclude(state="cerrado").exists()
    Lane.objects.create(key="1:p:2610000000", ready_at=Message.objects.latest("pk").created_at)
    chat.start_afresh(phone(cast.MARIA))
    assert not Ticket.objects.filter(contact__phone_key=cast.MARIA.key).exclude(state="cerrado").exists()
    assert not DialogState.objects.filter(contact__phone_key=cast.MARIA.key).exists()
    assert not Lane.objects.filter(ready_at__isnull=False).exists()


@pytest.mark.parametrize("wrong", [["--as", "hola"], ["--save", "../../x"], ["--save", "Con Espacios"]])
def test_what_makes_no_sense_is_refused_before_anything(db, wrong):
    out = io.StringIO()
    assert chat.main(wrong, read=typed(), out=out) == 2
    assert out.getvalue().count("\n") == 1


@pytest.mark.e2e
@pytest.mark.once  # its database is SQLite's
def test_the_whole_command_leaves_the_database_as_it_was(tmp_path):
    """As a person runs it, twice: what it does stays in its copy."""
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "backoffice.settings", "VAR_DIR": str(tmp_path)}
    env |= {"DATABASE_URL": f"sqlite:///{tmp_path / 'mine.sqlite3'}", "SECRET_KEY": "x" * 60}

    def run(*arguments: str, said: str = "") -> str:
        command = [sys.executable, *arguments]
        done = subprocess.run(
            command, cwd=configured.BASE_DIR, env=env, input=said, capture_output=True, text=True, check=True
        )
        return done.stdout

    template.copy_to(tmp_path / "mine.sqlite3")
    run("manage.py", "prepare", "--quiet")
    before = _counted(tmp_path / "mine.sqlite3")
    said = "hola\nquiero hablar con una persona\n"
    told = run("-m", "bot", "chat", said=said)
    assert "Hablás con el bot como 5492612345678: María González" in told
    assert "Nada de esto le llega a nadie" in told
    assert run("-m", "bot", "chat", said=said).count("│") == told.count("│")
    assert _counted(tmp_path / "mine.sqlite3") == before


def _counted(file: Path) -> list[int]:
    tables = [model._meta.db_table for model in (Message, Contact, Ticket)]
    with closing(sqlite3.connect(file)) as rows:
        return [rows.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]  # noqa: S608
