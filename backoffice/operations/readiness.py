"""Whether this installation can work right now: one check each, cheap, and none raises (`/health/ready`)."""

import os
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.cache import cache as shared_cache
from django.db import Error as AnyDatabaseError
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from redis.exceptions import RedisError

from backoffice.operations.selectors import enabled_channels, is_attended, is_connected

WEB, BOT = "web", "bot"
PARTS = (WEB, BOT)


def checks(parts: Iterable[str] = PARTS) -> dict[str, bool]:
    """Each check by its name, True when it is well.

    `web` is what a panel needs to answer (database, migrations, static files, uploads, cache); `bot` that somebody
    attends: a dispatcher alive and every enabled channel heard and connected. Six queries at most.
    """
    found: dict[str, bool] = {}
    if WEB in parts:
        found |= {"database": _holds(_database), "migrations": _holds(_is_migrated)}
        found |= {"static": _holds(_has_static), "uploads": _holds(_can_keep_files)}
        if settings.REDIS_URL:
            found["cache"] = _holds(_cache)
    if BOT in parts:
        found["dispatcher"] = _holds(lambda: is_attended(timezone.now()))
        found |= _channels()
    return found


def _holds(check: Callable[[], bool]) -> bool:
    """What cannot be asked is not well."""
    try:
        return check()
    except AnyDatabaseError:
        connection.close()
        return False
    except (OSError, RedisError):
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def _is_migrated() -> bool:
    """Every migration of this code is applied; those of newer code may be there too (an upgrade in course)."""
    return _migrations() <= set(MigrationRecorder(connection).applied_migrations())


@cache
def _migrations() -> frozenset[tuple[str, str]]:
    """The migrations on the disk; they do not change while a process lives."""
    loader = MigrationLoader(None)
    return frozenset((app, name) for app, name in loader.disk_migrations)


def _has_static() -> bool:
    """Where names carry a digest, the list of them was made (`manage.py prepare`)."""
    if not isinstance(staticfiles_storage, ManifestFilesMixin):
        return True
    return staticfiles_storage.manifest_storage.exists(staticfiles_storage.manifest_name)


def _can_keep_files() -> bool:
    """The folder of uploads is there and may be written."""
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    return os.access(folder, os.W_OK)


def _cache() -> bool:
    shared_cache.set("health", "ok", timeout=30)
    return shared_cache.get("health") == "ok"


def _channels() -> dict[str, bool]:
    """`channel_3`: heard of within `SILENCE` and linked. None enabled is no fault."""
    try:
        rows = list(enabled_channels())
    except AnyDatabaseError:
        connection.close()
        return {"channels": False}
    now = timezone.now()
    return {f"channel_{channel.pk}": is_connected(channel, now) for channel in rows}
