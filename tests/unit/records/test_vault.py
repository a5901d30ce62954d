"""What is sealed opens under its own key, in its own place, unaltered, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.errors import Fault, Refused
from overt.records.vault import DataKey, MasterKey, Place, Vault, read_master_key

HERE = Place("alert_evidence", "e1", "probe")


def _key() -> DataKey:
    return Vault(MasterKey.new()).new_key()[0]


@given(st.binary(max_size=500))
def test_what_is_sealed_is_unsealed_as_it_was(plain: bytes) -> None:
    key = _key()
    assert key.unseal(key.seal(plain, HERE), HERE) == plain


def test_the_same_content_is_sealed_differently_each_time() -> None:
    key = _key()
    assert key.seal(b"a face", HERE) != key.seal(b"a face", HERE)


def test_the_content_does_not_show() -> None:
    assert b"a face of somebody" not in _key().seal(b"a face of somebody", HERE)


@pytest.mark.parametrize(
    "elsewhere",
    [
        Place("watchlist_images", "e1", "probe"),
        Place("alert_evidence", "e2", "probe"),
        Place("alert_evidence", "e1", "scene"),
        Place("alert_evidencee", "1", "probe"),
    ],
)
def test_what_is_sealed_in_one_place_does_not_open_in_another(elsewhere: Place) -> None:
    key = _key()
    with pytest.raises(Fault, match="was altered"):
        key.unseal(key.seal(b"a face", HERE), elsewhere)


def test_it_does_not_open_under_another_key() -> None:
    with pytest.raises(Fault, match="was altered"):
        _key().unseal(_key().seal(b"a face", HERE), HERE)


@given(st.data())
def test_one_changed_bit_is_told(data: st.DataObject) -> None:
    key = _key()
    sealed = bytearray(key.seal(b"a face", HERE))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Fault, match="was altered"):
        key.unseal(bytes(sealed), HERE)


@pytest.mark.parametrize("short", [b"", b"\x01", b"\x01" + bytes(12), b"\x01" + bytes(20)])
def test_too_little_is_told(short: bytes) -> None:
    with pytest.raises(Fault, match="was altered"):
        _key().unseal(short, HERE)


def test_a_wrapped_key_opens_again_under_its_master_key_and_id() -> None:
    vault = Vault(MasterKey.new())
    key, wrapped = vault.new_key()
    assert vault.unwrap(key.id, wrapped).unseal(key.seal(b"a face", HERE), HERE) == b"a face"


def test_a_wrapped_key_does_not_open_as_another() -> None:
    vault = Vault(MasterKey.new())
    key, _ = vault.new_key()
    _, wrapped = vault.new_key()
    with pytest.raises(Fault, match="was altered"):
        vault.unwrap(key.id, wrapped)


def test_a_master_key_is_read_back_from_its_text() -> None:
    key = MasterKey.new()
    assert read_master_key(key.text()) == key


def test_a_master_key_is_not_printed() -> None:
    assert "raw" not in repr(MasterKey.new())


GOOD = MasterKey(bytes(32)).text()


@pytest.mark.parametrize(
    "text",
    ["", "words", GOOD.replace("A", "B", 1), GOOD[:-5], GOOD.replace("=", "!"), GOOD + "more"],
)
def test_a_damaged_master_key_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="damaged"):
        read_master_key(text)
