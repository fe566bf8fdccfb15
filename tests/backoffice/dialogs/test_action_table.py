"""The table of actions mirrors what this version of the bot can do (design 2)."""

import pytest

from backoffice.dialogs.models import ActionType
from backoffice.dialogs.services import synchronise_actions
from bot.actions import listed_actions

pytestmark = pytest.mark.django_db


def test_every_listed_action_can_be_picked():
    synchronise_actions(listed_actions())
    row = ActionType.objects.get(code="balance")
    assert (row.label, row.available) == ("💳 Estado de cuenta", True)
    assert row.help_text
    assert not ActionType.objects.filter(code="still_same").exists()


def test_again_changes_nothing_and_labels_follow_the_version():
    ActionType.objects.create(code="balance", label="balance")
    synchronise_actions(listed_actions())
    first = list(ActionType.objects.values())
    synchronise_actions(listed_actions())
    assert list(ActionType.objects.values()) == first


def test_what_the_bot_can_no_longer_do_is_flagged_and_kept():
    ActionType.objects.create(code="fax", label="Mandar un fax")
    synchronise_actions(listed_actions())
    assert not ActionType.objects.get(code="fax").available


def test_labels_and_help_fit_their_columns():
    for spec in listed_actions():
        ActionType(code=spec.code, label=spec.label, help_text=spec.help).full_clean()
