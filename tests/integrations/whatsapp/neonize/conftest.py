"""The library needs Debian's libmagic, which a machine may not have."""

from ctypes.util import find_library
from pathlib import Path

import pytest

from tests import skipped

MISSING = "" if find_library("magic") else "needs libmagic: apt-get install libmagic1"

if not MISSING:
    from tests.integrations.whatsapp.neonize.number import number, unlinked  # noqa: F401 # fixtures


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    return skipped.module(module_path, parent, MISSING)
