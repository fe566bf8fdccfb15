"""The product's settings, as the tests run them: nothing of the developer's environment, nothing kept.

The database is a real file (threads and processes share it, as in production), a new one a run and a worker.
`DATABASE_URL` and `REDIS_URL` are respected: the same tests run on PostgreSQL and Redis.
"""

import os
import tempfile
from pathlib import Path

_KEPT = {"DATABASE_URL", "REDIS_URL"}
_OURS = {
    line.removeprefix("#").split("=", 1)[0].strip()
    for line in (Path(__file__).parent.parent / "deploy" / "env.example").read_text(encoding="utf-8").splitlines()
    if "=" in line
}
for _name in _OURS - _KEPT:
    os.environ.pop(_name, None)

# The workers of xdist inherit the folder of the process that started them.
if "MOSTRADOR_TESTS_DIR" not in os.environ:
    os.environ["MOSTRADOR_TESTS_DIR"] = tempfile.mkdtemp(prefix="mostrador-tests-")
TESTS_DIR = Path(os.environ["MOSTRADOR_TESTS_DIR"])
(TESTS_DIR / "static").mkdir(exist_ok=True)
os.environ["VAR_DIR"] = str(TESTS_DIR)
if os.environ.get("REDIS_URL"):  # a database each worker: what one caches is nothing that another counted
    _url, _, _number = os.environ["REDIS_URL"].rpartition("/")
    _worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    os.environ["REDIS_URL"] = f"{_url}/{(int(_number) + _worker) % 16}"
os.environ["SECRET_KEY"] = "only-for-tests-" + "0" * 50

from backoffice.settings import *  # noqa: E402, F403
from backoffice.settings import DATABASES, IS_SQLITE, STORAGES  # noqa: E402

if IS_SQLITE:
    _options = DATABASES["default"]["OPTIONS"]
    _options["init_command"] = _options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    DATABASES["default"]["TEST"] = {"NAME": str(TESTS_DIR / "test.sqlite3")}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
MEDIA_ROOT = TESTS_DIR / "media"
PANEL_TICK = 0  # what a page shows is what a test just did
