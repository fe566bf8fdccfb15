"""Every sentence of the bot: complete, honest about its blanks, and editable."""

import ast
from pathlib import Path

import pytest

from backoffice.company.models import Company
from backoffice.dialogs import texts
from backoffice.dialogs.models import BotText

BOT = Path(__file__).parents[3] / "bot"
SPOKEN = ("say", "text")


def test_no_sentence_is_defined_twice():
    from backoffice.dialogs.texts import customer, desk, prompts, shell

    everything = [*customer.SENTENCES, *desk.SENTENCES, *shell.SENTENCES, *prompts.SENTENCES]
    assert len({one.key for one in everything}) == len(everything)


def test_every_sentence_fits_its_row_and_says_where_it_is_said():
    for sentence in texts.SENTENCES.values():
        assert len(sentence.key) <= BotText._meta.get_field("key").max_length
        assert sentence.default.strip()
        assert sentence.where.strip()


def test_the_defaults_use_only_their_own_blanks():
    for key, text in texts.defaults().items():
        assert texts.unknown_blanks(key, text) == [], key


def spoken_keys() -> set[str]:
    """Every literal key that the bot's code says."""
    keys = set()
    for path in BOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            value = node.args[0].value
            if name in SPOKEN and isinstance(value, str) and "." in value and " " not in value:
                keys.add(value)
    return keys


def test_every_sentence_that_the_bot_says_exists():
    said = spoken_keys()
    assert "balance.owed" in said
    assert said <= set(texts.SENTENCES)


def test_every_quick_reply_has_its_title():
    offered = set()
    for path in BOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "offer":
                offered |= {f"offer.{arg.value}" for arg in node.args if isinstance(arg, ast.Constant)}
    assert "offer.pay" in offered
    assert offered <= set(texts.SENTENCES)


def test_a_staffs_text_may_use_the_company_and_its_own_blanks_only():
    assert texts.unknown_blanks("greeting.known", "Hola {nombre}, somos {empresa}") == []
    assert texts.unknown_blanks("greeting.known", "Hola {nombre} {apellido} {apellido} {x}") == ["apellido", "x"]


@pytest.mark.django_db
def test_what_staff_wrote_wins_over_the_default():
    BotText.objects.create(key="greeting.known", text="¡Hola, {nombre}!")
    BotText.objects.create(key="gone.sentence", text="vieja")
    everything = texts.all_texts()
    assert everything["greeting.known"] == "¡Hola, {nombre}!"
    assert everything["talk.bye"] == texts.SENTENCES["talk.bye"].default
    assert "gone.sentence" not in everything


@pytest.mark.django_db
def test_services_render_with_the_companys_name(django_assert_num_queries):
    Company.load()
    Company.objects.update(name="FibraSur")
    with django_assert_num_queries(2):
        assert texts.render("greeting.stranger").endswith("asistente virtual de FibraSur.")
    BotText.objects.create(key="greeting.known", text="¡{nombre}! De {empresa}")
    assert texts.render("greeting.known", nombre="María") == "¡María! De FibraSur"


@pytest.mark.django_db
def test_an_unknown_sentence_is_a_defect():
    with pytest.raises(KeyError):
        texts.render("no.such.sentence")
