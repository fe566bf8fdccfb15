"""People of the staff, and what they did, as spreadsheets. Passwords never leave.

People come back by their own page (`services/importing.py`), which gives each a password for the first time.
"""

from collections.abc import Sequence

from backoffice.accounts.models import AuditEvent, User
from backoffice.accounts.services.importing import BETWEEN_ROLES, COLUMNS, DISABLED
from backoffice.common.sql import Among
from backoffice.common.tables.columns import Column
from backoffice.common.tables.resources import TableResource
from backoffice.common.tables.widgets import ChoiceWidget, MomentWidget, YesNoWidget


def roles_of(users: Sequence[int]) -> dict[int, str]:
    """The roles of each one, in one query."""
    found: dict[int, list[str]] = {}
    pairs = User.groups.through._default_manager.filter(Among("user", users)).order_by("group__name")
    for user, role in pairs.values_list("user_id", "group__name"):
        found.setdefault(user, []).append(role)
    return {user: f" {BETWEEN_ROLES} ".join(roles) for user, roles in found.items()}


class UserResource(TableResource):
    comes_back = False
    username = Column("username", COLUMNS[0])
    first_name = Column("first_name", COLUMNS[1])
    last_name = Column("last_name", COLUMNS[2])
    email = Column("email", COLUMNS[3])
    phone = Column("phone", COLUMNS[4])
    roles = Column(column_name=COLUMNS[5], gathers=roles_of)
    is_active = Column("is_active", COLUMNS[6], YesNoWidget("habilitado", DISABLED))

    class Meta(TableResource.Meta):
        model = User
        fields = ("username", "first_name", "last_name", "email", "phone", "roles", "is_active")
        import_id_fields = ("username",)


def _who(name: str) -> str:
    return name or "El sistema"


class AuditResource(TableResource):
    at = Column("at", "cuándo", MomentWidget(seconds=True))
    who = Column(column_name="quién", reads=("who_name",), says=_who)
    kind = Column("kind", "tema", ChoiceWidget(AuditEvent.Kind))
    text = Column("text", "qué hizo")
    about = Column("about", "sobre")
    address = Column("address", "desde")

    class Meta(TableResource.Meta):
        model = AuditEvent
        fields = ("at", "who", "kind", "text", "about", "address")
