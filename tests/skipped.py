"""Files of tests that cannot even be imported where something of the system is missing: they are told as skipped."""

from pathlib import Path
from typing import NoReturn

import pytest


class Skipped(pytest.Module):
    """One such file. `reason` is what is missing, and how to get it."""

    reason = ""

    def collect(self) -> NoReturn:
        pytest.skip(self.reason, allow_module_level=True)


def module(module_path: Path, parent: pytest.Collector, reason: str) -> pytest.Module | None:
    """What `pytest_pycollect_makemodule` gives: nothing of ours when nothing is missing."""
    if not reason:
        return None
    made: Skipped = Skipped.from_parent(parent, path=module_path)
    made.reason = reason
    return made
