"""Which versions of the menus the bot keeps at hand, and what they cost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backoffice.dialogs.models import Menu, MenuOption, MenuVersion
from backoffice.dialogs.prepare import prepare
from backoffice.dialogs.services import publish_as_it_is
from bot.snapshot import NO_MENUS, build

pytestmark = pytest.mark.django_db


def test_the_bot_offers_what_is_published_and_not_the_draft():
    prepare()
    option = MenuOption.objects.get(title="📞 Hablar con técnico")
    option.title = "📞 Hablar con alguien"
    option.save()
    titles = [one.title for one in build(1).rules.menus["principal"].options]
    assert titles[-1] == "📞 Hablar con técnico"
    publish_as_it_is(note="")
    titles = [one.title for one in build(1).rules.menus["principal"].options]
    assert titles[-1] == "📞 Hablar con alguien"


def test_hidden_options_are_not_offered_and_parents_are_known():
    prepare()
    MenuOption.objects.filter(title="📄 Solicitar factura").update(active=False)
    publish_as_it_is(note="")
    menus = build(1).rules.menus
    assert len(menus["principal"].options) == 3
    assert menus["problemas"].parent == "principal"
    assert menus["problemas"].options[-1].fields[2].required is False


def test_before_the_first_version_nothing_is_offered():
    Menu.objects.create(key="principal", title="Principal", is_root=True)
    rules = build(1).rules
    assert (rules.menus, rules.root, rules.version) == (NO_MENUS.menus, NO_MENUS.root, 0)


def test_versions_that_nobody_can_be_walking_are_let_go():
    prepare()
    for _ in range(3):
        publish_as_it_is(note="")
    now = timezone.now()
    for number, hours in ((1, 90), (2, 80), (3, 30), (4, 1)):
        MenuVersion.objects.filter(number=number).update(published_at=now - timedelta(hours=hours))
    assert list(build(1).rules.books) == [4, 3], "the third was in force until an hour ago"


def test_many_versions_cost_no_more_than_one(django_assert_max_num_queries):
    prepare()
    build(1)  # makes the company's rows
    with django_assert_max_num_queries(15) as one:
        build(1)
    for _ in range(30):
        publish_as_it_is(note="")
    with django_assert_max_num_queries(len(one)):
        assert len(build(1).rules.books) == 20
