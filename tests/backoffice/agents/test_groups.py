"""Main groups are asked for by name; the bot makes them; people are put in and taken out."""

import pytest

from backoffice.agents import selectors, services
from backoffice.agents.models import Agent, GroupMember, WhatsAppGroup
from backoffice.channels.models import Channel
from backoffice.common.errors import DomainError
from backoffice.common.models import Activity, ConfigRevision, Job
from backoffice.common.services import jobs
from tests.backoffice import desk
from tests.cast import JUAN


def test_a_main_group_is_asked_for_and_the_bots_process_has_a_job(channel):
    group = services.create_main_group(kind="support", name="  🎫 Soporte   - FibraSur ")
    assert (group.name, group.state) == ("🎫 Soporte - FibraSur", "pending")
    job = Job.objects.get()
    assert (job.kind, job.owner, job.subject) == ("main_group", f"channel:{channel.pk}", f"group:{group.pk}")


@pytest.mark.parametrize("name", ["", "   ", "Grupo 1", "grupo", "Test", "prueba 2", "🎫", "x" * 101])
def test_names_that_say_nothing_are_refused_at_the_field(channel, name):
    with pytest.raises(DomainError) as refused:
        services.create_main_group(kind="support", name=name)
    assert refused.value.field == "name"
    assert not WhatsAppGroup.objects.exists()


@pytest.mark.parametrize("name", ["🎫 Soporte Técnico - UltraWiFi", "💰 Ventas Nuevos Clientes", "Soporte Nivel 1"])
def test_the_manuals_good_names_are_accepted(channel, name):
    assert services.create_main_group(kind="support", name=name).name == name


def test_a_long_name_is_warned_about_not_refused(channel):
    assert services.name_warning("🎫 Soporte") == ""
    assert "25" in services.name_warning("🎫 Soporte Técnico - UltraWiFi")


def test_several_queues_of_a_kind_but_no_two_with_one_name(channel):
    services.create_main_group(kind="support", name="Soporte Mañana")
    services.create_main_group(kind="support", name="Soporte Tarde")
    with pytest.raises(DomainError, match="Ya hay un grupo"):
        services.create_main_group(kind="sales", name="Soporte Tarde")


def test_a_personal_group_is_not_made_this_way(channel):
    with pytest.raises(DomainError):
        services.create_main_group(kind="personal", name="Chat soporte Juan")


def test_without_a_number_for_staff_it_says_so(channel):
    Channel.objects.update(for_staff=False)
    with pytest.raises(DomainError, match="No hay un canal"):
        services.create_main_group(kind="support", name="Soporte Mañana")


def test_a_group_that_is_made_gets_its_chat_once(channel):
    group = services.create_main_group(kind="support", name="Soporte Mañana")
    services.group_ready(group=group, channel=channel, address="g:1")
    services.group_ready(group=group, channel=channel, address="g:1")
    group.refresh_from_db()
    assert (group.state, group.conversation.address, group.conversation.title) == ("ready", "g:1", "Soporte Mañana")


def test_a_group_that_failed_is_tried_again(channel):
    group = services.create_main_group(kind="support", name="Soporte Mañana")
    services.group_failed(group=group, error="WhatsApp limita la creación de grupos")
    assert group.state == "failed"
    services.retry_group(group=group)
    assert group.state == "pending"
    assert Job.objects.filter(state__in=jobs.OPEN).count() == 1


def test_a_group_the_bot_was_taken_out_of_is_made_anew_with_its_people(channel):
    group = desk.group(channel, "support", "Soporte")
    juan = desk.agent(channel, JUAN, groups=0)
    services.bot_removed(group=group)
    old = group.conversation_id
    job = services.retry_group(group=group)
    assert (group.state, group.conversation, group.bot_removed) == ("pending", None, False)
    assert job.payload["after"] == {str(group.pk): old}
    assert GroupMember.objects.get(agent=juan).state == "pending"


def test_being_taken_out_is_told_once(channel):
    group = desk.group(channel, "support", "Soporte")
    services.bot_removed(group=group)
    services.bot_removed(group=group)
    assert Activity.objects.filter(text="Sacaron al bot del grupo «Soporte».").count() == 1


def test_somebody_is_added_by_name_and_phone_in_any_form(channel):
    group = desk.group(channel, "support", "Soporte")
    member = services.add_member(group=group, name="Juan Pérez", phone="0261 15 555-0101")
    assert (member.agent.phone, member.agent.phone_key) == ("+5492615550101", "2615550101")
    assert member.state == "pending"
    assert Job.objects.get().subject == f"group:{group.pk}"


