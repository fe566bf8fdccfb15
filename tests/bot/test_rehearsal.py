"""«Probalo como cualquier cliente»: the real answers, over menus that nobody published, and nothing is written."""

import json
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from backoffice.customers.models import Customer
from backoffice.dialogs.models import MenuOption
from backoffice.dialogs.rehearsal import Reply, packed, stage, unpacked
from backoffice.dialogs.selectors import draft
from tests.story import StoryHere


class Trial:
    """A talk over the draft. The dialogue travels as the page carries it."""

    def __init__(self, customer: str = "") -> None:
        found = Customer.objects.get(name=customer).pk if customer else None
        self.carried = packed({"customer": found})

    def says(self, text: str, choice: str = "") -> Reply:
        reply, after = stage().answer(draft(), unpacked(self.carried), text, choice)
        self.carried = packed(json.loads(json.dumps(after)))
        return reply


def dialogue(trial: Trial) -> dict[str, Any]:
    return unpacked(trial.carried)


def test_a_customer_reads_the_very_words_of_the_bot(story: StoryHere):
    trial = Trial("María González")
    assert trial.says("hola").text == story.maria.asks("hola")
    assert trial.says("2").text == story.maria.asks("2")
    assert trial.says("menú").text == story.maria.asks("menú")


def test_it_walks_the_draft_and_writes_nothing(story: StoryHere):
    option = MenuOption.objects.get(title="📞 Hablar con técnico")
    option.title, option.action_id, option.text = "🎁 Promos", "reply", "Este mes, 50 %"
    option.save()
    trial = Trial("María González")
    with CaptureQueriesContext(connection) as asked:
        assert "*4.* 🎁 Promos" in trial.says("hola").text
        assert trial.says("4").text.startswith("Este mes, 50 %")
    assert not [one["sql"] for one in asked if not one["sql"].startswith("SELECT")]
    assert "Promos" not in story.maria.asks("hola")


def test_somebody_unknown_is_asked_who_they_are_and_then_told(story: StoryHere):
    trial = Trial()
    assert "Soy el asistente" in trial.says("hola").text
    assert "DNI" in trial.says("2").text
    maria = Customer.objects.get(name="María González")
    told = trial.says(f"{maria.document} {maria.code}")
    assert "María" in told.text
    assert told.notes == ("Queda identificado como cliente",)
    assert dialogue(trial)["customer"] == maria.pk


def test_a_ticket_is_only_told(story: StoryHere):
    trial = Trial("María González")
    trial.says("hola")
    reply = trial.says("4")
    assert reply.notes == ("Se crearía un ticket para Soporte: «📞 Hablar con técnico»",)
    assert trial.says("es urgente, sigo sin servicio").notes == ("Lo que escribió se sumaría al ticket que espera",)
    assert "1" in trial.says("quiero hablar con una persona").text, "the number that it would have"
    assert story.do("count_tickets") == 0


def test_an_option_is_chosen_by_its_button_and_many_tries_are_no_loop(story: StoryHere):
    trial = Trial("María González")
    key, title = trial.says("hola").options[1]
    for _ in range(25):
        assert "$ 18.500,00" in trial.says(title, key).text


def test_a_stopped_bot_can_be_tried(story: StoryHere):
    story.do("set_mode", mode="parado")
    assert "Hola María" in Trial("María González").says("hola").text


def test_the_preview_shows_a_menu_and_what_an_option_does(story: StoryHere):
    tree = draft()
    assert stage().look(tree, "problemas").text.endswith("*6.* ↩️ Volver")
    menu, option = next((menu, one) for menu, one in tree.options() if one.action == "reply")
    assert stage().choose(tree, menu.key, option.key).text.startswith("Te explico cómo cambiarla")
