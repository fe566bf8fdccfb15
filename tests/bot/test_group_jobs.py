"""Groups are made one change at a time, whatever fails in between, and staff see how it goes."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from backoffice.agents import services
from backoffice.agents.models import Agent, AttentionSettings, GroupMember, RegistrationRequest, WhatsAppGroup
from backoffice.channels.models import Channel
from backoffice.common.models import Job
from backoffice.common.services import jobs
from backoffice.conversations.models import Conversation
from bot import group_jobs
from bot.group_jobs import retry_at, run_due
from integrations.errors import BadCredentials, OutcomeUnknown, Rejected, Throttled, Unavailable
from integrations.whatsapp.base import Cap, GroupCreationLimited, NotConnected
from tests.backoffice import desk
from tests.bot.network import EVERYTHING, Network
from tests.cast import JUAN

LIMITED = GroupCreationLimited(after=timedelta(seconds=90))


@pytest.fixture
def channel(db: None) -> Channel:
    return desk.open_for_business()


@pytest.fixture
def network() -> Network:
    return Network()


def new_juan(count: int = 3) -> Agent:
    return services.create_agent(name=JUAN.name, phone=JUAN.phone, group_count=count)


def works(channel: Channel, network: Network, now: datetime | None = None, *, most: int = 80) -> datetime:
    """Let the channel's process go on until nothing is due within a day; the moment it ended."""
    now = now or timezone.now() + timedelta(seconds=1)
    for _ in range(most):
        if run_due(channel, network.transport, now):
            continue
        due = Job.objects.filter(state__in=jobs.OPEN).order_by("not_before").values_list("not_before", flat=True)
        if not due or due[0] > now + timedelta(days=1):
            return now
        now = max(now, due[0]) + timedelta(seconds=1)
    raise AssertionError("the jobs do not come to rest")


def steps(agent: Agent) -> list[tuple[str, str]]:
    job = Job.objects.get(subject=f"agent:{agent.pk}")
    return [(one["text"], one["state"]) for one in job.steps]


def test_juan_gets_three_groups_and_is_asked_for_listo(channel, network):
    support = desk.group(channel, "support", "Soporte")
    network.groups["Soporte"] = {"name": "Soporte", "members": {}, "admins": set()}
    juan = new_juan()
    works(channel, network)
    made = [group for group in network.groups.values() if group["name"].startswith("Chat soporte Juan N°")]
    assert len(made) == 3
    assert all(JUAN.phone in group["members"] and JUAN.phone in group["admins"] for group in network.groups.values())
    assert steps(juan) == [
        ("Paso 1/4: Creando agente en base de datos...", "done"),
        ("Paso 2/4: Creando 3 grupos de WhatsApp...", "done"),
        ("Paso 3/4: Configurando permisos de grupos...", "done"),
        ("Paso 4/4: Agregando agente a grupos...", "done"),
        ("✅ ¡Agente Juan Pérez creado con 3 grupos!", "done"),
    ]
    assert Job.objects.get(subject=f"agent:{juan.pk}").state == "done"
    assert RegistrationRequest.objects.get().message.conversation == support.conversation
    assert set(juan.groups.values_list("state", flat=True)) == {"ready"}


def test_the_steps_are_seen_as_they_go(channel, network):
    juan = new_juan(2)
    now = timezone.now() + timedelta(seconds=1)
    seen = []
    while run_due(channel, network.transport, now):
        seen.append(steps(juan)[-1][0])
        now += timedelta(seconds=1)
    assert seen[0] == "Paso 2/4: Creando 2 grupos de WhatsApp... (0/2)"
    assert seen[1] == "Paso 2/4: Creando 2 grupos de WhatsApp... (1/2)"
    assert seen[2].startswith("Paso 3/4")
    assert seen[-1] == "✅ ¡Agente Juan Pérez creado con 2 grupos!"


