"""While somebody attends from the panel the bot is silent and no group hears of it; afterwards it goes on (AMB-08)."""

from backoffice.accounts.models import User
from backoffice.conversations.models import Conversation
from backoffice.tickets import services
from tests.story import StoryHere


def test_elena_attends_from_the_panel_and_leaves_her_with_the_bot(story: StoryHere) -> None:
    story.maria.says("hola")
    story.everybody_reads()
    chat = Conversation.objects.get(contact__phone_key=story.maria.person.key)
    elena = User.objects.get(username="elena")
    ticket = services.take_chat(conversation=chat, contact=chat.contact, user=elena)
    story.maria.says("quiero hablar con una persona")
    assert story.maria.hears_nothing()
    assert story.juan.hears_nothing(story.support)
    services.reply_from_panel(ticket=ticket, user=elena, text="Hola María, soy Elena")
    story.goes_on()
    assert story.maria.hears() == "Hola María, soy Elena"
    services.give_back(ticket=ticket, actor="Elena Soto", holder=elena)
    story.goes_on()
    assert story.maria.hears().startswith("Sigo yo por acá")
    assert "Consultar estado de cuenta" in story.maria.asks("menú")
