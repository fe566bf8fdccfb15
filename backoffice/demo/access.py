"""Who has a shift, who is inside the panel, and what was done these days that is audited."""

from datetime import datetime, time, timedelta

from backoffice.accounts.models import AuditEvent, StaffSession, User, WorkShift
from backoffice.common.bulk import bulk_create_with_history

Kind, Ended = AuditEvent.Kind, StaffSession.Ended
SHIFTS = (("sofia", "01234", time(9), time(18)), ("raul", "012345", time(8), time(14)))
OFFICE, HOME = "190.113.40.8", "181.94.12.201"
# user, device, address, how many minutes ago they entered and were last seen, how it ended ("" when it did not)
SESSIONS = (
    ("elena", "Chrome en Windows", OFFICE, 190, 4, ""),
    ("elena", "Chrome en Android", HOME, 700, 95, ""),
    ("oper", "Firefox en Linux", OFFICE, 240, 11, ""),
    ("marta", "Edge en Windows", OFFICE, 205, 32, ""),
    ("sofia", "Chrome en Windows", OFFICE, 1630, 1120, Ended.SHIFT),
    ("raul", "Chrome en Android", HOME, 1720, 1390, Ended.LEFT),
)
# minutes ago, user, kind, what, about, address
EVENTS = (
    (4380, "admin", Kind.USER, "Creó el usuario de Raúl Ibáñez", "raul", OFFICE),
    (4380, "admin", Kind.ROLE, "Le dio a Raúl Ibáñez el rol Técnico", "raul", OFFICE),
    (2950, "elena", Kind.BOT, "Activó Modo Solo Gateway", "modo del bot", OFFICE),
    (2890, "elena", Kind.BOT, "Activó Modo Completo", "modo del bot", OFFICE),
    (1722, "", Kind.REFUSED, "No pudo ingresar: credenciales inválidas", "raul", HOME),
    (1720, "raul", Kind.LOGIN, "Ingresó con Chrome en Android", "", HOME),
    (1510, "marta", Kind.PASSWORD, "Cambió su contraseña", "Marta Quiroga", OFFICE),
    (240, "oper", Kind.LOGIN, "Ingresó con Firefox en Linux", "", OFFICE),
    (190, "elena", Kind.LOGIN, "Ingresó con Chrome en Windows", "", OFFICE),
    (150, "admin", Kind.DATA, "Exportó la lista de usuarios", "", OFFICE),
)


def load_access(now: datetime) -> None:
    """In a few statements; nobody's browser has these sessions, so closing them closes nobody."""
    people = {user.username: user for user in User.objects.all()}
    bulk_create_with_history(
        [
            WorkShift(user=people[username], days=days, starts=starts, ends=ends)
            for username, days, starts, ends in SHIFTS
        ]
    )
    StaffSession.objects.bulk_create(
        StaffSession(
            user=people[username],
            key=f"demo-{number}",
            device=device,
            address=address,
            started_at=now - timedelta(minutes=entered),
            seen_at=now - timedelta(minutes=seen),
            ended_at=now - timedelta(minutes=seen) if how else None,
            ended_by=how,
        )
        for number, (username, device, address, entered, seen, how) in enumerate(SESSIONS)
    )
    AuditEvent.objects.bulk_create(
        AuditEvent(
            at=now - timedelta(minutes=ago),
            kind=kind,
            who=people.get(username),
            who_name=f"{people[username]} ({username})" if username else "",
            text=text,
            about=about,
            address=address,
        )
        for ago, username, kind, text, about, address in EVENTS
    )
