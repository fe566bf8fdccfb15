"""What every answer tells the browser, and how a production installation starts: with no secret by default."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as loaded
from django.test import Client, override_settings
from django.urls import reverse

from backoffice.accounts.models import User
from backoffice.accounts.policy import policy
from tests.architecture.tree import ROOT
from tests.backoffice.panel.conftest import PASSWORD

PAGES = ["/panel/login/", "/panel/", "/simulator/", "/health/live", "/no-existe/", "/panel/no-existe/"]


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_is_guarded(admin: Client, path: str) -> None:
    for client in (Client(), admin):
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["X-Frame-Options"] in ("DENY", "SAMEORIGIN")
        assert "script-src 'self' 'unsafe-eval';" in headers["Content-Security-Policy"]
        assert "object-src 'none'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize(("simulator", "framed"), [(True, "'self'"), (False, "'none'")])
def test_only_the_simulator_frames_our_pages(simulator: bool, framed: str) -> None:
    with override_settings(SIMULATOR=simulator):
        assert f"frame-ancestors {framed}" in policy()


def test_pages_of_the_staff_are_kept_by_no_cache(admin: Client) -> None:
    for name in ("index", "panel_chats", "tickets_ticket_changelist"):
        control = admin.get(reverse(f"admin:{name}")).headers["Cache-Control"]
        assert "no-store" in control
        assert "private" in control


def test_the_session_s_cookie_is_out_of_reach_of_scripts_and_of_other_sites(
    client: Client, staff: Callable[..., User]
) -> None:
    staff("Operador")
    cookie = client.post("/panel/login/", {"username": "elena", "password": PASSWORD}).cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


PRODUCTION = {
    "ENVIRONMENT": "production",
    "ALLOWED_HOSTS": "panel.example.com",
    "PUBLIC_URL": "https://panel.example.com",
    "SECRET_KEY": "una-clave-larga-y-al-azar-0123456789-0123456789-abcdefghij",
}
_ASKED = """
import json
from django.conf import settings
starts = ("SECRET_KEY", "DEBUG", "SIMULATOR", "DEMO", "SESSION_COOKIE", "CSRF_COOKIE", "SECURE_", "X_FRAME")
print(json.dumps({name: repr(getattr(settings, name)) for name in dir(settings) if name.startswith(starts)}))
"""


def _starts(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "PYTHONPATH")}
    told = kept | {"VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "backoffice.settings"} | environment
    return subprocess.run([sys.executable, "-c", _ASKED], cwd=ROOT, env=told, capture_output=True, text=True)


def test_production_is_closed(tmp_path: Path) -> None:
    values: dict[str, Any] = json.loads(_starts(tmp_path, **PRODUCTION).stdout)
    expected = {
        "DEBUG": "False",
        "SIMULATOR": "False",
        "DEMO": "False",
        "SESSION_COOKIE_SECURE": "True",
        "SESSION_COOKIE_HTTPONLY": "True",
        "SESSION_COOKIE_SAMESITE": "'Lax'",
        "CSRF_COOKIE_SECURE": "True",
        "SECURE_SSL_REDIRECT": "True",
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": "True",
        "SECURE_CONTENT_TYPE_NOSNIFF": "True",
        "X_FRAME_OPTIONS": "'DENY'",
    }
    assert {name: values[name] for name in expected} == expected
    assert int(values["SECURE_HSTS_SECONDS"]) >= 31_536_000
    assert int(values["SESSION_COOKIE_AGE"]) <= 14 * 24 * 3600
    assert not list(tmp_path.glob("secret*"))


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_production_does_not_start_without_its_own(tmp_path: Path, missing: str) -> None:
    refused = _starts(tmp_path, **{name: value for name, value in PRODUCTION.items() if name != missing})
    assert refused.returncode != 0
    assert missing in refused.stderr
    assert "Traceback" not in refused.stderr


def test_elsewhere_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    keys = {json.loads(_starts(tmp_path).stdout)["SECRET_KEY"] for _ in range(2)}
    assert len(keys) == 1
    assert len(keys.pop()) > 50
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_a_password_that_anybody_would_try_is_refused() -> None:
    names = {one["NAME"].rsplit(".", 1)[-1] for one in loaded.AUTH_PASSWORD_VALIDATORS}
    assert names == {
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    }
