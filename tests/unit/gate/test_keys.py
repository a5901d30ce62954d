"""Officers' keys: made and trusted, trusted, revoked for good; the private half is in its file."""

import stat
from pathlib import Path

import pytest
from tests.fakes.accounts import unprivileged
from tests.fakes.authority import Force
from tests.unit.policy.test_officer_key import OTHER

from overt.errors import Refused
from overt.policy.officer_key import read_public_key, read_signing_key


def states(force: Force) -> list[str]:
    return [key.state.value for key in force.gate.officer_keys(force.actor)]


def pub_of(folder: Path) -> Path:
    path = folder / "other.pub"
    path.write_text(OTHER.public.text())
    return path


def test_a_new_key_is_trusted_and_only_its_owner_can_read_it(force: Force) -> None:
    folder = force.folder / "officer"
    key = force.gate.new_officer_key(force.actor, " Insp.  Silver ", folder)
    assert key.name == "Insp. Silver"
    assert states(force) == ["trusted"]
    private, public = folder / "officer.key", folder / "officer.pub"
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert read_signing_key(private.read_bytes(), file="officer.key").public == key
    assert read_public_key(public.read_bytes(), file="officer.pub") == key


def test_a_key_is_never_overwritten_and_none_is_recorded(force: Force) -> None:
    folder = force.folder / "officer"
    force.gate.new_officer_key(force.actor, "Silver", folder)
    before = (folder / "officer.key").read_bytes()
    with pytest.raises(Refused, match="never overwritten"):
        force.gate.new_officer_key(force.actor, "Gold", folder)
    assert (folder / "officer.key").read_bytes() == before
    assert states(force) == ["trusted"]


def test_half_a_pair_is_not_left_behind(force: Force) -> None:
    folder = force.folder / "officer"
    folder.mkdir()
    (folder / "officer.pub").write_text("somebody's")
    with pytest.raises(Refused):
        force.gate.new_officer_key(force.actor, "Silver", folder)
    assert [path.name for path in folder.iterdir()] == ["officer.pub"]
    assert states(force) == []


def test_a_folder_that_is_a_file_is_refused(force: Force) -> None:
    (force.folder / "file").write_text("")
    with pytest.raises(Refused, match="name another folder"):
        force.gate.new_officer_key(force.actor, "Silver", force.folder / "file")


def test_a_key_from_elsewhere_is_trusted_once(force: Force, tmp_path: Path) -> None:
    file = pub_of(tmp_path)
    force.gate.trust_officer_key(force.actor, file)
    assert states(force) == ["trusted"]
    with pytest.raises(Refused, match="trusted already"):
        force.gate.trust_officer_key(force.actor, file)


@pytest.mark.requirement("R1")
def test_the_rank_is_registered_with_the_key_and_stays(force: Force, tmp_path: Path) -> None:
    force.gate.new_officer_key(
        force.actor, "Silver", force.folder / "officer", rank=" superintendent "
    )
    force.gate.trust_officer_key(force.actor, pub_of(tmp_path))
    ranks = {key.name: key.rank for key in force.gate.officer_keys(force.actor)}
    assert ranks == {"Silver": "superintendent", OTHER.name: ""}
    with pytest.raises(Refused, match="trusted already"):
        force.gate.trust_officer_key(force.actor, tmp_path / "other.pub", rank="chief constable")
    with pytest.raises(Refused, match="is no rank"):
        force.gate.new_officer_key(force.actor, "Gold", force.folder / "gold", rank="x" * 61)


def test_a_revoked_key_stays_revoked(force: Force, tmp_path: Path) -> None:
    file = pub_of(tmp_path)
    force.gate.trust_officer_key(force.actor, file)
    force.gate.revoke_officer_key(force.actor, file)
    with pytest.raises(Refused, match="revoked already"):
        force.gate.trust_officer_key(force.actor, file)
    with pytest.raises(Refused, match="revoked already"):
        force.gate.revoke_officer_key(force.actor, file)
    assert states(force) == ["revoked"]


def test_a_key_can_be_revoked_before_anybody_trusts_it(force: Force, tmp_path: Path) -> None:
    force.gate.revoke_officer_key(force.actor, pub_of(tmp_path))
    assert states(force) == ["revoked"]


def test_a_file_that_is_no_key_is_refused(force: Force, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        force.gate.trust_officer_key(force.actor, tmp_path / "none.pub")
    with pytest.raises(Refused, match="cannot be read"):
        force.gate.trust_officer_key(force.actor, tmp_path)
    (tmp_path / "junk.pub").write_bytes(b"\x00" * 100)
    with pytest.raises(Refused, match="no officer's key"):
        force.gate.trust_officer_key(force.actor, tmp_path / "junk.pub")


def test_the_private_key_is_nowhere_in_the_home(force: Force) -> None:
    force.gate.new_officer_key(force.actor, "Silver", force.folder / "officer")
    private = read_signing_key(
        (force.folder / "officer" / "officer.key").read_bytes(), file="officer.key"
    ).private.private_bytes_raw()
    for path in (force.folder / "home").rglob("*"):
        if path.is_file():
            assert private not in path.read_bytes()


def test_a_folder_without_rights_is_refused(force: Force) -> None:
    closed = force.folder / "closed"
    closed.mkdir(mode=0o500)
    from overt.gate.keys import _write_pair

    with unprivileged(), pytest.raises(Refused, match="cannot be written"):
        _write_pair(OTHER, closed / "officer", [])