@pytest.mark.parametrize("phone", ["2615550101", "5492615550101", "+54 9 261 555-0101", "5550101"])
def test_a_phone_we_know_is_that_agent_however_it_is_written(channel, phone):
    juan = desk.agent(channel, JUAN, groups=0)
    group = desk.group(channel, "sales", "Ventas")
    assert services.add_member(group=group, name="Juancito", phone=phone).agent == juan
    assert Agent.objects.count() == 1


def test_one_agent_may_be_in_several_groups_but_once_in_each(channel):
    support, sales = desk.group(channel, "support", "Soporte"), desk.group(channel, "sales", "Ventas")
    juan = desk.agent(channel, JUAN, groups=0)
    GroupMember.objects.filter(group=sales).delete()
    services.add_member(group=sales, agent=juan)
    with pytest.raises(DomainError, match="ya está en ese grupo"):
        services.add_member(group=support, agent=juan)


@pytest.mark.parametrize(
    ("name", "phone", "field"),
    [("", "2615550101", "name"), ("Juan", "hola", "phone"), ("J" * 61, "2615550101", "name")],
)
def test_bad_data_is_told_at_its_field(channel, name, phone, field):
    group = desk.group(channel, "support", "Soporte")
    with pytest.raises(DomainError) as refused:
        services.add_member(group=group, name=name, phone=phone)
    assert refused.value.field == field


def test_nobody_is_added_to_somebodys_seat(channel):
    juan = desk.agent(channel, JUAN, groups=1)
    with pytest.raises(DomainError):
        services.add_member(group=juan.groups.get(), name="Ana Ruiz", phone="2615550102")


def test_a_failed_member_is_tried_again_by_adding_them(channel):
    group = desk.group(channel, "support", "Soporte")
    member = services.add_member(group=group, name="Juan Pérez", phone="2615550101")
    services.record_member(member=member, state="failed", error="Ese número no tiene WhatsApp.")
    again = services.add_member(group=group, name="Juan Pérez", phone="2615550101")
    assert (again.pk, again.state, again.error) == (member.pk, "pending", "")


def test_taking_somebody_out_is_a_job_for_the_bot(channel):
    group = desk.group(channel, "support", "Soporte")
    juan = desk.agent(channel, JUAN, groups=0)
    job = services.remove_member(group=group, agent=juan)
    assert job is not None
    assert job.payload["address"] == "p:5492615550101"
    assert not GroupMember.objects.exists()
    with pytest.raises(DomainError):
        services.remove_member(group=group, agent=juan)


def test_whoever_enters_by_the_link_is_in(channel):
    group = desk.group(channel, "support", "Soporte")
    juan = desk.agent(channel, JUAN, groups=0)
    member = GroupMember.objects.get(agent=juan)
    services.invite(member=member, link="https://chat.whatsapp.com/abc")
    member.refresh_from_db()
    assert member.state == "invited"
    [text] = desk.said_in(desk.chat_of(channel, JUAN))
    assert "https://chat.whatsapp.com/abc" in text
    assert services.member_joined(group=group, phone_key=JUAN.key)
    assert not services.member_joined(group=group, phone_key="2610000000")
    member.refresh_from_db()
    assert member.state == "added"


def test_more_work_for_a_running_job_keeps_it_from_ending(channel):
    group = services.create_main_group(kind="support", name="Soporte Mañana")
    job = Job.objects.get()
    Job.objects.filter(pk=job.pk).update(state="running", token="mine")
    job.refresh_from_db()
    services.add_member(group=group, name="Juan Pérez", phone="2615550101")
    assert not jobs.finish(job=job, state="done", steps=[])
    assert not jobs.keep(job=job)
    job.refresh_from_db()
    assert job.state == "pending"


def test_the_page_reads_three_cards_in_few_queries(channel, django_assert_max_num_queries):
    desk.group(channel, "support", "Soporte")
    desk.agent(channel, JUAN)
    with django_assert_max_num_queries(3):
        cards = selectors.main_groups()
        members = [member.agent.name for card in cards for group in card.groups for member in group.members.all()]
    assert [(card.label, card.configured) for card in cards] == [
        ("Soporte", True),
        ("Ventas", False),
        ("Supervisor", False),
    ]
    assert members == ["Juan Pérez"]


def test_a_change_of_groups_is_a_change_of_configuration(channel):
    before = ConfigRevision.current()
    services.create_main_group(kind="support", name="Soporte Mañana")
    assert ConfigRevision.current() > before
