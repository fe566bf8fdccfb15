"""Have Django work, in this thread and for a while, on another database of the same kind."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS, connections


@contextmanager
def working_on(**changed: Any) -> Iterator[None]:
    """`changed` are keys of the database's settings, such as NAME. Other threads go on where they were."""
    before = connections[DEFAULT_DB_ALIAS]
    there = type(before)(deepcopy(before.settings_dict) | changed, DEFAULT_DB_ALIAS)
    connections[DEFAULT_DB_ALIAS] = there
    ContentType.objects.clear_cache()
    try:
        yield
    finally:
        there.close()
        connections[DEFAULT_DB_ALIAS] = before
        ContentType.objects.clear_cache()
