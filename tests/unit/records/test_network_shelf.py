"""Compiled networks are taken back as they were put there, or not at all."""

from pathlib import Path

from overt.records.home import Home
from overt.records.network_shelf import MOST, SealedShelf
from overt.records.vault import MasterKey, Vault

VAULT = Vault(MasterKey.new())


def _shelf(folder: Path, vault: Vault = VAULT) -> SealedShelf:
    return SealedShelf(Home(folder), vault)


def _files(folder: Path) -> list[Path]:
    return list(Home(folder).compiled.iterdir())


def test_what_was_put_there_is_taken_in_the_next_start(tmp_path: Path) -> None:
    _shelf(tmp_path).put("a", b"network a")
    _shelf(tmp_path).put("b", b"network b")
    assert _shelf(tmp_path).taken("a") == b"network a"
    assert _shelf(tmp_path).taken("c") is None


def test_nobody_else_may_read_it_and_it_does_not_show(tmp_path: Path) -> None:
    _shelf(tmp_path).put("a", b"network a")
    (file,) = _files(tmp_path)
    assert file.stat().st_mode & 0o077 == 0
    assert b"network" not in file.read_bytes()


def test_a_network_in_the_place_of_another_is_not_taken(tmp_path: Path) -> None:
    _shelf(tmp_path).put("a", b"network a")
    (first,) = _files(tmp_path)
    _shelf(tmp_path).put("b", b"network b")
    (second,) = set(_files(tmp_path)) - {first}
    first.write_bytes(second.read_bytes())
    assert _shelf(tmp_path).taken("a") is None


def test_an_altered_network_is_not_taken(tmp_path: Path) -> None:
    _shelf(tmp_path).put("a", b"network a")
    (file,) = _files(tmp_path)
    sealed = bytearray(file.read_bytes())
    sealed[-20] ^= 1
    file.write_bytes(sealed)
    assert _shelf(tmp_path).taken("a") is None


def test_a_network_that_was_sealed_under_another_master_key_is_not_taken(tmp_path: Path) -> None:
    _shelf(tmp_path, Vault(MasterKey.new())).put("a", b"network a")
    assert _shelf(tmp_path).taken("a") is None


def test_the_oldest_make_room(tmp_path: Path) -> None:
    for number in range(MOST + 3):
        _shelf(tmp_path).put(str(number), b"network")
    assert len(_files(tmp_path)) == MOST
    assert _shelf(tmp_path).taken(str(MOST + 2)) == b"network"


def test_a_disk_that_takes_nothing_hinders_nobody(tmp_path: Path) -> None:
    Home(tmp_path).compiled.write_bytes(b"a file where the folder would be")
    _shelf(tmp_path).put("a", b"network a")
    assert _shelf(tmp_path).taken("a") is None
