"""The mode changes at once, with its trace."""

import pytest

from backoffice.catalog.models import Zone
from backoffice.common.errors import DomainError
from backoffice.common.models import Activity, ConfigRevision
from backoffice.operations.models import BotControl
from backoffice.operations.services import ask_restart, change_mode

pytestmark = pytest.mark.django_db


def test_elena_activates_the_emergency_for_a_zone(elena):
    centro = Zone.objects.create(name="Centro")
    revision = ConfigRevision.current()
    change_mode(mode="emergencia", by=elena, emergency_text=" Hay un corte. ", every=45, zones=[centro])
    control = BotControl.objects.get()
    assert (control.mode, control.emergency_text, control.emergency_every) == ("emergencia", "Hay un corte.", 45)
    assert list(control.emergency_zones.all()) == [centro]
    assert control.changed_by == elena
    assert control.changed_at is not None
    assert ConfigRevision.current() > revision
    audit = control.history.latest()
    assert (audit.history_user, audit.mode, audit.history_change_reason) == (elena, "emergencia", "Zonas: Centro")
    assert Activity.objects.get(kind="mode").text == "Elena Soto activó Modo Emergencia"


def test_changing_only_the_text_does_not_move_since_when(elena):
    since = change_mode(mode="emergencia", by=elena).changed_at
    control = change_mode(mode="emergencia", by=None, emergency_text="Otro texto")
    assert (control.changed_at, control.changed_by) == (since, elena)
    assert Activity.objects.count() == 1


def test_everybody_again(elena):
    change_mode(mode="emergencia", by=elena, zones=[Zone.objects.create(name="Centro")])
    control = change_mode(mode="emergencia", by=elena, zones=[])
    assert not control.emergency_zones.exists()
    assert control.history.latest().history_change_reason == "Zonas: todas"


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"mode": "fiesta"}, "mode"),
        ({"mode": "emergencia", "emergency_text": "  "}, "emergency_text"),
        ({"mode": "emergencia", "every": 0}, "every"),
        ({"mode": "emergencia", "every": 100_000}, "every"),
    ],
)
def test_a_wrong_change_changes_nothing(elena, asked, field):
    with pytest.raises(DomainError) as refused:
        change_mode(by=elena, **asked)
    assert refused.value.field == field
    assert BotControl.load().mode == BotControl.Mode.FULL
    assert not Activity.objects.exists()


def test_a_restart_is_asked_of_every_process(elena, channel):
    ask_restart(by=elena)
    asked = BotControl.load().restart_asked_at
    assert asked is not None
    assert Activity.objects.get().text == "Elena Soto pidió reiniciar el bot"
