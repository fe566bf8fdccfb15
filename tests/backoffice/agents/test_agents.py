"""Agents, their seats, and the LISTO that binds a number to a person."""

import pytest
from django.utils import timezone

from backoffice.agents import selectors, services
from backoffice.agents.errors import AlreadyRegistered, WrongNumber
from backoffice.agents.models import Agent, GroupMember, RegistrationRequest, WhatsAppGroup
from backoffice.common.errors import DomainError
from backoffice.common.models import Job
from backoffice.conversations.models import Contact
from backoffice.tickets import services as tickets
from tests.backoffice import desk
from tests.cast import ANA, JUAN, LUCIA, MARIA


def new_agent(**values) -> Agent:
    return services.create_agent(**({"name": "Juan Pérez", "phone": "2615550101", "group_count": 3} | values))


def names(agent: Agent) -> list[str]:
    return [group.name for group in agent.groups.exclude(state="retired").order_by("number")]


def test_juan_has_three_groups_to_come_and_the_first_step_is_done(channel):
    juan = new_agent()
    assert names(juan) == ["Chat soporte Juan N°1", "Chat soporte Juan N°2", "Chat soporte Juan N°3"]
    assert {group.state for group in juan.groups.all()} == {"pending"}
    job = selectors.last_job(f"agent:{juan.pk}")
    assert job is not None
    assert job.steps == [
        {"text": "Paso 1/4: Creando agente en base de datos...", "state": "done"},
        {"text": "Paso 2/4: Creando 3 grupos de WhatsApp...", "state": "running"},
    ]


def test_a_second_juan_is_told_apart(channel):
    new_agent()
    other = new_agent(name="Juan Gómez", phone="2615550109", group_count=1)
    same = new_agent(name="Juan Pérez", phone="2615550108", group_count=1)
    assert names(other) == ["Chat soporte Juan Gómez N°1"]
    assert names(same) == ["Chat soporte Juan Pérez 0108 N°1"]


def test_the_only_soporte_group_gets_the_new_agent(channel):
    support = desk.group(channel, "support", "Soporte")
    juan = new_agent()
    assert GroupMember.objects.filter(agent=juan, group=support, state="pending").exists()


def test_with_several_queues_whoever_creates_chooses(channel):
    desk.group(channel, "support", "Soporte Mañana")
    night = desk.group(channel, "support", "Soporte Noche")
    assert not GroupMember.objects.filter(agent=new_agent()).exclude(group__kind="personal").exists()
    ana = new_agent(name="Ana Ruiz", phone="2615550102", main_groups=[night])
    assert GroupMember.objects.get(agent=ana, group__kind="support").group == night


def test_a_member_of_a_queue_becomes_a_whole_agent(channel):
    support = desk.group(channel, "support", "Soporte")
    member = services.add_member(group=support, name="Juan", phone="2615550101")
    juan = new_agent()
    assert juan.pk == member.agent_id
    assert juan.name == "Juan Pérez"
    with pytest.raises(DomainError) as refused:
        new_agent()
    assert refused.value.field == "phone"


@pytest.mark.parametrize("count", [0, 21, -1])
def test_a_silly_number_of_groups_is_refused_and_nothing_is_made(channel, count):
    with pytest.raises(DomainError) as refused:
        new_agent(group_count=count)
    assert refused.value.field == "group_count"
    assert not Agent.objects.exists()


def test_raising_asks_the_bot_for_more(channel):
    juan = desk.agent(channel, JUAN, groups=2)
    services.change_group_count(agent=juan, count=4)
    assert names(juan)[2:] == ["Chat soporte Juan N°3", "Chat soporte Juan N°4"]
    assert Job.objects.get().steps[0]["text"] == "Paso 1/4: Actualizando agente en base de datos..."


def test_lowering_frees_only_idle_groups(channel):
    desk.group(channel, "support", "Soporte")
    juan = desk.agent(channel, JUAN, groups=3)
    seat = tickets.take(ticket=desk.case(desk.chat_of(channel)), agent=juan)
    services.change_group_count(agent=juan, count=1)
    assert names(juan) == [seat.name]
    assert desk.said_in(juan.groups.get(number=3).conversation) == ["Este grupo ya no recibe casos."]


def test_lowering_below_the_cases_in_hand_is_refused_and_changes_nothing(channel):
    desk.group(channel, "support", "Soporte")
    juan = desk.agent(channel, JUAN, groups=3)
    for person in (MARIA, LUCIA):
        tickets.take(ticket=desk.case(desk.chat_of(channel, person)), agent=juan)
    with pytest.raises(DomainError, match="está atendiendo 2 casos: cerrá alguno con /fin") as refused:
        services.change_group_count(agent=juan, count=1)
    assert refused.value.field == "group_count"
    juan.refresh_from_db()
    assert (juan.group_count, len(names(juan))) == (3, 3)


def test_groups_that_could_not_be_made_go_first(channel):
    juan = desk.agent(channel, JUAN, groups=3)
    WhatsAppGroup.objects.filter(agent=juan, number=1).update(state="failed")
    services.change_group_count(agent=juan, count=2)
    assert names(juan) == ["Chat soporte Juan N°2", "Chat soporte Juan N°3"]


