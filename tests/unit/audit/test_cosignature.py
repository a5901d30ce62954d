"""A witness's cosignature is the one of C2SP tlog-cosignature, and fits nothing else."""

from datetime import UTC, datetime, timedelta

import pytest

from overt.audit.checkpoint import sign_checkpoint
from overt.audit.cosignature import Cosigner, read_cosigner, read_witness_key
from overt.audit.note import Note, Signer, read_note
from overt.audit.tree import TreeHead, leaf_hash
from overt.errors import Refused
from overt.units import UtcTime

LOG = Signer("overt/test", bytes(range(32)))
WITNESS = Cosigner("ico.example/w1", bytes(range(1, 33)))
NOON = UtcTime(datetime(2026, 11, 30, 12, 0, tzinfo=UTC))


def note() -> Note:
    return sign_checkpoint(LOG, TreeHead(1, leaf_hash(b"one")))


def test_what_was_cosigned_tells_when_and_the_log_s_signature_stays() -> None:
    cosigned = read_note(str(WITNESS.cosign(note(), NOON)))
    assert WITNESS.key.cosigned_at(cosigned) == NOON
    LOG.verifier.check(cosigned)


def test_the_signed_message_is_the_one_that_the_standard_gives() -> None:
    value = WITNESS.cosign(note(), NOON).signatures[-1].value
    assert len(value) == 8 + 64
    assert int.from_bytes(value[:8]) == int(NOON.timestamp())


def test_a_witness_that_did_not_cosign_is_not_found() -> None:
    assert WITNESS.key.cosigned_at(note()) is None
    other = Cosigner("ico.example/w2", bytes(range(2, 34)))
    assert other.key.cosigned_at(WITNESS.cosign(note(), NOON)) is None


def test_cosigning_again_leaves_one_cosignature() -> None:
    later = UtcTime(NOON + timedelta(hours=1))
    twice = WITNESS.cosign(WITNESS.cosign(note(), NOON), later)
    assert len(twice.signatures) == 2
    assert WITNESS.key.cosigned_at(twice) == later


@pytest.mark.parametrize("place", [0, 7, 8, 71])
def test_a_changed_time_or_signature_does_not_hold(place: int) -> None:
    cosigned = WITNESS.cosign(note(), NOON)
    own = cosigned.signatures[-1]
    value = bytearray(own.value)
    value[place] ^= 1
    forged = Note(cosigned.text, (type(own)(own.name, own.key_hash, bytes(value)),))
    with pytest.raises(Refused, match="does not hold"):
        WITNESS.key.cosigned_at(forged)


def test_a_log_s_signature_is_no_cosignature() -> None:
    name = Signer(WITNESS.name, WITNESS.seed)
    signed = name.sign(note().text).signatures[0]
    passed_off = Note(note().text, (type(signed)(signed.name, WITNESS.key.key_hash, signed.value),))
    with pytest.raises(Refused, match="has not the size of one"):
        WITNESS.key.cosigned_at(passed_off)


def test_keys_are_read_as_they_are_written_and_not_as_a_log_s() -> None:
    assert read_cosigner(WITNESS.secret_text()) == WITNESS
    assert read_witness_key(str(WITNESS.key)) == WITNESS.key
    for text in (str(LOG.verifier), "a+b+c", ""):
        with pytest.raises(Refused):
            read_witness_key(text)
    for text in (LOG.secret_text(), str(WITNESS.key)):
        with pytest.raises(Refused):
            read_cosigner(text)
