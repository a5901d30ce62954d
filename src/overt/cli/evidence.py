"""`overt evidence`: tests of equal accuracy, without which police do not go live; sensitive places."""

from pathlib import Path
from typing import Annotated

import typer

from overt.cli.acting import acting
from overt.cli.answer import answer
from overt.cli.deployment_moves import AsJson
from overt.cli.deployment_records import moment
from overt.gate.evidence import EvidenceOrder
from overt.policy.equality_evidence import EvidenceOnRecord
from overt.units import iso

app = typer.Typer(
    help="Tests of equal accuracy and maps of sensitive places.", no_args_is_help=True
)


@app.command()
def add(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="What overt assure identify or video wrote.")
    ],
    *,
    conclusion: Annotated[str, typer.Option(help="What it showed, in words.")],
    acceptable: Annotated[
        bool, typer.Option("--acceptable/--not-acceptable", help="Whether it may go live on it.")
    ],
    valid_until: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="When to test again, if before the profile asks."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Put a test on record, as the assessor who answers for it: equality.json and its report."""
    order = EvidenceOrder(
        folder=folder,
        acceptable=acceptable,
        conclusion=conclusion,
        valid_until=moment(valid_until, "--valid-until") if valid_until is not None else None,
    )
    with acting() as (gate, actor):
        kept = gate.record_evidence(actor, order)
    answer(_facts(kept), [_line(kept), kept.tested.sentence], as_json=as_json)


@app.command("map")
def sensitive_map(
    file: Annotated[Path, typer.Argument(metavar="MAP.toml", help="The places, by profile.")],
    as_json: AsJson = False,
) -> None:
    """Put a map of sensitive places on record; deployments in or near one take an approval."""
    with acting() as (gate, actor):
        drawn = gate.record_sensitive_map(actor, file)
    answer(
        {"profile": drawn.profile, "version": drawn.version, "places": len(drawn.places)},
        [f"map {drawn.version} of {drawn.profile}: {len(drawn.places)} places, in force from now"],
        as_json=as_json,
    )


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


def _facts(evidence: EvidenceOnRecord) -> dict[str, object]:
    tested = evidence.tested
    return {
        "evidence": evidence.file,
        "pack": tested.pack,
        "precision": tested.precision,
        "lowest": tested.lowest,
        "highest": tested.highest,
        "unit": tested.unit.value,
        "list_size": tested.list_size,
        "groups": list(tested.groups),
        "tested_on": tested.tested_on.isoformat(),
        "finding": tested.finding.value,
        "sentence": tested.sentence,
        "validated": [str(each) for each in tested.validated],
        "report": tested.report,
        "by": evidence.by,
        "valid_until": iso(evidence.valid_until) if evidence.valid_until else None,
        "acceptable": evidence.acceptable,
    }


def _line(evidence: EvidenceOnRecord) -> str:
    tested = evidence.tested
    verdict = "acceptable" if evidence.acceptable else "NOT acceptable"
    until = f", until {iso(evidence.valid_until)}" if evidence.valid_until else ""
    return (
        f"{tested.pack_name} {tested.pack[:19]} {tested.precision}, {tested.thresholds}, lists to "
        f"{tested.list_size:,}, {', '.join(tested.groups) or 'no groups'}, {tested.tested_on}: "
        f"{tested.finding.value}; {verdict}, by {evidence.by}{until}"
    )
