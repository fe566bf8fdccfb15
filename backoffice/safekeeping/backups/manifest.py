"""What a copy says of itself: of what, when, by whom, and how many rows of each table with which content.

It is the first member of the file, so the list of copies reads a page of each one. Only names and figures are in it.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from backoffice.common.errors import DomainError

FORMAT = 1
NOTE = (
    "La clave SECRET_KEY del servidor no está en esta copia: guardala aparte. Sin ella, las claves de las conexiones y "
    "la verificación en dos pasos no se pueden leer. Dentro están la base de datos y los archivos que se enviaron y "
    "recibieron: guardala como guardarías los datos de tus clientes."
)
Figures = tuple[int, str]
"""Rows of a table, and a sum of all their contents that does not depend on their order."""


class Kind(models.TextChoices):
    AUTOMATIC = "automatica", "Automática"
    MANUAL = "a-mano", "Hecha a mano"
    SAFETY = "antes-de-restaurar", "Antes de restaurar"


class Damaged(DomainError):
    """The file is not a whole copy of ours, and says why."""

    def __init__(self, why: str) -> None:
        super().__init__(f"La copia está dañada o incompleta: {why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class Database:
    """The member that holds the database. `sha256` is of the member as it is in the file."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Media:
    """The uploaded files, in the order of the file. `sha256` is of all their names, sizes and contents."""

    included: bool = False
    count: int = 0
    size: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """`engine` is Django's name of the database; `made_at` is the moment of the snapshot."""

    engine: str
    engine_version: str
    company: str
    made_at: datetime
    kind: str
    by: str
    migrations: tuple[tuple[str, str], ...]
    tables: dict[str, Figures]
    database: Database
    media: Media
    version: str
    format: int = FORMAT

    @property
    def kind_label(self) -> str:
        return str(Kind(self.kind).label) if self.kind in Kind.values else self.kind

    def rows(self, model: type[models.Model]) -> int:
        return self.tables.get(model._meta.db_table, (0, ""))[0]


def to_json(manifest: Manifest) -> bytes:
    values = {"nota": NOTE} | asdict(manifest) | {"made_at": manifest.made_at.isoformat()}
    return json.dumps(values, ensure_ascii=False, indent=1).encode()


def from_json(data: bytes) -> Manifest:
    """Raises: Damaged when it is no manifest; DomainError when a newer version of the product wrote it."""
    try:
        values = json.loads(data)
        if int(values["format"]) > FORMAT:
            raise DomainError("Esta copia la hizo una versión más nueva de Mostrador: actualizá antes de usarla.")
        return _manifest(values)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Damaged("no se puede leer lo que dice de sí misma.") from None


def _manifest(values: dict[str, Any]) -> Manifest:
    made_at = datetime.fromisoformat(values["made_at"])
    if timezone.is_naive(made_at):
        raise ValueError(values["made_at"])
    return Manifest(
        engine=str(values["engine"]),
        engine_version=str(values["engine_version"]),
        company=str(values["company"]),
        made_at=made_at,
        kind=str(values["kind"]),
        by=str(values["by"]),
        migrations=tuple((str(app), str(name)) for app, name in values["migrations"]),
        tables={str(name): (int(rows), str(content)) for name, (rows, content) in values["tables"].items()},
        database=Database(**values["database"]),
        media=Media(**values["media"]),
        version=str(values["version"]),
        format=int(values["format"]),
    )
