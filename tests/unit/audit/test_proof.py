"""Proofs on paper show what they say, and nothing else."""

from datetime import UTC, datetime

import pytest

from overt.audit.checkpoint import open_checkpoint, sign_checkpoint
from overt.audit.line import Line
from overt.audit.note import Signer
from overt.audit.proof import (
    Consistency,
    Inclusion,
    read_proof,
    verify_consistency,
    verify_inclusion,
)
from overt.audit.tree import (
    TreeHead,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    tree_of,
)
from overt.errors import Refused
from overt.identifiers import ActorId
from overt.units import UtcTime

LOG = Signer("overt/test", bytes(range(32)))
NOON = UtcTime(datetime(2026, 11, 30, 12, 0, tzinfo=UTC))
LEAVES = [Line(seq, NOON, ActorId("a"), "audit-read", {}).canonical() for seq in range(9)]
HASHES = [leaf_hash(leaf) for leaf in LEAVES]


def checkpoint(size: int) -> str:
    return str(sign_checkpoint(LOG, TreeHead(size, tree_of(HASHES[:size]).root())))


def inclusion(seq: int, *, leaf: bytes | None = None) -> Inclusion:
    steps = tuple(inclusion_proof(HASHES, seq))
    return Inclusion(LEAVES[seq] if leaf is None else leaf, seq, steps, checkpoint(9))


def consistency(old: int, new: int = 9) -> Consistency:
    steps = tuple(consistency_proof(HASHES[:new], old)) if old else ()
    return Consistency(old, steps, checkpoint(new))


@pytest.mark.requirement("R57")
@pytest.mark.parametrize("seq", range(9))
def test_every_line_is_proven_by_its_proof_as_it_is_written(seq: int) -> None:
    proof = read_proof(str(inclusion(seq)))
    assert isinstance(proof, Inclusion)
    line, _ = verify_inclusion(proof, LOG.verifier)
    assert line.seq == seq


@pytest.mark.parametrize("old", range(10))
def test_every_earlier_size_is_proven_as_it_is_written(old: int) -> None:
    proof = read_proof(str(consistency(old)))
    assert isinstance(proof, Consistency)
    earlier = open_checkpoint(checkpoint(old), LOG.verifier)
    assert verify_consistency(proof, LOG.verifier, earlier).head.size == 9


def test_another_line_is_not_proven() -> None:
    with pytest.raises(Refused, match="does not show line 3"):
        verify_inclusion(inclusion(3, leaf=LEAVES[4]), LOG.verifier)


def test_a_fork_is_not_proven_to_append() -> None:
    other = [*HASHES[:4], leaf_hash(b"another fifth")]
    earlier = sign_checkpoint(LOG, TreeHead(5, tree_of(other).root()))
    with pytest.raises(Refused, match="forked"):
        verify_consistency(
            consistency(5), LOG.verifier, open_checkpoint(str(earlier), LOG.verifier)
        )


def test_a_shorter_log_is_not_proven_to_append() -> None:
    earlier = open_checkpoint(checkpoint(9), LOG.verifier)
    proof = Consistency(9, (), checkpoint(5))
    with pytest.raises(Refused, match="rolled back"):
        verify_consistency(proof, LOG.verifier, earlier)


def test_a_proof_from_another_size_than_the_earlier_checkpoint_is_refused() -> None:
    with pytest.raises(Refused, match="begins at 4 lines, the earlier checkpoint at 5"):
        verify_consistency(
            consistency(4), LOG.verifier, open_checkpoint(checkpoint(5), LOG.verifier)
        )


@pytest.mark.parametrize(
    ("found", "put"),
    [
        ("old 5", "old 05"),
        ("old 5", "old five"),
        ("\n\n", "\nAAAA\n\n"),
        ("\n\n", "\nnot base64\n\n"),
        ("\n\n", "\n" + "A" * 43 + "=\n" * 70 + "\n"),
    ],
)
def test_a_broken_proof_is_refused(found: str, put: str) -> None:
    with pytest.raises(Refused):
        read_proof(str(consistency(5)).replace(found, put, 1))


def test_what_is_no_proof_is_left_to_others() -> None:
    assert read_proof("") is None
    assert read_proof(checkpoint(3)) is None
