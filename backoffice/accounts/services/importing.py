"""People who come in a spreadsheet: all of them or none, each with a password for the first time only."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction

from backoffice.accounts import audit, totp
from backoffice.accounts.models import User
from backoffice.accounts.services.people import save_user
from backoffice.common.errors import DomainError
from backoffice.common.spreadsheets import read_csv

COLUMNS = ("usuario", "nombre", "apellido", "email", "celular", "roles", "estado")
NEEDED = ("usuario", "roles")
MOST = 50  # each password costs half a second of a processor, on purpose
BETWEEN_ROLES = "+"
DISABLED = "deshabilitado"


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody who was imported and the password that is told once; nobody can read it again."""

    user: User
    password: str


@dataclass(frozen=True, slots=True)
class Imported:
    """`known` are the names that had a user already: nothing of theirs was touched."""

    people: list[NewPerson] = field(default_factory=list)
    known: list[str] = field(default_factory=list)


class WrongLines(DomainError):
    """Some lines cannot be imported, so none was. `lines` says which and why, in Spanish."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("No se importó nada: hay renglones para corregir.")
        self.lines = list(lines)


@transaction.atomic
def import_people(*, text: str, by: User) -> Imported:
    """Make a user of each line of a CSV with the columns of `COLUMNS`; passwords in it are not accepted.

    Raises:
        WrongLines: what is wrong, line by line; nothing was kept.
        DomainError: it has no lines, or too many.
    """
    header, *lines = read_csv(text) or [[]]
    names = [name.strip().lower() for name in header]
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise DomainError(f"En el primer renglón falta la columna «{missing[0]}».", field="file")
    if "contraseña" in names or "password" in names:
        raise DomainError("Sacá la columna de contraseñas: el sistema le da una a cada persona.", field="file")
    if not lines or len(lines) > MOST:
        raise DomainError(f"Cargá entre 1 y {MOST} personas por vez.", field="file")
    roles = {group.name.lower(): group for group in Group.objects.all()}
    taken = {name.lower() for name in User.objects.values_list("username", flat=True)}
    done, wrong = Imported(), []
    for number, cells in enumerate(lines, start=2):
        line = {name: cell.strip() for name, cell in zip(names, cells, strict=False)}
        username = line.get("usuario", "")
        if username.lower() in taken:
            done.known.append(username)
            continue
        try:
            done.people.append(_add(line, roles, by))
            taken.add(username.lower())
        except DomainError as error:
            wrong.append(f"Renglón {number} ({username or 'sin usuario'}): {error.message}")
    if wrong:
        raise WrongLines(wrong)
    audit.note(audit.Kind.DATA, f"Importó {len(done.people)} usuarios", by=by)
    return done


def _add(line: dict[str, str], roles: dict[str, Group], by: User) -> NewPerson:
    chosen = _roles(line.get("roles", ""), roles)
    user = User(
        username=line["usuario"],
        first_name=line.get("nombre", ""),
        last_name=line.get("apellido", ""),
        email=line.get("email", ""),
        phone=line.get("celular", ""),
        is_active=line.get("estado", "").lower() != DISABLED,
    )
    password = totp.one_time_password()
    user.set_password(password)
    try:
        user.full_clean()
    except ValidationError as error:
        raise DomainError(" ".join(error.messages)) from None
    return NewPerson(save_user(user=user, roles=chosen, extra=[], by=by), password)


def _roles(told: str, known: dict[str, Group]) -> list[Group]:
    names = [name.strip() for name in told.split(BETWEEN_ROLES) if name.strip()]
    if not names:
        raise DomainError("Falta el rol.")
    strange = [name for name in names if name.lower() not in known]
    if strange:
        raise DomainError(f"No existe el rol «{strange[0]}».")
    return [known[name.lower()] for name in names]
