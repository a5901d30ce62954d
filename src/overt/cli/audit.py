"""`overt audit`: read the log, hand it over, and check one that was handed over."""

import json
from pathlib import Path
from typing import Annotated

import typer

from overt.audit.checkpoint import Checkpoint
from overt.audit.cosignature import WitnessKey
from overt.audit.line import Line
from overt.audit.note import Note, Verifier, read_note
from overt.audit.proof import Consistency, Inclusion, verify_consistency, verify_inclusion
from overt.audit.verify import Verified, read_since, signed_note, verify
from overt.cli import audit_witness
from overt.cli.answer import answer, printable
from overt.cli.audit_files import (
    lines_of,
    proof_in,
    text_of,
    verifier_of,
    witness_of,
    write_text,
)
from overt.errors import Refused
from overt.rates.how_many import how_many
from overt.units import UtcTime, iso

app = typer.Typer(help="The audit log: read it, export it, verify an export.", no_args_is_help=True)
audit_witness.add_to(app)

Out = Annotated[Path | None, typer.Option(help="Write the proof to this file.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


@app.command()
def show(
    last: Annotated[int | None, typer.Option(min=1, help="Only the newest lines.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show the log's lines, oldest first. Reading them is itself a line."""
    from overt.cli.acting import acting

    with acting() as (gate, actor):
        lines = gate.audit_lines(actor, last)
    answer(
        {"lines": [json.loads(line.canonical()) for line in lines]},
        (_sentence(line) for line in lines),
        as_json=as_json,
    )


@app.command()
def key(as_json: AsJson = False) -> None:
    """Show the public key that signs the log's checkpoints."""
    from overt.cli.acting import acting

    with acting() as (gate, actor):
        public = gate.audit_key(actor)
    answer({"key": public}, [public], as_json=as_json)


@app.command()
def checkpoint(as_json: AsJson = False) -> None:
    """Show the newest signed checkpoint, for a witness to keep."""
    from overt.cli.acting import acting

    with acting() as (gate, actor):
        signed = gate.audit_checkpoint(actor)
    answer({"checkpoint": signed}, [signed.removesuffix("\n")], as_json=as_json)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="Where the log goes, as JSON lines.")],
    recipient: Annotated[str, typer.Option(help="Who is given it; kept in the log.")] = "",
    justification: Annotated[str, typer.Option(help="Why they are; kept in the log.")] = "",
    as_json: AsJson = False,
) -> None:
    """Write the whole log and its checkpoint to a file that anybody can verify."""
    from overt.cli.acting import acting

    with acting() as (gate, actor):
        done = gate.export_audit(actor, file, recipient=recipient, justification=justification)
    answer(
        {"file": str(done.file), "lines": done.lines, "checkpoint": done.checkpoint},
        [f"{how_many(done.lines, 'line')} in {done.file}"],
        as_json=as_json,
    )


@app.command()
def check(as_json: AsJson = False) -> None:
    """Compare the records with the log: every row and line that was changed outside overt."""
    from overt.gate.records_check import check_records
    from overt.models.library import home_folder
    from overt.units import Clock

    found = check_records(home_folder(), Clock())
    answer(
        {"altered": list(found.altered), "lines": found.lines, "rows": found.rows,
         "checkpoint": found.checkpoint},
        found.altered or [f"{found.rows} rows and {found.lines} lines are as overt left them"],
        as_json=as_json,
    )  # fmt: skip
    if found.altered:
        many = "1 thing was" if len(found.altered) == 1 else f"{len(found.altered)} things were"
        raise Refused(
            f"{many} altered outside overt: keep this copy for whoever "
            "looks into it, and restore a backup (overt restore)"
        )


@app.command()
def prove(
    line: Annotated[int, typer.Argument(min=0, help="The line's number.")],
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Prove that one line is in the log: for whoever may see that line and no other."""
    from overt.cli.acting import acting

    with acting() as (gate, actor):
        _hand_over(gate.prove_line(actor, line), out, as_json=as_json)


@app.command()
def consistency(
    since: Annotated[Path, typer.Option(help="An earlier checkpoint, or an earlier export.")],
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Prove that the log only appended to an earlier checkpoint, without showing a line."""
    from overt.cli.acting import acting

    with acting() as (gate, actor):
        _hand_over(gate.prove_consistency(actor, text_of(since)), out, as_json=as_json)


@app.command()
def seal(as_json: AsJson = False) -> None:
    """Delete the lines whose time is over; their hashes stay, and later lines still verify."""
    from overt.cli.acting import acting

    with acting() as (gate, actor):
        lines = gate.seal_audit(actor)
    told = f"the first {lines} lines are sealed" if lines else "no line's time is over"
    answer({"sealed": lines}, [told], as_json=as_json)


@app.command("verify")
def verify_file(
    file: Annotated[Path, typer.Argument(help="An exported log, or a proof.")],
    key: Annotated[str, typer.Option(help="The log's public key, or a file that holds it.")],
    since: Annotated[
        Path | None, typer.Option(help="An earlier checkpoint, or an earlier export.")
    ] = None,
    witness: Annotated[
        list[str] | None, typer.Option(help="A witness's public key; it must have cosigned.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Verify an exported log without any database: every byte, its order and its signature."""
    verifier = verifier_of(key)
    earlier_text = None if since is None else text_of(since)
    earlier = None if earlier_text is None else read_since(earlier_text, verifier)
    facts, told, signed = _verified(file, verifier, earlier)
    notes = [read_note(signed)]
    if earlier_text is not None:
        notes.append(read_note(signed_note(earlier_text)))
    witnessed = {w.name: iso(_cosigned_at(w, notes)) for w in map(witness_of, witness or ())}
    facts["witnessed"] = witnessed
    told += [f"cosigned by {name} at {at}" for name, at in witnessed.items()]
    answer(facts, told, as_json=as_json)


def _verified(
    file: Path, verifier: Verifier, earlier: Checkpoint | None
) -> tuple[dict[str, object], list[str], str]:
    """What was found, for programs and for people, and the checkpoint that it rests on."""
    match proof_in(file):
        case Inclusion() as proof:
            line, checkpoint = verify_inclusion(proof, verifier)
            about = {"line": json.loads(line.canonical()), **_of(checkpoint)}
            told = f"verified: line {line.seq} is in the log {checkpoint.origin}:"
            return about, [told, _sentence(line)], proof.checkpoint
        case Consistency() as proof:
            checkpoint = verify_consistency(proof, verifier, earlier)
            told = (
                f"verified: the {checkpoint.head.size} lines of the log {checkpoint.origin} begin "
                f"with the {proof.old_size} of the earlier checkpoint"
            )
            return {**_of(checkpoint), "since": proof.old_size}, [told], proof.checkpoint
        case None:
            with lines_of(file) as lines:
                verified = verify(lines, verifier, earlier)
            return _facts(verified), [_verdict(verified)], verified.signed


def _cosigned_at(witness: WitnessKey, notes: list[Note]) -> UtcTime:
    times = [at for note in notes if (at := witness.cosigned_at(note)) is not None]
    if not times:
        raise Refused(
            f"the witness {witness.name} cosigned neither the checkpoint nor the earlier one: "
            "name the cosigned checkpoint with --since"
        )
    return max(times)


def _of(checkpoint: Checkpoint) -> dict[str, object]:
    return {
        "verified": True,
        "log": checkpoint.origin,
        "lines": checkpoint.head.size,
        "root": checkpoint.head.root.hex(),
    }


def _facts(verified: Verified) -> dict[str, object]:
    return {
        **_of(verified.checkpoint),
        "sealed": verified.sealed,
        "last_at": None if verified.last_at is None else iso(verified.last_at),
        "since": None if verified.since is None else verified.since.head.size,
    }


def _verdict(verified: Verified) -> str:
    told = f"verified: {how_many(verified.lines, 'line')} of the log {verified.checkpoint.origin}"
    if verified.sealed:
        told += f", of which the first {verified.sealed} are sealed: their content is gone"
    if verified.since is not None:
        told += f"; the first {verified.since.head.size} are those of the earlier checkpoint"
    return told


def _hand_over(proof: str, out: Path | None, *, as_json: bool) -> None:
    if out is not None:
        write_text(out, proof)
    shown = [str(out)] if out is not None else [proof.removesuffix("\n")]
    answer({"proof": proof}, shown, as_json=as_json)


def _sentence(line: Line) -> str:
    detail = " ".join(f"{name}={fact}" for name, fact in line.detail.items())
    rows = f"({line.rows.changed})" if line.rows is not None else ""
    sentence = f"{line.seq:>6} {iso(line.at)} {line.actor} {line.event} {detail} {rows}".rstrip()
    return printable(sentence, keep="")  # a refusal of two lines must not pass for two
