"""Staff at the door and inside: each role of `fixtures/roles.json`, and somebody with none."""

from tests.backoffice.panel.conftest import _nothing_kept, admin, signed_in, staff

__all__ = ["_nothing_kept", "admin", "signed_in", "staff"]
