"""`overt audit`: read the log, hand it over, and check one that was handed over."""

import json
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from overt.audit.line import LONGEST_LINE, Line
from overt.audit.note import Verifier, read_verifier
from overt.audit.verify import Verified, read_since, verify
from overt.cli.answer import answer, printable
from overt.errors import Refused
from overt.units import iso

app = typer.Typer(help="The audit log: read it, export it, verify an export.", no_args_is_help=True)

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
    as_json: AsJson = False,
) -> None:
    """Write the whole log and its checkpoint to a file that anybody can verify."""
    from overt.cli.acting import acting

    with acting() as (gate, actor):
        done = gate.export_audit(actor, file)
    answer(
        {"file": str(done.file), "lines": done.lines, "checkpoint": done.checkpoint},
        [f"{done.lines} lines in {done.file}"],
        as_json=as_json,
    )


@app.command("verify")
def verify_file(
    file: Annotated[Path, typer.Argument(help="An exported log.")],
    key: Annotated[str, typer.Option(help="The log's public key, or a file that holds it.")],
    since: Annotated[
        Path | None, typer.Option(help="An earlier checkpoint, or an earlier export.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Verify an exported log without any database: every byte, its order and its signature."""
    verifier = _verifier(key)
    earlier = None if since is None else read_since(_text(since), verifier)
    try:
        with file.open("rb") as lines:
            # A file without newlines would otherwise be read whole before it is refused.
            verified = verify(iter(partial(lines.readline, LONGEST_LINE), b""), verifier, earlier)
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}") from error
    except Refused as refusal:
        raise Refused(f"{file}: {refusal}") from None
    answer(_facts(verified), [_verdict(verified)], as_json=as_json)


def _facts(verified: Verified) -> dict[str, object]:
    return {
        "verified": True,
        "log": verified.checkpoint.origin,
        "lines": verified.lines,
        "root": verified.checkpoint.head.root.hex(),
        "last_at": None if verified.last_at is None else iso(verified.last_at),
        "since": None if verified.since is None else verified.since.head.size,
    }


def _verdict(verified: Verified) -> str:
    since = verified.since
    whole = f"verified: {verified.lines} lines of the log {verified.checkpoint.origin}"
    if since is None:
        return whole
    return f"{whole}; the first {since.head.size} are those of the earlier checkpoint"


def _verifier(key: str) -> Verifier:
    # Base64 holds slashes, so a key may look like a path; a name and its hash never do.
    return read_verifier(key if key.count("+") >= 2 else _text(Path(key)))


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        raise Refused(f"{path} is not text") from None


def _sentence(line: Line) -> str:
    detail = " ".join(f"{name}={fact}" for name, fact in line.detail.items())
    sentence = f"{line.seq:>6} {iso(line.at)} {line.actor} {line.event} {detail}".rstrip()
    return printable(sentence, keep="")  # a refusal of two lines must not pass for two
