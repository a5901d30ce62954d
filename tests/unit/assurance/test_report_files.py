"""The folder of a report: asked for before the work, made with the files, gone when they fail."""

import errno
from pathlib import Path

import pytest

from overt.assurance.report_files import require_folder, write_whole
from overt.errors import Fault, Refused


def test_asking_whether_a_folder_can_be_made_leaves_nothing(tmp_path: Path) -> None:
    require_folder(tmp_path / "years" / "2026" / "june")
    assert not list(tmp_path.iterdir())


def test_a_folder_that_was_there_stays_though_it_is_empty(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    require_folder(tmp_path / "mine")
    assert (tmp_path / "mine").is_dir()


@pytest.mark.parametrize("out", ["file", "file/within", "new/" + "n" * 300, "nowhere"])
def test_a_place_that_can_be_no_folder_is_refused_and_nothing_made(
    tmp_path: Path, out: str
) -> None:
    (tmp_path / "file").write_text("of somebody")
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    with pytest.raises(Refused, match="no folder can be made there"):
        require_folder(tmp_path / out)
    assert {each.name for each in tmp_path.iterdir()} == {"file", "nowhere"}
    assert (tmp_path / "file").read_text() == "of somebody"


def test_files_bring_their_folder(tmp_path: Path) -> None:
    (written,) = write_whole(tmp_path / "years" / "2026", {"a.txt": b"whole"})
    assert written.read_bytes() == b"whole"
    assert [each.name for each in written.parent.iterdir()] == ["a.txt"]


def test_a_full_disk_leaves_neither_a_half_file_nor_a_new_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        if path.name == ".b.txt.part":
            write(path, content[:2])
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(Fault, match="No space left on device"):
        write_whole(tmp_path / "new" / "out", {"a.txt": b"whole", "b.txt": b"whole"})
    assert not list(tmp_path.iterdir())