def test_retired_groups_come_back_before_new_ones_are_made(channel):
    juan = desk.agent(channel, JUAN, groups=3)
    services.change_group_count(agent=juan, count=1)
    services.change_group_count(agent=juan, count=3)
    assert juan.groups.filter(state="ready").count() == 3
    assert not Job.objects.exists()


def test_what_changes_is_in_the_history(channel):
    juan = desk.agent(channel, JUAN, groups=2)
    services.change_group_count(agent=juan, count=1)
    assert juan.groups.get(number=2).history.first().state == "retired"
    assert juan.history.first().group_count == 1


def test_an_inactive_agent_keeps_their_seats(channel):
    juan = desk.agent(channel, JUAN)
    services.set_active(agent=juan, active=False)
    juan.refresh_from_db()
    assert (juan.active, len(names(juan))) == (False, 3)


def test_a_new_number_must_say_listo_again(channel):
    juan = desk.agent(channel, JUAN)
    services.change_agent(agent=juan, name="Juan Pérez", phone="2615550199")
    assert (juan.registered_at, juan.phone_key) == (None, "2615550199")
    assert set(juan.memberships.values_list("state", flat=True)) == {"pending"}


def test_the_same_number_written_otherwise_changes_nothing(channel):
    juan = desk.agent(channel, JUAN)
    services.change_agent(agent=juan, name="Juan P. Pérez", phone="0261 15 5550101")
    assert juan.registered_at is not None
    desk.agent(channel, ANA)
    with pytest.raises(DomainError):
        services.change_agent(agent=juan, name="Juan", phone="2615550102")


def test_listo_is_asked_in_soporte_in_the_words_of_the_manual(channel):
    desk.group(channel, "sales", "Ventas")
    support = desk.group(channel, "support", "Soporte")
    request = services.ask_registration(agent=desk.agent(channel, JUAN, registered=False))
    assert request.message.conversation == support.conversation
    assert request.message.text == (
        "🤖 REGISTRO DE NUEVO AGENTE\nAgente: Juan Pérez\nGrupos creados: 3\n"
        '@JuanPerez, responde "LISTO" a este mensaje para completar tu registro.'
    )


def test_a_sales_agent_is_asked_in_ventas_and_one_with_no_queue_in_private(channel):
    juan = desk.agent(channel, JUAN, registered=False)
    assert services.ask_registration(agent=juan).message.conversation.contact.phone_key == JUAN.key
    sales = desk.group(channel, "sales", "Ventas")
    ana = desk.agent(channel, ANA, registered=False)
    assert services.ask_registration(agent=ana).message.conversation == sales.conversation


def test_listo_binds_the_number_and_welcomes(channel):
    support = desk.group(channel, "support", "Soporte")
    juan = desk.agent(channel, JUAN, registered=False)
    services.ask_registration(agent=juan)
    contact = Contact.objects.get(phone_key=JUAN.key)
    services.register(agent=juan, contact=contact, conversation=support.conversation)
    juan.refresh_from_db()
    assert juan.contact == contact
    assert juan.registered_at is not None
    assert desk.said_in(support.conversation)[-1] == (
        "✅ ¡Registro completado!\nBienvenido Juan Pérez\nTus 3 grupos de atención están listos.\n"
        "Ya puedes comenzar a tomar casos respondiendo a los tickets."
    )
    with pytest.raises(AlreadyRegistered):
        services.register(agent=juan, contact=contact)


def test_the_welcome_is_said_where_listo_was_asked(channel):
    support = desk.group(channel, "support", "Soporte")
    juan = desk.agent(channel, JUAN, registered=False)
    services.ask_registration(agent=juan)
    services.register(agent=juan, contact=Contact.objects.get(phone_key=JUAN.key))
    assert len(desk.said_in(support.conversation)) == 2


def test_another_number_cannot_say_listo_for_juan(channel):
    desk.group(channel, "support", "Soporte")
    juan = desk.agent(channel, JUAN, registered=False)
    lucia = desk.chat_of(channel, LUCIA).contact
    with pytest.raises(WrongNumber, match="Juan Pérez"):
        services.register(agent=juan, contact=lucia)
    juan.refresh_from_db()
    assert juan.registered_at is None


def test_a_hidden_number_is_believed_unless_it_is_already_somebody(channel):
    support = desk.group(channel, "support", "Soporte")
    juan = desk.agent(channel, JUAN, registered=False)
    hidden = Contact.objects.create()
    services.register(agent=juan, contact=hidden, conversation=support.conversation)
    hidden.refresh_from_db()
    assert hidden.name == "Juan Pérez"
    ana = desk.agent(channel, ANA, registered=False)
    with pytest.raises(WrongNumber):
        services.register(agent=ana, contact=hidden)


def test_agents_are_listed_with_their_seats(channel):
    desk.group(channel, "support", "Soporte")
    juan = desk.agent(channel, JUAN)
    tickets.take(ticket=desk.case(desk.chat_of(channel)), agent=juan)
    [row] = selectors.agents()
    assert (row.made, row.asked, row.busy) == (3, 3, 1)
    assert selectors.last_job("agent:0") is None
    assert str(RegistrationRequest(agent=juan, asked_at=timezone.now())) == "Registro de Juan Pérez"
