"""`overt receipt`: receipts of destruction, to be kept by whoever was promised it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from overt.audit.note import read_verifier
from overt.audit.receipt import Receipt, read_receipt
from overt.cli.acting import acting
from overt.cli.answer import answer
from overt.cli.deployment_moves import AsJson
from overt.errors import Refused

app = typer.Typer(help="Receipts of destruction, signed by the log's key.", no_args_is_help=True)


@app.command("list")
def list_receipts(as_json: AsJson = False) -> None:
    """List the receipts, oldest first."""
    with acting() as (gate, actor):
        found = gate.receipts(actor)
    answer(
        {"receipts": [each.facts() for each in found]},
        [" ".join(_told(each)) for each in found] or ["nothing was destroyed yet"],
        as_json=as_json,
    )


@app.command()
def export(
    number: Annotated[int, typer.Argument(help="From `receipt list`.")],
    file: Annotated[Path, typer.Argument(help="A new file.")],
    as_json: AsJson = False,
) -> None:
    """Sign a receipt and write it to a file."""
    if file.exists():
        raise Refused(f"{file} exists; name a file that does not")
    with acting() as (gate, actor):
        note = gate.receipt(actor, number)
        try:
            file.write_text(str(note), encoding="utf-8")
        except OSError as error:
            raise Refused(f"{file} cannot be written: {error.strerror}") from None
    answer({"receipt": number, "file": str(file)}, [f"written: {file}"], as_json=as_json)


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="A receipt.")],
    key: Annotated[str, typer.Option(help="The log's public key (overt audit key).")],
    as_json: AsJson = False,
) -> None:
    """Check a receipt with the public key alone; it needs no database."""
    try:
        whole = file.read_bytes().decode("utf-8")
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Refused(f"{file} is no receipt") from None
    receipt = read_receipt(whole, read_verifier(key))
    answer(receipt.facts(), ["the signature holds", *_told(receipt)], as_json=as_json)


def _told(receipt: Receipt) -> Iterator[str]:
    yield f"{receipt.number}: destroyed by {receipt.completed_at}:"
    rows = ", ".join(f"{count} of {name}" for name, count in receipt.rows.items())
    yield f"{rows or 'no rows past their date'};"
    yield f"{len(receipt.keys)} keys{': ' if receipt.keys else ''}"
    yield ", ".join(f"{key.kind} {key.id}" for key in receipt.keys)
    if receipt.deployments:
        yield f"; nothing is left of {', '.join(receipt.deployments)}"
    if receipt.late_seconds:
        yield f"; LATE by {receipt.late_seconds} seconds"
