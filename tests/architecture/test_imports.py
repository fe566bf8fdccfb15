"""The contracts of `pyproject.toml` hold, and they really bite."""

import subprocess
import sys

from tests.architecture import tree

LINT = "from importlinter.cli import lint_imports_command as lint; lint()"


def test_nothing_imports_upwards():
    done = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"], cwd=tree.ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_the_core_of_the_bot_starts_without_django():
    script = (
        "import sys, bot.turn, bot.engine, bot.pacing\n"
        "heavy = {'django', 'backoffice', 'httpx'} & {name.split('.')[0] for name in sys.modules}\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tree.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
