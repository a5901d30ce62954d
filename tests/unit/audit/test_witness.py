"""A witness cosigns what appends to the last that it cosigned; nothing else, and it says so."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from overt.audit.checkpoint import sign_checkpoint
from overt.audit.cosignature import Cosigner
from overt.audit.export import exported
from overt.audit.line import Line
from overt.audit.note import Note, Signer
from overt.audit.proof import Consistency
from overt.audit.tree import TreeHead, consistency_proof, leaf_hash, tree_of
from overt.audit.witness import WitnessState, cosign_export, cosign_proof, read_state
from overt.errors import Refused
from overt.identifiers import ActorId
from overt.units import UtcTime

LOG = Signer("overt/test", bytes(range(32)))
WITNESS = Cosigner("ico.example/w1", bytes(range(1, 33)))
NOON = UtcTime(datetime(2026, 11, 30, 12, 0, tzinfo=UTC))
NEW = WitnessState(LOG.verifier, None)

pytestmark = pytest.mark.requirement("R57")


def leaves(count: int, who: str = "a") -> list[bytes]:
    return [Line(seq, NOON, ActorId(who), "audit-read", {}).canonical() for seq in range(count)]


def signed(lines: list[bytes]) -> Note:
    tree = tree_of(map(leaf_hash, lines))
    return sign_checkpoint(LOG, TreeHead(tree.size, tree.root()))


def export(lines: list[bytes]) -> Iterator[bytes]:
    return exported(lines, str(signed(lines)))


def cosigned(lines: list[bytes], state: WitnessState = NEW) -> WitnessState:
    return cosign_export(state, WITNESS, export(lines), NOON)


def test_what_only_appends_is_cosigned_again_and_again() -> None:
    state = NEW
    for count in (1, 4, 4, 9):
        state = cosigned(leaves(count), state)
        assert state.last is not None
        assert WITNESS.key.cosigned_at(state.last) == NOON
        state = read_state(str(state), WITNESS)


def test_a_log_that_was_rolled_back_is_refused() -> None:
    with pytest.raises(Refused, match="rolled back"):
        cosigned(leaves(3), cosigned(leaves(5)))


def test_a_log_of_another_history_is_refused() -> None:
    with pytest.raises(Refused, match="rewritten"):
        cosigned(leaves(7, who="b"), cosigned(leaves(5)))


def test_a_proof_is_enough_and_shows_no_line() -> None:
    whole = leaves(9)
    steps = tuple(consistency_proof([leaf_hash(each) for each in whole], 5))
    proof = Consistency(5, steps, str(signed(whole)))
    state = cosign_proof(cosigned(leaves(5)), WITNESS, proof, NOON)
    checkpoint = state.checkpoint()
    assert checkpoint is not None
    assert checkpoint.head.size == 9
    with pytest.raises(Refused, match="forked"):
        cosign_proof(cosigned(leaves(5, who="b")), WITNESS, proof, NOON)


def test_a_state_that_somebody_changed_is_not_taken_up() -> None:
    state = cosigned(leaves(5))
    other = WitnessState(LOG.verifier, signed(leaves(2)))
    with pytest.raises(Refused, match="does not bear the cosignature"):
        read_state(str(other), WITNESS)
    with pytest.raises(Refused):
        read_state(str(state).replace("\n5\n", "\n4\n"), WITNESS)
    with pytest.raises(Refused):
        read_state("nothing", WITNESS)
