"""Cases of people's accounts: who may enter, their sessions, their second factor."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib.auth.models import Group, Permission

from backoffice.accounts import services as accounts
from backoffice.accounts import totp
from backoffice.accounts.models import AccessPolicy, SecondFactor, StaffSession, User
from tests.faults.cases import NO_WRITES, Call, admin, case, simple
from tests.story import StoryHere

NO_WRITES |= {"accounts.check_may_manage"}
NOW = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)


def ana() -> User:
    return User.objects.get(username="ana")


def make_ana() -> User:
    user = User.objects.create_user("ana", first_name="Ana", is_staff=True)
    user.groups.set([Group.objects.get(name="Agente")])
    return user


def enter(user: User, key: str) -> StaffSession:
    return accounts.open_session(user=user, key=key, device="Firefox en Linux", address="10.0.0.1")[0]


def code(user: User) -> str:
    return totp.code_at(SecondFactor.objects.get(user=user).secret, NOW)


def save() -> object:
    user = ana()
    user.first_name, user.is_active = "Anita", False
    extra = Permission.objects.filter(codename="view_plan")
    return accounts.save_user(user=user, roles=[Group.objects.get(name="Operador")], extra=list(extra), by=admin())


@case("accounts.save_user")
def save_user(story: StoryHere) -> Call:
    enter(make_ana(), "key-1")
    return save


@case("accounts.delete_user")
def delete_user(story: StoryHere) -> Call:
    make_ana()
    return lambda: accounts.delete_user(user=ana(), by=admin())


@case("accounts.give_password")
def give_password(story: StoryHere) -> Call:
    enter(make_ana(), "key-1")
    return lambda: accounts.give_password(user=ana(), password="cuatro-perros-9", by=admin())


@case("accounts.unlock")
def unlock(story: StoryHere) -> Call:
    make_ana()
    return lambda: accounts.unlock(user=ana(), by=admin())


simple(
    "accounts.change_own_details",
    lambda: accounts.change_own_details(user=admin(), first_name="Elena", last_name="Soto", email="", phone="261"),
)
simple(
    "accounts.import_people",
    lambda: accounts.import_people(text="usuario;roles\nana;Agente\njuan;Operador + Agente\n", by=admin()),
)


@case("accounts.open_session")
def open_session(story: StoryHere) -> Call:
    enter(admin(), "key-1")
    AccessPolicy.objects.update_or_create(pk=1, defaults={"one_device": True})
    return lambda: enter(admin(), "key-2")


@case("accounts.end_sessions")
def end_sessions(story: StoryHere) -> Call:
    enter(admin(), "key-1")
    return lambda: accounts.end_sessions(sessions=StaffSession.objects.all(), how=StaffSession.Ended.PASSWORD)


@case("accounts.close_sessions")
def close_sessions(story: StoryHere) -> Call:
    enter(make_ana(), "key-1")
    return lambda: accounts.close_sessions(sessions=StaffSession.objects.select_related("user"), by=admin())


@case("accounts.leave")
def leave(story: StoryHere) -> Call:
    enter(admin(), "key-1")
    return lambda: accounts.leave(session=StaffSession.objects.get())


@case("accounts.touch_session")
def touch_session(story: StoryHere) -> Call:
    enter(admin(), "key-1")
    return lambda: accounts.touch_session(session=StaffSession.objects.get(), key="key-2")


simple("accounts.begin_second_factor", lambda: accounts.begin_second_factor(user=admin()))


@case("accounts.confirm_second_factor")
def confirm_second_factor(story: StoryHere) -> Call:
    accounts.begin_second_factor(user=admin())
    return lambda: accounts.confirm_second_factor(user=admin(), code=code(admin()), now=NOW)


def confirmed() -> list[str]:
    accounts.begin_second_factor(user=admin())
    return accounts.confirm_second_factor(user=admin(), code=code(admin()), now=NOW)


@case("accounts.renew_recovery_codes")
def renew_recovery_codes(story: StoryHere) -> Call:
    confirmed()
    return lambda: accounts.renew_recovery_codes(user=admin())


@case("accounts.use_code")
def use_code(story: StoryHere) -> Call:
    spare = confirmed()[0]
    return lambda: accounts.use_code(user=admin(), code=spare, now=NOW)


@case("accounts.remove_second_factor")
def remove_second_factor(story: StoryHere) -> Call:
    confirmed()
    return lambda: accounts.remove_second_factor(user=admin(), by=admin())
