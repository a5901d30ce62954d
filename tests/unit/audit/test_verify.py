"""An exported log verifies from the file and the key alone; every fault is named with its line."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from overt.audit.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from overt.audit.export import exported
from overt.audit.line import Line
from overt.audit.note import Signer
from overt.audit.tree import TreeHead, leaf_hash, tree_of
from overt.audit.verify import read_since, verify
from overt.errors import Refused
from overt.identifiers import ActorId
from overt.units import UtcTime

NOON = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
SIGNER = Signer("overt/test", bytes(range(32)))
STRANGER = Signer("overt/test", bytes(32))


def _leaf(seq: int, *, seconds: int | None = None, note: str = "x") -> bytes:
    at = UtcTime(NOON + timedelta(seconds=seq if seconds is None else seconds))
    return Line(seq, at, ActorId("somebody"), "audit-read", {"note": note}).canonical()


def _signed(leaves: list[bytes], signer: Signer = SIGNER, size: int | None = None) -> str:
    tree = tree_of(map(leaf_hash, leaves))
    head = TreeHead(tree.size if size is None else size, tree.root())
    return str(sign_checkpoint(signer, head))


def _log(leaves: list[bytes], checkpoint: str | None = None) -> list[bytes]:
    return list(exported(leaves, _signed(leaves) if checkpoint is None else checkpoint))


LEAVES = [_leaf(seq) for seq in range(5)]


def _checkpoint(size: int) -> Checkpoint:
    return open_checkpoint(_signed(LEAVES[:size]), SIGNER.verifier)


def test_an_untouched_log_verifies() -> None:
    verified = verify(_log(LEAVES), SIGNER.verifier)
    assert verified.lines == 5
    assert verified.last_at == NOON + timedelta(seconds=4)


def test_an_empty_log_verifies() -> None:
    assert verify(_log([]), SIGNER.verifier).lines == 0


@pytest.mark.parametrize("size", [1, 3, 5])
def test_a_log_that_only_grew_verifies_since_an_earlier_checkpoint(size: int) -> None:
    since = _checkpoint(size)
    assert verify(_log(LEAVES), SIGNER.verifier, since).since == since


Breach = Callable[[list[bytes]], list[bytes]]
BREACHES: dict[str, tuple[Breach, str]] = {
    "a changed word": (
        lambda f: [*f[:2], f[2].replace(b"body", b"one"), *f[3:]],
        "line 6: .*lines",
    ),
    "a changed space": (lambda f: [f[0].replace(b":", b": ", 1), *f[1:]], "line 1: not in canon"),
    "a line taken out": (lambda f: [*f[:2], *f[3:]], "line 3: its seq is 3; 2 is next"),
    "the first taken out": (lambda f: f[1:], "line 1: its seq is 1; 0 is next"),
    "the last taken out": (lambda f: [*f[:4], f[5]], "line 5: the checkpoint is of 5 lines"),
    "a line twice": (lambda f: [*f[:3], *f[2:]], "line 4: its seq is 2; 3 is next"),
    "two lines swapped": (lambda f: [f[0], f[2], f[1], *f[3:]], "line 2: its seq is 2"),
    "an empty line": (lambda f: [*f[:2], b"\n", *f[2:]], "line 3: not JSON"),
    "a carriage return": (lambda f: [f[0][:-1] + b"\r\n", *f[1:]], "line 1: not in canonical"),
    "no checkpoint": (lambda f: f[:-1], "line 6: the file ends without a checkpoint"),
    "nothing at all": (lambda _: [], "line 1: the file ends without a checkpoint"),
    "something after": (lambda f: [*f, b"\n"], "line 7: there is something after"),
    "two checkpoints": (lambda f: [*f, f[-1]], "line 7: there is something after"),
    "a cut end": (lambda f: [*f[:-1], f[-1][:-1]], "line 6: it does not end with a newline"),
    "a cut line": (lambda f: [*f[:2], f[2][:-9]], "line 3: it does not end with a newline"),
    "a spaced checkpoint": (
        lambda f: [*f[:-1], f[-1].replace(b":", b": ", 1)],
        "line 6: .*canonical|line 6: a line has exactly",
    ),
    "more in the checkpoint": (
        lambda f: [*f[:-1], f[-1].replace(b"}", b',"x":1}')],
        "line 6: a checkpoint line holds one signed note",
    ),
}


@pytest.mark.requirement("R57")
@pytest.mark.parametrize("name", BREACHES)
def test_a_breach_is_told_with_its_line(name: str) -> None:
    breach, reason = BREACHES[name]
    with pytest.raises(Refused, match=reason):
        verify(breach(_log(LEAVES)), SIGNER.verifier)


def test_a_checkpoint_of_another_log_is_refused() -> None:
    other = [_leaf(seq, note="other") for seq in range(5)]
    with pytest.raises(Refused, match="not those that the checkpoint commits to"):
        verify(_log(LEAVES, _signed(other)), SIGNER.verifier)


def test_a_checkpoint_by_another_key_is_refused() -> None:
    with pytest.raises(Refused, match="no signature by the key"):
        verify(_log(LEAVES, _signed(LEAVES, STRANGER)), SIGNER.verifier)


def test_a_checkpoint_with_another_name_is_refused() -> None:
    text = _signed(LEAVES).replace("overt/test\n", "overt/rest\n", 1)
    with pytest.raises(Refused, match="does not hold"):
        verify(_log(LEAVES, text), SIGNER.verifier)


def test_a_checkpoint_of_more_lines_than_there_are_is_refused() -> None:
    with pytest.raises(Refused, match="of 6 lines; the file has 5"):
        verify(_log(LEAVES, _signed(LEAVES, size=6)), SIGNER.verifier)


def test_a_time_that_steps_back_is_refused_even_when_it_is_signed() -> None:
    leaves = [_leaf(0, seconds=9), _leaf(1, seconds=8)]
    with pytest.raises(Refused, match="line 2: its time is before"):
        verify(_log(leaves), SIGNER.verifier)


def test_two_lines_may_have_the_same_time() -> None:
    leaves = [_leaf(0, seconds=9), _leaf(1, seconds=9)]
    assert verify(_log(leaves), SIGNER.verifier).lines == 2


@pytest.mark.requirement("R57")
def test_a_log_that_was_rolled_back_is_told_by_an_earlier_checkpoint() -> None:
    with pytest.raises(Refused, match=r"rolled back: .* of 5 lines; the log has 3"):
        verify(_log(LEAVES[:3]), SIGNER.verifier, _checkpoint(5))


@pytest.mark.requirement("R57")
def test_a_log_that_was_rewritten_by_the_holder_of_its_key_is_told_likewise() -> None:
    rewritten = [_leaf(0), _leaf(1, note="nothing happened"), *LEAVES[2:]]
    with pytest.raises(Refused, match="rewritten: the first 3 lines"):
        verify(_log(rewritten), SIGNER.verifier, _checkpoint(3))


def test_an_earlier_checkpoint_is_read_from_a_note_or_an_earlier_export() -> None:
    note = _signed(LEAVES[:3])
    export = b"".join(_log(LEAVES[:3])).decode()
    assert read_since(note, SIGNER.verifier) == read_since(export, SIGNER.verifier)


@pytest.mark.parametrize("text", ["", "\n", "words", _signed(LEAVES, STRANGER)])
def test_an_earlier_checkpoint_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        read_since(text, SIGNER.verifier)


@pytest.mark.parametrize(
    "text",
    [
        "overt/test\n5\n",
        "overt/test\n05\nAAAA\n",
        "overt/test\n5\nAAAA\n",
        "overt/test\n-5\nAAAA\n",
        "overt/other\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "overt/test\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nmore\n",
    ],
)
def test_a_signed_text_that_is_no_checkpoint_of_this_log_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="checkpoint"):
        open_checkpoint(str(SIGNER.sign(text)), SIGNER.verifier)
