"""`overt audit witness`: for an outside body. It opens no records and needs none.

It keeps the last checkpoint that it cosigned and refuses a log that does not append to it.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from overt.audit.cosignature import Cosigner, read_cosigner
from overt.audit.proof import Consistency, Inclusion
from overt.audit.witness import WitnessState, cosign_export, cosign_proof, read_state
from overt.cli.answer import answer
from overt.cli.audit_files import lines_of, proof_in, text_of, verifier_of, write_text
from overt.errors import Refused
from overt.units import Clock

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


def add_to(app: typer.Typer) -> None:
    app.command()(witness)
    app.command("witness-key")(witness_key)


def witness_key(
    name: Annotated[str, typer.Argument(help="The witness, for example ico.example/witness.")],
    out: Annotated[Path, typer.Option(help="Where the private key goes; FILE.pub beside it.")],
    as_json: AsJson = False,
) -> None:
    """Make a witness's key pair. Keep the private one away from whoever runs the log."""
    public_file = out.with_name(f"{out.name}.pub")
    if out.exists() or public_file.exists():
        raise Refused(f"{out} or {public_file.name} exists, and a key is never overwritten")
    try:
        cosigner = Cosigner.new(name)
    except ValueError as error:
        raise Refused(str(error)) from None
    write_text(out, f"{cosigner.secret_text()}\n", 0o600)
    write_text(public_file, f"{cosigner.key}\n")
    answer({"key": str(cosigner.key), "file": str(out)}, [str(cosigner.key)], as_json=as_json)


def witness(
    file: Annotated[Path, typer.Argument(help="An exported log, or a proof of consistency.")],
    *,
    state: Annotated[Path, typer.Option(help="The witness's memory; made at the first log.")],
    key: Annotated[Path, typer.Option(help="The witness's private key.")],
    log: Annotated[
        str | None, typer.Option(help="The log's public key; needed the first time only.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where the cosigned checkpoint goes.")] = None,
    as_json: AsJson = False,
) -> None:
    """Cosign a log's newest checkpoint, if the log only appended to the last one cosigned."""
    cosigner = read_cosigner(text_of(key))
    _require_private(key)
    with _alone(state):
        before = _state(state, cosigner, log)
        after = _cosigned(before, cosigner, file)
        write_text(state, str(after), 0o600)
    cosigned = str(after.last)
    if out is not None:
        write_text(out, cosigned)
    checkpoint = after.checkpoint()
    assert checkpoint is not None  # it has just been cosigned
    earlier = before.checkpoint()
    answer(
        {"checkpoint": cosigned, "log": checkpoint.origin, "lines": checkpoint.head.size,
         "since": None if earlier is None else earlier.head.size},
        [cosigned.removesuffix("\n")],
        as_json=as_json,
    )  # fmt: skip


def _require_private(key: Path) -> None:
    if key.stat().st_mode & 0o077:
        raise Refused(
            f"the witness's key {key} is open to other accounts: ask who may have read it, then "
            f"close it with chmod 600 {key}, or make another (overt audit witness-key)"
        )


def _state(path: Path, cosigner: Cosigner, log: str | None) -> WitnessState:
    if not path.exists():
        if log is None:
            raise Refused(f"{path} is not there: at a log's first time, name its key with --log")
        return WitnessState(verifier_of(log), None)
    try:
        state = read_state(text_of(path), cosigner)
    except Refused as refusal:
        raise Refused(f"{path}: {refusal}") from None
    if log is not None and verifier_of(log) != state.log:
        raise Refused(f"{path} is of the log {state.log.name}, whose key is another")
    return state


def _cosigned(before: WitnessState, cosigner: Cosigner, file: Path) -> WitnessState:
    at = Clock().now()
    match proof_in(file):
        case None:
            with lines_of(file) as lines:
                return cosign_export(before, cosigner, lines, at)
        case Consistency() as proof:
            try:
                return cosign_proof(before, cosigner, proof, at)
            except Refused as refusal:
                raise Refused(f"{file}: {refusal}") from None
        case Inclusion():
            raise Refused(f"{file} proves one line; a witness takes an export or a consistency")


@contextmanager
def _alone(state: Path) -> Iterator[None]:
    """Two at once could cosign a fork, each beside the other."""
    try:
        handle = os.open(state.with_name(f"{state.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Refused(f"{state} cannot be written: {error.strerror}") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
