"""What accounts need before the panel starts: the roles, and somebody who can enter."""

import json

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction

from backoffice import env
from backoffice.accounts.models import User

ALL = "*"


@transaction.atomic
def prepare() -> None:
    """Bring the roles to what `fixtures/roles.json` says and make the first user of an empty system.

    Runs at each start and changes nothing the second time. Roles are presets: what a new version
    adds to them is given to everybody who has the role.

    Raises:
        ValueError: the file names a permission that does not exist.
    """
    permissions = {
        f"{p.content_type.app_label}.{p.codename}": p for p in Permission.objects.select_related("content_type")
    }
    for name, role in json.loads((settings.FIXTURES_DIR / "roles.json").read_text(encoding="utf-8")).items():
        wanted = list(permissions) if role["permissions"] == [ALL] else role["permissions"]
        unknown = sorted(set(wanted) - set(permissions))
        if unknown:
            raise ValueError(f"fixtures/roles.json, {name}: no existe el permiso {', '.join(unknown)}")
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set([permissions[codename] for codename in wanted])
    if not User.objects.exists():
        _first_user()


def _first_user() -> None:
    """`admin` / `admin`, good only for choosing a real password (AMB-01); both may come from the environment."""
    user = User.objects.create_user(
        env.text("ADMIN_USER", "admin"),
        password=env.text("ADMIN_PASSWORD", "admin"),
        first_name="Administrador",
        is_staff=True,
        must_change_password=True,
    )
    user.groups.add(Group.objects.get(name="Administrador"))
