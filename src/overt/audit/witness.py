"""What a witness does: keep the last checkpoint that it cosigned, and cosign only what appends to it.

The witness is an outside body with a key of its own. It needs no trust in the operator: a log that
was rolled back, rewritten, or shown to it in another version than to others does not get cosigned,
and its state is left as it was. Its state is one file: the log's public key, then the last
checkpoint with the witness's own cosignature.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from overt.audit.checkpoint import Checkpoint, open_checkpoint
from overt.audit.cosignature import Cosigner
from overt.audit.note import Note, Verifier, read_note, read_verifier
from overt.audit.proof import Consistency, verify_consistency
from overt.audit.verify import verify
from overt.errors import Refused
from overt.units import UtcTime


@dataclass(frozen=True, slots=True)
class WitnessState:
    log: Verifier
    last: Note | None
    """None before the first cosignature."""

    def __str__(self) -> str:
        return f"{self.log}\n\n{self.last or ''}"

    def checkpoint(self) -> Checkpoint | None:
        return None if self.last is None else open_checkpoint(str(self.last), self.log)


def read_state(text: str, cosigner: Cosigner) -> WitnessState:
    """Read a witness's file; raise Refused where it is not this witness's own."""
    log, blank, note = text.partition("\n\n")
    if not blank:
        raise Refused("a witness's state is the log's key, an empty line and a checkpoint")
    state = WitnessState(read_verifier(log), read_note(note))
    state.checkpoint()
    if state.last is None or cosigner.key.cosigned_at(state.last) is None:
        raise Refused(f"the state does not bear the cosignature of {cosigner.key.name}")
    return state


def cosign_export(
    state: WitnessState, cosigner: Cosigner, file: Iterable[bytes], at: UtcTime
) -> WitnessState:
    """Cosign the checkpoint of an exported log, after verifying all of it."""
    verified = verify(file, state.log, state.checkpoint())
    return WitnessState(state.log, cosigner.cosign(read_note(verified.signed), at))


def cosign_proof(
    state: WitnessState, cosigner: Cosigner, proof: Consistency, at: UtcTime
) -> WitnessState:
    """Cosign a checkpoint that a proof shows to append, without seeing a single line."""
    verify_consistency(proof, state.log, state.checkpoint())
    return WitnessState(state.log, cosigner.cosign(read_note(proof.checkpoint), at))