def test_each_step_makes_at_most_one_change_outside(channel, network):
    new_juan(2)
    now = timezone.now() + timedelta(seconds=1)
    before = 0
    while run_due(channel, network.transport, now):
        assert len(network.calls) - before <= 1
        before, now = len(network.calls), now + timedelta(seconds=1)


def test_unknown_error_waits_a_minute_or_two_and_goes_on(channel, network):
    juan = new_juan(1)
    network.failing = [LIMITED]
    start = timezone.now() + timedelta(seconds=1)
    run_due(channel, network.transport, start)
    job = Job.objects.get()
    assert timedelta(seconds=90) <= job.not_before - start <= timedelta(seconds=120)
    assert "Se reintenta a las" in job.error
    assert not run_due(channel, network.transport, start + timedelta(seconds=59))
    works(channel, network, start)
    assert steps(juan)[-1][0] == "✅ ¡Agente Juan Pérez creado con 1 grupo!"


def test_when_it_never_works_staff_are_told_and_may_lower_the_number(channel, network):
    juan = new_juan(3)
    network.failing = [None, *[LIMITED] * (group_jobs.GIVE_UP + 1)]
    works(channel, network)
    assert sorted(juan.groups.values_list("state", flat=True)) == ["failed", "failed", "ready"]
    assert steps(juan)[-1] == ("⚠️ Agente Juan Pérez: quedaron 1 de 3 grupos. Reintentá o bajá la cantidad.", "failed")
    services.change_group_count(agent=juan, count=1)
    assert juan.groups.exclude(state="retired").get().state == "ready"


def test_what_failed_is_tried_again_from_the_panel(channel, network):
    juan = new_juan(1)
    network.failing = [Rejected("no")]
    works(channel, network)
    assert juan.groups.get().state == "failed"
    services.retry_group(group=juan.groups.get())
    works(channel, network)
    assert juan.groups.get().state == "ready"


def test_a_crash_after_the_group_was_made_makes_no_second_one(channel, network):
    juan = new_juan(1)
    boom = RuntimeError("the process died")

    def die() -> None:
        network.after_creating = lambda: None
        raise boom

    network.after_creating = die
    start = timezone.now() + timedelta(seconds=1)
    with pytest.raises(RuntimeError):
        run_due(channel, network.transport, start)
    assert not run_due(channel, network.transport, start + timedelta(seconds=5))
    works(channel, network, start + group_jobs.LEASE + timedelta(seconds=1))
    assert len(network.groups) == 1
    assert juan.groups.get().state == "ready"


def test_where_a_repeated_creation_is_another_group_the_first_is_found_again(channel):
    network = Network(EVERYTHING & ~Cap.IDEMPOTENT_SEND)
    juan = new_juan(1)

    def answer_is_lost() -> None:
        network.after_creating = lambda: None
        raise OutcomeUnknown

    network.after_creating = answer_is_lost
    works(channel, network)
    assert len(network.groups) == 1
    assert juan.groups.get().conversation.address == "g:1203630"
    assert GroupMember.objects.get(agent=juan).is_admin


def test_an_outcome_unknown_that_did_not_happen_is_made_then(channel):
    network = Network(EVERYTHING & ~Cap.IDEMPOTENT_SEND)
    juan = new_juan(1)
    network.failing = [OutcomeUnknown()]
    works(channel, network)
    assert juan.groups.get().state == "ready"


def test_somebody_who_refuses_being_added_gets_the_link_in_private(channel, network):
    juan = new_juan(1)
    network.refusing = {JUAN.phone: "needs_invite"}
    works(channel, network)
    member = GroupMember.objects.get(agent=juan)
    assert member.state == "invited"
    said = desk.said_in(desk.chat_of(channel, JUAN))
    assert "https://chat.whatsapp.com/1203630" in said[0]
    assert "REGISTRO DE NUEVO AGENTE" in said[1]


