"""The folder of copies: what it lists, what goes by age, and one at a time."""

import os
import threading
from datetime import UTC, datetime, timedelta

import pytest

from backoffice.common.errors import DomainError
from backoffice.safekeeping.backups import folder
from backoffice.safekeeping.backups.manifest import Kind
from tests.backoffice.safekeeping.backups.copies import kept, small

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NIGHT = datetime(2026, 11, 1, 6, tzinfo=UTC)


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.BACKUP_DIR = tmp_path / "copias"
    return settings.BACKUP_DIR


def night(number: int, **more) -> folder.Copy:
    return kept(f"mostrador-{number:02}.tar", NIGHT + timedelta(days=number), **more)


def names() -> list[str]:
    return [copy.name for copy in folder.copies()]


def test_there_is_nothing_where_there_is_no_folder():
    assert folder.copies() == []
    assert folder.newest_good() is None
    assert not folder.is_busy()


def test_the_newest_comes_first_and_only_whole_files_of_its_own_count(place):
    night(1), night(3), night(2)
    (place / ".mostrador-04.tar.part").write_bytes(b"half")
    (place / "notas.txt").write_text("hola")
    (place / "enlace.tar").symlink_to(place / "mostrador-01.tar")
    assert names() == ["mostrador-03.tar", "mostrador-02.tar", "mostrador-01.tar"]
    assert folder.find("../mostrador-01.tar") is None
    assert folder.find("enlace.tar") is None


def test_a_damaged_one_is_listed_with_why_and_is_not_the_good_one(place):
    good = night(1)
    broken = place / "rota.tar"
    broken.write_bytes(b"nada")
    assert [(copy.name, copy.is_good) for copy in folder.copies()] == [("rota.tar", False), (good.name, True)]
    assert "dañada" in folder.find("rota.tar").problem
    assert folder.newest_good().name == good.name


def test_what_came_of_reading_it_is_remembered_while_it_is_the_same_file():
    copy = night(1)
    assert copy.check is not None
    folder.note_check(copy, "algo está mal")
    assert not folder.find(copy.name).is_good
    small(copy.path, files={"a.txt": b"otra"})
    assert folder.find(copy.name).check is None
    assert folder.find(copy.name).is_good


def test_the_oldest_automatic_ones_go_and_those_made_by_hand_stay():
    night(1, kind=Kind.MANUAL)
    for number in range(2, 7):
        night(number)
    assert folder.prune(3) == ["mostrador-03.tar", "mostrador-02.tar"]
    assert names() == [f"mostrador-{number:02}.tar" for number in (6, 5, 4, 1)]
    assert folder.prune(3) == []


def test_the_newest_good_one_stays_whatever_is_wrong_with_the_others(place):
    night(1)
    later = place / "mostrador-02.tar"
    later.write_bytes(b"rota")
    assert folder.prune(0) == []
    assert set(names()) == {"mostrador-01.tar", "mostrador-02.tar"}


def test_two_of_the_same_minute_have_two_names(place):
    first = folder.free_name(folder.folder(), Kind.MANUAL, NIGHT)
    first.touch()
    second = folder.free_name(place, Kind.MANUAL, NIGHT)
    assert (first.name, second.name) == ("mostrador-2026-11-01-0600.tar", "mostrador-2026-11-01-0600-2.tar")
    assert folder.free_name(place, Kind.SAFETY, NIGHT).name == "antes-de-restaurar-2026-11-01-0600.tar"


def test_one_at_a_time_and_what_a_dead_process_left_goes(place):
    folder.folder()
    (place / ".mostrador.tar.part").write_bytes(b"half")
    (place / ".restaurando-xyz").mkdir()
    with folder.alone(place):
        assert sorted(os.listdir(place)) == [".en-uso"]
        assert folder.is_busy()
        with pytest.raises(DomainError, match="Ya se está haciendo"), folder.alone(place, wait=0):
            pass
    assert not folder.is_busy()


def test_who_waits_gets_it_when_the_other_ends(place):
    folder.folder()
    entered, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with folder.alone(place):
            entered.set()
            leave.wait(5)

    other = threading.Thread(target=hold)
    other.start()
    entered.wait(5)
    threading.Timer(0.05, leave.set).start()
    with folder.alone(place, wait=5):
        assert folder.is_busy()
    other.join()


def test_a_folder_that_cannot_be_made_is_told(settings, tmp_path):
    (tmp_path / "archivo").write_text("")
    settings.BACKUP_DIR = tmp_path / "archivo" / "copias"
    with pytest.raises(DomainError, match="No se puede usar la carpeta"):
        folder.folder()
