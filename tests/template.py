"""A database with its tables made, once a run: every SQLite file of the tests begins as a copy of it.

Making the tables takes seconds of a processor, and a run needs some twenty databases. That the migrations work on a
database that has nothing is what `make up`'s own tests show.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def copy_to(target: Path) -> bool:
    """Write the prepared database at `target`. False when this process has no run to share it with."""
    folder = os.environ.get("MOSTRADOR_TESTS_DIR")
    if folder is None:
        return False
    shutil.copyfile(_made_once(Path(folder)), target)
    return True


def _made_once(folder: Path) -> Path:
    ready, making = folder / "template.sqlite3", folder / "template-in-the-making.sqlite3"
    with (folder / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            environment = os.environ | {"DATABASE_URL": f"sqlite:///{making}", "VAR_DIR": str(folder)}
            environment.pop("DJANGO_SETTINGS_MODULE", None)
            command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
            subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=180)
            making.rename(ready)
    return ready