def test_somebody_without_whatsapp_is_shown_as_such(channel, network):
    juan = new_juan(1)
    network.refusing = {JUAN.phone: "not_on_whatsapp"}
    works(channel, network)
    member = GroupMember.objects.get(agent=juan)
    assert (member.state, member.error) == ("failed", "Ese número no tiene WhatsApp.")


def test_agents_are_not_made_administrators_when_the_settings_say_so(channel, network):
    settings = AttentionSettings.load()
    settings.make_admins = False
    settings.save()
    new_juan(1)
    works(channel, network)
    assert network.groups["1203630"]["admins"] == set()


def test_a_main_group_is_made_and_what_waited_is_announced(channel, network):
    ticket = desk.case(desk.chat_of(channel))
    group = services.create_main_group(kind="support", name="🎫 Soporte - FibraSur")
    works(channel, network)
    group.refresh_from_db()
    ticket.refresh_from_db()
    assert group.state == "ready"
    assert ticket.queue == group
    assert len(desk.said_in(group.conversation)) == 1


def test_the_first_member_of_an_empty_group_sees_what_waits(channel, network):
    desk.case(desk.chat_of(channel))
    group = services.create_main_group(kind="support", name="🎫 Soporte - FibraSur")
    works(channel, network)
    services.add_member(group=group, name=JUAN.name, phone=JUAN.phone)
    works(channel, network)
    group.refresh_from_db()
    assert len(desk.said_in(group.conversation)) == 2
    services.add_member(group=group, name="Ana Ruiz", phone="2615550102")
    works(channel, network)
    assert len(desk.said_in(group.conversation)) == 2


def test_members_are_added_as_administrators(channel, network):
    group = services.create_main_group(kind="sales", name="💰 Ventas - FibraSur")
    services.add_member(group=group, name=JUAN.name, phone=JUAN.phone)
    works(channel, network)
    assert GroupMember.objects.get().is_admin
    assert network.groups["1203630"]["admins"] == {JUAN.phone}


def test_somebody_is_taken_out(channel, network):
    group = services.create_main_group(kind="support", name="🎫 Soporte - FibraSur")
    member = services.add_member(group=group, name=JUAN.name, phone=JUAN.phone)
    works(channel, network)
    group.refresh_from_db()
    services.remove_member(group=group, agent=member.agent)
    works(channel, network)
    assert network.groups["1203630"]["members"] == {}


def test_a_group_we_were_taken_out_of_is_marked_and_the_rest_goes_on(channel, network):
    support = desk.group(channel, "support", "Soporte")
    juan = new_juan(1)
    works(channel, network)
    support.refresh_from_db()
    assert support.bot_removed
    assert GroupMember.objects.get(agent=juan, group=support).state == "failed"
    assert steps(juan)[-1][1] == "done"


def test_a_group_lost_is_made_anew_under_another_reference(channel, network):
    group = services.create_main_group(kind="support", name="🎫 Soporte - FibraSur")
    works(channel, network)
    group.refresh_from_db()
    first = group.conversation
    services.bot_removed(group=group)
    services.retry_group(group=group)
    works(channel, network)
    group.refresh_from_db()
    assert group.state == "ready"
    assert group.conversation != first


def test_with_no_connection_it_waits_and_counts_nothing(channel, network):
    new_juan(1)
    network.failing = [NotConnected()] * 20
    works(channel, network)
    assert WhatsAppGroup.objects.get().state == "ready"


def test_a_careful_number_waits_between_groups(channel, network):
    channel.policy = Channel.Policy.PRUDENT
    channel.save()
    new_juan(2)
    start = timezone.now() + timedelta(seconds=1)
    run_due(channel, network.transport, start)
    wait = Job.objects.get().not_before - start
    assert timedelta(seconds=60) <= wait < timedelta(seconds=120)


