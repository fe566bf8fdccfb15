"""Verbs of people's accounts."""

from backoffice.accounts.services.importing import Imported, NewPerson, WrongLines, import_people
from backoffice.accounts.services.people import (
    DEAD_LINK,
    change_own_details,
    change_own_password,
    check_may_manage,
    choose_password,
    delete_user,
    give_password,
    save_user,
    unlock,
)
from backoffice.accounts.services.second_factor import (
    WRONG_CODE,
    begin_second_factor,
    confirm_second_factor,
    remove_second_factor,
    renew_recovery_codes,
    use_code,
)
from backoffice.accounts.services.sessions import close_sessions, end_sessions, leave, open_session, touch_session

__all__ = [
    "DEAD_LINK",
    "WRONG_CODE",
    "Imported",
    "NewPerson",
    "WrongLines",
    "begin_second_factor",
    "change_own_details",
    "change_own_password",
    "check_may_manage",
    "choose_password",
    "close_sessions",
    "confirm_second_factor",
    "delete_user",
    "end_sessions",
    "give_password",
    "import_people",
    "leave",
    "open_session",
    "remove_second_factor",
    "renew_recovery_codes",
    "save_user",
    "touch_session",
    "unlock",
    "use_code",
]
