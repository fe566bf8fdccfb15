"""Staff at the panel."""

from tests.backoffice.panel.conftest import _nothing_kept, admin, signed_in, staff

__all__ = ["_nothing_kept", "admin", "signed_in", "staff"]
