"""The environment: a good value is used, a wrong one refuses to start and says which."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from backoffice import env
from tests.architecture.tree import ROOT


@pytest.fixture
def given(monkeypatch):
    """Set variables as a shell would."""

    def give(**variables: str) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    return give


@pytest.mark.parametrize("yes", ["1", "true", "SI", "sí", " on "])
def test_a_flag_understands_how_people_say_yes(given, yes):
    given(DEMO=yes)
    assert env.flag("DEMO", False) is True


@pytest.mark.parametrize("no", ["0", "False", "NO", "off"])
def test_a_flag_understands_how_people_say_no(given, no):
    given(DEMO=no)
    assert env.flag("DEMO", True) is False


def test_an_empty_variable_counts_as_absent(given):
    given(PORT="  ", DEMO="")
    assert env.integer("PORT", 8000, least=1, most=65535) == 8000
    assert env.flag("DEMO", True) is True


def test_a_flag_that_is_neither_refuses_to_start(given):
    given(DEMO="quizás")
    with pytest.raises(env.WrongSetting, match="DEMO vale «quizás» y debería ser 1 o 0"):
        env.flag("DEMO", True)


@pytest.mark.parametrize("wrong", ["ocho mil", "0", "65536", "80.5"])
def test_a_port_out_of_range_refuses_to_start(given, wrong):
    given(PORT=wrong)
    with pytest.raises(env.WrongSetting, match=r"PORT .* entre 1 y 65535"):
        env.integer("PORT", 8000, least=1, most=65535)


def test_a_choice_names_the_options(given):
    given(ENVIRONMENT="produccion")
    with pytest.raises(env.WrongSetting, match="embedded o production"):
        env.choice("ENVIRONMENT", "embedded", ("embedded", "production"))


def test_an_address_of_another_kind_refuses_to_start(given):
    given(DATABASE_URL="mysql://root@db/mostrador")
    with pytest.raises(env.WrongSetting, match="postgresql://"):
        env.url("DATABASE_URL", "", ("sqlite", "postgresql"))


def test_a_list_is_read_by_commas(given):
    given(ALLOWED_HOSTS=" panel.fibrasur.com.ar, ,localhost ")
    assert env.items("ALLOWED_HOSTS", []) == ["panel.fibrasur.com.ar", "localhost"]
    assert env.items("ABSENT_LIST", ["x"]) == ["x"]


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    kept = tmp_path / "var" / "secret_key"
    first = env.secret("SECRET_KEY", kept, required=False)
    assert len(first) > 40
    assert env.secret("SECRET_KEY", kept, required=False) == first
    assert kept.stat().st_mode & 0o077 == 0


def test_the_secret_of_the_environment_wins(given, tmp_path: Path):
    given(SECRET_KEY="from-outside")
    assert env.secret("SECRET_KEY", tmp_path / "unused", required=True) == "from-outside"
    assert not (tmp_path / "unused").exists()


def test_production_has_no_secret_by_default(tmp_path: Path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    with pytest.raises(env.WrongSetting, match="SECRET_KEY"):
        env.secret("SECRET_KEY", tmp_path / "unused", required=True)


def started_with(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Read the settings in a process of their own, as a start does."""
    clean = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", "from backoffice import settings; print(settings.PRODUCTION, settings.DEMO)"],
        cwd=ROOT,
        env=clean | {"VAR_DIR": str(tmp_path)} | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_with_nothing_set_it_is_the_embedded_product(tmp_path: Path):
    assert started_with(tmp_path).stdout.split() == ["False", "True"]


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"PORT": "http"}, "PORT"),
        ({"ENVIRONMENT": "production"}, "SECRET_KEY"),
        ({"ENVIRONMENT": "production", "SECRET_KEY": "x" * 60}, "ALLOWED_HOSTS"),
        ({"DATABASE_URL": "fibrasur"}, "DATABASE_URL"),
        ({"REDIS_URL": "localhost:6379"}, "REDIS_URL"),
        ({"LOG_LEVEL": "todo"}, "LOG_LEVEL"),
    ],
)
def test_a_wrong_value_stops_the_start_and_names_the_variable(tmp_path: Path, variables, named):
    done = started_with(tmp_path, **variables)
    assert done.returncode != 0
    assert f"La variable {named}" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_phone_is_kept_as_digits_and_what_is_none_refuses_to_start(given):
    given(SUPPORT_WHATSAPP="+54 9 261 555-0100")
    assert env.phone("SUPPORT_WHATSAPP") == "5492615550100"
    given(SUPPORT_WHATSAPP="preguntá por Ana")
    with pytest.raises(env.WrongSetting, match="un teléfono con su país"):
        env.phone("SUPPORT_WHATSAPP")
