"""Python runs this at the start of every process that a test starts: the guard goes with them."""

import importlib.util
from pathlib import Path

_spec = importlib.util.spec_from_file_location("_network_guard", Path(__file__).with_name("network.py"))
if _spec and _spec.loader:
    _guard = importlib.util.module_from_spec(_spec)
    _spec.loader.exec_module(_guard)
    _guard.install()
