"""Python runs this at the start of every process that a test starts: the guard goes with them."""

import importlib.util
import sys
from pathlib import Path

_spec = importlib.util.spec_from_file_location("tests.guard.network", Path(__file__).with_name("network.py"))
if _spec and _spec.loader:
    _guard = sys.modules[_spec.name] = importlib.util.module_from_spec(_spec)
    _spec.loader.exec_module(_guard)
    _guard.install()
