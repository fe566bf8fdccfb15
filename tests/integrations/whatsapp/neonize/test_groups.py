"""Groups of agents: made, changed, read and left."""

import pytest

from integrations.errors import OutcomeUnknown, Rejected
from integrations.whatsapp.base import (
    Addr,
    GroupCreationLimited,
    IdentityLearned,
    Member,
    MemberResult,
    NotInGroup,
)
from tests.cast import ANA, JUAN, MARIA
from tests.integrations.whatsapp.neonize.number import Number
from tests.integrations.whatsapp.neonize.standin import OUR_LID, US, group, jid, participant

juan, ana, maria = (Addr.phone(one.phone) for one in (JUAN, ANA, MARIA))
support = Addr.group("120363000000000001")
juan_lid = jid("77002", "lid")


def test_a_new_group_tells_how_it_went_for_each(number: Number):
    number.network.answers = [
        participant(juan_lid, phone=jid(JUAN.phone), lid=juan_lid),
        participant(jid(ANA.phone), error=403),
        participant(jid(MARIA.phone), error=404),
    ]
    made = number.bot.create_group("Soporte FibraSur zona norte y centro", [ana, juan, maria])
    assert made.group == support
    assert [(result.member, result.status) for result in made.members] == [
        (ana, "needs_invite"),
        (juan, "ok"),
        (maria, "not_on_whatsapp"),
    ]
    assert ("create_group", ("Soporte FibraSur zona nor",)) in number.network.called
    (learned,) = number.hears(IdentityLearned)
    assert (learned.addr, learned.also) == (Addr.lid("77002"), juan)


def test_who_whatsapp_says_nothing_about_is_not_taken_for_added(number: Number):
    number.network.answers = [participant(jid(JUAN.phone))]
    made = number.bot.create_group("Soporte", [juan, ana])
    assert [result.status for result in made.members] == ["ok", "error"]


@pytest.mark.parametrize(
    ("op", "code", "status"),
    [
        ("add", 0, "ok"),
        ("add", 409, "ok"),
        ("add", 403, "needs_invite"),
        ("add", 404, "not_on_whatsapp"),
        ("add", 500, "error"),
        ("remove", 404, "ok"),
        ("promote", 0, "ok"),
        ("promote", 404, "error"),
        ("demote", 403, "error"),
    ],
)
def test_a_change_of_members_may_be_repeated(number: Number, op, code, status):
    number.network.answers = [participant(jid(JUAN.phone), error=code)]
    (result,) = number.bot.change_members(support, op, [juan])
    assert result.member == juan
    assert result.status == status


def test_a_member_known_by_a_hidden_address_is_still_the_one_we_asked_for(number: Number):
    number.bot._link.spool.learn(Addr.lid("77002"), juan)
    number.network.answers = [participant(juan_lid)]
    assert number.bot.change_members(support, "add", [juan]) == [MemberResult(juan)]


def test_a_group_as_it_is_without_us(number: Number):
    number.network.groups[support.value] = group(
        support.value,
        "Soporte",
        participant(jid(OUR_LID, "lid"), phone=jid(US), lid=jid(OUR_LID, "lid"), admin=True),
        participant(juan_lid, phone=jid(JUAN.phone), lid=juan_lid, admin=True),
        participant(jid("77003", "lid")),
    )
    info = number.bot.group_info(support)
    assert (info.group, info.name, info.me_admin) == (support, "Soporte", True)
    assert info.members == (Member(juan, True, Addr.lid("77002")), Member(Addr.lid("77003")))
    assert number.bot.list_groups() == [info]


def test_a_group_we_are_not_in(number: Number):
    number.network.refuses["get_group_info"] = "you're not participating in that group"
    with pytest.raises(NotInGroup):
        number.bot.group_info(support)


def test_whatsapps_unknown_error_is_its_limit_on_new_groups(number: Number):
    number.network.refuses["create_group"] = "info query returned status 500: internal-server-error"
    with pytest.raises(GroupCreationLimited):
        number.bot.create_group("Soporte", [juan])
    number.network.refuses["create_group"] = "info query timed out"
    with pytest.raises(OutcomeUnknown):
        number.bot.create_group("Soporte", [juan])


def test_only_an_administrator_changes_members_and_invites(number: Number):
    number.network.refuses["update_group_participants"] = "info query returned status 403: forbidden"
    with pytest.raises(Rejected) as error:
        number.bot.change_members(support, "add", [juan])
    assert "administrador" in error.value.staff_text
    assert number.bot.invite_link(support) == "https://chat.whatsapp.com/AbC"
    number.network.refuses["get_group_invite_link"] = "you don't have the permission to get the group's invite link"
    with pytest.raises(Rejected):
        number.bot.invite_link(support)


def test_leaving_twice_is_fine(number: Number):
    number.bot.leave_group(support)
    number.network.refuses["leave_group"] = "info query returned status 404: item-not-found"
    number.bot.leave_group(support)
    assert [name for name, _ in number.network.called] == ["leave_group", "leave_group"]
