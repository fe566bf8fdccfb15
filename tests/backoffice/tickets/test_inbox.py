"""The list at the desk and the chat as it is read: whose each one is, what is new, in what order."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from backoffice.accounts.models import User
from backoffice.conversations import services as conversations
from backoffice.conversations.models import Conversation, Label
from backoffice.tickets import inbox, services, timeline
from backoffice.tickets.selectors import takers
from tests.backoffice import desk
from tests.cast import LUCIA, Person


@pytest.fixture
def elena(db: None) -> User:
    user = User.objects.create(username="elena", first_name="Elena", last_name="Soto", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="take_ticket"))
    return user


@pytest.fixture
def lucia(channel) -> Conversation:
    return desk.chat_of(channel, LUCIA)


def _writes(chat: Conversation, text: str = "hola") -> int:
    message = desk.writes(chat, text)
    Conversation.objects.filter(pk=chat.pk).update(last_message_at=timezone.now())
    return message.pk


def _names(user: User, which: str = "", **more) -> list[str]:
    return [str(row.chat) for row in inbox.rows_of(list(inbox.chats(user=user, which=which, **more)), user)]


def test_mine_those_that_wait_and_all(maria, lucia, juan, elena, channel):
    for chat in (maria, lucia, desk.chat_of(channel, Person("Pedro", "5492618880000"))):
        _writes(chat)
    services.take_in_panel(ticket=desk.case(maria), user=elena)
    desk.case(lucia)
    assert _names(elena, inbox.MINE) == ["María González"]
    assert _names(elena, inbox.WAITING) == ["Lucía Paz"]
    assert _names(elena) == ["Pedro", "Lucía Paz", "María González"]
    assert inbox.figures(elena) == inbox.Figures(mine=1, waiting=1)


def test_whoever_waits_longest_is_first_and_the_urgent_before(maria, lucia, channel, elena):
    angry = desk.chat_of(channel, Person("Pedro", "5492618880000"))
    for chat, values in ((maria, {}), (lucia, {}), (angry, {"sentiment": "enojado"})):
        _writes(chat)
        desk.case(chat, **values)
    assert _names(elena, inbox.WAITING) == ["Pedro", "María González", "Lucía Paz"]


def test_what_an_agent_has_in_a_group_is_theirs_at_the_panel_too(maria, juan, elena):
    _writes(maria)
    juan.user = elena
    juan.save()
    services.take(ticket=desk.case(maria), agent=juan)
    [row] = inbox.rows_of(list(inbox.chats(user=elena, which=inbox.MINE)), elena)
    assert (row.attended_by, row.is_mine, row.unread) == ("Juan Pérez", False, 0)


def test_what_she_wrote_and_elena_has_not_seen_is_counted(maria, elena):
    _writes(maria)
    services.take_chat(conversation=maria, contact=maria.contact, user=elena)
    _writes(maria, "¿sigue ahí?")
    last = _writes(maria, "hola?")
    [row] = inbox.rows_of(list(inbox.chats(user=elena)), elena)
    assert (row.unread, row.words, inbox.unread_chats(elena)) == (2, "hola?", 1)
    conversations.mark_read(contact=maria.contact, user=elena, upto=last)
    conversations.mark_read(contact=maria.contact, user=elena, upto=1)  # a mark only goes forward
    assert inbox.unread_chats(elena) == 0


def test_a_label_finds_its_people(maria, lucia, elena):
    for chat in (maria, lucia):
        _writes(chat)
    conversations.set_labels(contact=maria.contact, labels=[], new=" obra  nueva ")
    conversations.set_labels(contact=maria.contact, labels=[Label.objects.get().pk], new="OBRA NUEVA")
    assert Label.objects.get().name == "obra nueva"
    assert _names(elena, label=Label.objects.get().pk) == ["María González"]
    conversations.set_labels(contact=maria.contact, labels=[])
    assert _names(elena, label=Label.objects.get().pk) == []


def test_the_list_costs_the_same_however_long_it_is(channel, elena, django_assert_max_num_queries):
    for number in range(20):
        chat = desk.chat_of(channel, Person(f"Persona {number}", f"549261888{number:04d}"))
        _writes(chat)
        if number % 2:
            services.take_chat(conversation=chat, contact=chat.contact, user=elena)
    with django_assert_max_num_queries(7):
        inbox.rows_of(list(inbox.chats(user=elena)), elena)


def test_the_chat_has_notes_and_changes_of_hands_in_their_place(maria, elena):
    desk.writes(maria, "uno")
    ticket = services.take_chat(conversation=maria, contact=maria.contact, user=elena)
    services.note(ticket=ticket, actor="Elena Soto", text="llamar mañana")
    services.reply_from_panel(ticket=ticket, user=elena, text="dos")
    told = [item.message.text if item.message else item.event.kind for item in timeline.screen(maria.contact).items]
    assert told == ["uno", "opened", "taken", "note", "dos"]


def test_a_long_chat_is_read_by_screens_without_a_gap(maria, elena):
    start = timezone.now() - timedelta(hours=9)
    for number in range(130):
        desk.writes(maria, f"{number:03d}", created_at=start + timedelta(minutes=number))
    seen: list[str] = []
    before = None
    while True:
        found = timeline.screen(maria.contact, before=before)
        seen = [item.message.text for item in found.items if item.message] + seen
        before = found.older
        if before is None:
            break
    assert seen == [f"{number:03d}" for number in range(130)]


def test_the_cheap_question_is_answered_as_the_whole_screen(maria, elena, django_assert_num_queries):
    for number in range(70):
        desk.writes(maria, str(number))
    services.take_chat(conversation=maria, contact=maria.contact, user=elena)
    shown = timeline.screen(maria.contact)
    with django_assert_num_queries(2):
        assert timeline.version(maria.contact) == shown.version
    services.note(ticket=maria.tickets.get(), actor="Elena", text="ojo")
    noted = timeline.version(maria.contact)
    assert noted != shown.version
    sent = services.reply_from_panel(ticket=maria.tickets.get(), user=elena, text="hola")
    written = timeline.version(maria.contact)
    maria.messages.filter(pk=sent.pk).update(status="read")
    assert len({noted, written, timeline.version(maria.contact)}) == 3


def test_who_may_be_given_a_case(elena, django_user_model):
    django_user_model.objects.create(username="mira", is_staff=True)
    django_user_model.objects.create(username="afuera", is_superuser=True)
    assert [(user.username, user.cases) for user in takers()] == [("elena", 0)]