def test_a_job_belongs_to_its_number_and_to_one_process(channel, network):
    other = Channel.objects.create(name="Otro", kind="simulator", for_staff=False)
    new_juan(1)
    now = timezone.now() + timedelta(seconds=1)
    assert not run_due(other, network.transport, now)
    Job.objects.update(state="running", lease_until=now + timedelta(seconds=30), token="another")
    assert not run_due(channel, network.transport, now)


def test_an_agent_deleted_meanwhile_ends_the_job(channel, network):
    juan = new_juan(1)
    juan.delete()
    works(channel, network)
    assert Job.objects.get().state == "cancelled"
    assert network.groups == {}


def test_groups_lowered_while_they_are_made_are_not_made(channel, network):
    juan = new_juan(3)
    run_due(channel, network.transport, timezone.now() + timedelta(seconds=1))
    services.change_group_count(agent=juan, count=1)
    works(channel, network)
    assert len(network.groups) == 1
    assert steps(juan)[-1][0] == "✅ ¡Agente Juan Pérez creado con 1 grupo!"


def test_raising_later_tells_how_many_there_are(channel, network):
    juan = new_juan(1)
    works(channel, network)
    services.change_group_count(agent=juan, count=2)
    works(channel, network)
    job = Job.objects.filter(subject=f"agent:{juan.pk}").order_by("-pk").first()
    assert job is not None
    assert job.steps[0]["text"] == "Paso 1/4: Actualizando agente en base de datos..."
    assert job.steps[-1]["text"] == "✅ ¡Agente Juan Pérez ahora tiene 2 grupos!"
    assert Conversation.objects.filter(kind="group").count() == 2


NOW = datetime(2026, 11, 24, 13, 0, tzinfo=timezone.get_default_timezone())


@pytest.mark.parametrize(
    ("error", "attempts", "wait"),
    [
        (Unavailable(), 99, timedelta(seconds=20)),
        (Throttled(after=timedelta(0)), 1, timedelta(seconds=90)),
        (Throttled(after=timedelta(0)), 3, timedelta(seconds=90)),
        (Throttled(after=timedelta(0)), 4, timedelta(minutes=15)),
        (Throttled(after=timedelta(hours=6)), 1, timedelta(hours=6)),
        (OutcomeUnknown(), 2, timedelta(seconds=30)),
        (Throttled(after=timedelta(0)), 13, None),
        (Rejected(), 1, None),
        (BadCredentials(), 1, None),
    ],
)
def test_when_to_try_again(error, attempts, wait):
    again = retry_at(error, attempts=attempts, now=NOW, spread=30)
    assert again == (NOW + wait if wait else None)


def test_a_member_who_cannot_be_added_is_shown_with_the_reason_and_the_job_ends(channel, network):
    group = services.create_main_group(kind="support", name="🎫 Soporte - FibraSur")
    works(channel, network)
    services.add_member(group=group, name=JUAN.name, phone=JUAN.phone)
    network.failing = [BadCredentials("no")]
    works(channel, network)
    assert GroupMember.objects.get().error == BadCredentials.staff_text
    assert not Job.objects.filter(state__in=jobs.OPEN).exists()


def test_a_removal_that_is_refused_ends_as_failed(channel, network):
    group = services.create_main_group(kind="support", name="🎫 Soporte - FibraSur")
    member = services.add_member(group=group, name=JUAN.name, phone=JUAN.phone)
    works(channel, network)
    group.refresh_from_db()
    services.remove_member(group=group, agent=member.agent)
    network.failing = [BadCredentials("no")]
    works(channel, network)
    last = Job.objects.get(kind="remove_member")
    assert (last.state, last.error) == ("failed", BadCredentials.staff_text)


def test_a_main_group_that_cannot_be_made_says_so(channel, network):
    group = services.create_main_group(kind="support", name="🎫 Soporte - FibraSur")
    network.failing = [Rejected("no")]
    works(channel, network)
    group.refresh_from_db()
    assert (group.state, group.error) == ("failed", Rejected.staff_text)
    assert Job.objects.get().state == "failed"
