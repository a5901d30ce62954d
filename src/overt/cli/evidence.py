"""`overt evidence`: tests of equal accuracy on record, without which police go live with nothing."""

from pathlib import Path
from typing import Annotated

import typer

from overt.cli.acting import acting
from overt.cli.answer import answer
from overt.cli.deployment_moves import AsJson
from overt.cli.deployment_records import moment
from overt.gate.evidence import EvidenceOrder
from overt.policy.evidence import Evidence
from overt.units import Similarity, iso

app = typer.Typer(help="Tests of equal accuracy that somebody answers for.", no_args_is_help=True)


@app.command()
def add(
    report: Annotated[Path, typer.Argument(help="The report; its digest is recorded.")],
    *,
    pack: Annotated[str, typer.Option(help="The model pack that was tested.")],
    lowest: Annotated[float, typer.Option(help="The lowest threshold that was tested.")],
    highest: Annotated[float, typer.Option(help="The highest.")],
    list_size: Annotated[int, typer.Option(help="The largest list that it speaks of.")],
    valid_until: Annotated[str, typer.Option(metavar="TIME", help="When to test again.")],
    conclusion: Annotated[str, typer.Option(help="What it showed, in words.")],
    acceptable: Annotated[
        bool, typer.Option("--acceptable/--not-acceptable", help="Whether it may go live on it.")
    ],
    precision: Annotated[str, typer.Option(help="f32 or bf16.")] = "f32",
    as_json: AsJson = False,
) -> None:
    """Put a test on record, as the assessor who answers for it."""
    order = EvidenceOrder(
        report=report, pack=pack, precision=precision, lowest=Similarity(lowest),
        highest=Similarity(highest), list_size=list_size,
        valid_until=moment(valid_until, "--valid-until"), acceptable=acceptable,
        conclusion=conclusion,
    )  # fmt: skip
    with acting() as (gate, actor):
        kept = gate.record_evidence(actor, order)
    answer(_facts(kept), [_line(kept)], as_json=as_json)


@app.command("list")
def list_evidence(as_json: AsJson = False) -> None:
    """List the tests on record, oldest first."""
    with acting() as (gate, actor):
        found = gate.evidence(actor)
    answer(
        {"evidence": [_facts(each) for each in found]},
        [_line(each) for each in found] or ["no test is on record"],
        as_json=as_json,
    )


def _facts(evidence: Evidence) -> dict[str, object]:
    return {
        "pack": evidence.pack,
        "precision": evidence.precision,
        "lowest": evidence.lowest,
        "highest": evidence.highest,
        "list_size": evidence.list_size,
        "valid_until": iso(evidence.valid_until),
        "report": evidence.report,
        "by": evidence.by,
        "acceptable": evidence.acceptable,
    }


def _line(evidence: Evidence) -> str:
    verdict = "acceptable" if evidence.acceptable else "NOT acceptable"
    return (
        f"{evidence.pack[:19]} {evidence.precision}, thresholds {evidence.lowest:g} to "
        f"{evidence.highest:g}, lists to {evidence.list_size}: {verdict}, by {evidence.by}, until "
        f"{iso(evidence.valid_until)}, report {evidence.report[:19]}"
    )
