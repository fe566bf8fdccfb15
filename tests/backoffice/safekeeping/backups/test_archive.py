"""The file of a copy: what is not whole, or would write elsewhere, is refused before anything is touched."""

import io
import tarfile
from pathlib import Path

import pytest

from backoffice.common.errors import DomainError
from backoffice.safekeeping.backups import archive
from backoffice.safekeeping.backups.manifest import Damaged
from backoffice.safekeeping.backups.progress import silent
from tests.backoffice.safekeeping.backups.copies import small

FILES = {"chats/ab/foto.png": b"\x89PNG" * 300, "chats/nota ñ.ogg": b"audio", "vacio.txt": b""}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return small(tmp_path / "una.tar", files=FILES)


def test_what_is_read_is_what_was_written(copy, tmp_path):
    manifest = archive.verify(copy, silent)
    assert (manifest.company, manifest.tables["tickets_ticket"]) == ("FibraSur", (12, "ab"))
    assert (manifest.media.count, manifest.media.size) == (3, sum(map(len, FILES.values())))
    assert archive.add_media(copy, tmp_path / "media", silent) == 3
    assert {name: (tmp_path / "media" / name).read_bytes() for name in FILES} == FILES


def test_it_is_a_tar_that_any_machine_opens(copy):
    with tarfile.open(copy) as tar:
        assert tar.getnames()[:2] == ["manifest.json", "database.bin"]
        assert set(tar.getnames()[2:]) == {f"media/{name}" for name in FILES}
        assert b"SECRET_KEY" in tar.extractfile("manifest.json").read()


def test_files_that_are_there_stay_and_those_cut_short_are_mended(copy, tmp_path):
    media = tmp_path / "media"
    (media / "chats").mkdir(parents=True)
    (media / "otro.txt").write_bytes(b"de ahora")
    (media / "chats" / "nota ñ.ogg").write_bytes(b"aud")
    assert archive.add_media(copy, media, silent) == 3
    assert (media / "otro.txt").read_bytes() == b"de ahora"
    assert (media / "chats" / "nota ñ.ogg").read_bytes() == b"audio"
    assert archive.add_media(copy, media, silent) == 0


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.8, 0.99])
def test_a_copy_cut_anywhere_is_refused(copy, share):
    data = copy.read_bytes()
    with tarfile.open(copy) as tar:
        end = [info.offset_data + info.size for info in tar][-2]  # the last file is empty and stands for nothing
    copy.write_bytes(data[: int(end * share)])
    with pytest.raises(Damaged):
        archive.verify(copy, silent)


def test_one_byte_changed_in_the_database_or_in_a_file_is_found(copy):
    data = copy.read_bytes()
    for inside in (b"rows", b"\x89PNG", b"audio", b"foto.png"):
        place = data.index(inside)
        copy.write_bytes(data[:place] + b"?" + data[place + 1 :])
        with pytest.raises(Damaged):
            archive.verify(copy, silent)


def test_what_is_no_copy_is_refused(tmp_path):
    plain = tmp_path / "notas.tar"
    plain.write_bytes(b"hola" * 1000)
    with pytest.raises(Damaged):
        archive.read_manifest(plain)
    with tarfile.open(plain, "w") as tar:
        tar.addfile(tarfile.TarInfo("otra-cosa.txt"))
    with pytest.raises(Damaged, match="no es una copia de Mostrador"):
        archive.read_manifest(plain)
    with pytest.raises(Damaged):
        archive.read_manifest(tmp_path / "no-existe.tar")


def test_a_copy_of_a_later_format_asks_for_an_upgrade(tmp_path):
    with pytest.raises(DomainError, match="más nueva"):
        archive.read_manifest(small(tmp_path / "una.tar", format=99))


@pytest.mark.parametrize(
    "name",
    ["media/../../etc/passwd", "/etc/passwd", "media//etc/passwd", "media/a/../b", "manage.py", "media/", "media/a\\b"],
)
def test_a_name_that_leads_elsewhere_is_refused(name):
    with pytest.raises(Damaged, match="no es un archivo de los nuestros"):
        archive.inner_name(tarfile.TarInfo(name))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE])
def test_what_is_no_plain_file_is_refused(kind):
    info = tarfile.TarInfo("media/foto.png")
    info.type = kind
    with pytest.raises(Damaged):
        archive.inner_name(info)


def test_a_folder_that_is_a_link_is_not_written_through(tmp_path, copy):
    media, outside = tmp_path / "media", tmp_path / "outside"
    media.mkdir()
    outside.mkdir()
    (media / "chats").symlink_to(outside)
    with pytest.raises(Damaged, match="fuera de la carpeta"):
        archive.add_media(copy, media, silent)
    assert not list(outside.rglob("*.png"))


def test_members_added_by_somebody_are_found(copy):
    with tarfile.open(copy, "a") as tar:
        info = tarfile.TarInfo("media/de-mas.txt")
        info.size = 4
        tar.addfile(info, io.BytesIO(b"hola"))
    with pytest.raises(Damaged, match="tiene 4 archivos y debería tener 3"):
        archive.verify(copy, silent)
