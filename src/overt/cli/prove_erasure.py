"""`overt prove-erasure`: the canary test, on this machine, with a report for an auditor."""

from pathlib import Path
from typing import Annotated

import typer

from overt.cli.acting import acting
from overt.cli.answer import answer, remark
from overt.cli.deployment_moves import AsJson, File
from overt.errors import Fault, Refused


def add_to(app: typer.Typer) -> None:
    app.command("prove-erasure")(prove_erasure)


def prove_erasure(
    deployment: File,
    out: Annotated[
        Path, typer.Option(help="A new folder for the report: proof.json and proof.html.")
    ] = Path("erasure-proof"),
    as_json: AsJson = False,
) -> None:
    """Plant a canary, watch it, purge it, and look for what is left: on disk and in memory.

    Takes about a minute. Status 2 if anything was left, or if the search could not see.
    """
    from overt.models.library import home_folder
    from overt.proof.prove import prove_erasure as prove
    from overt.proof.report import as_html
    from overt.proof.report import as_json as as_text
    from overt.units import Clock

    _make(out)
    with acting() as (gate, actor):
        begun = gate.begin_proof(actor, deployment)
        proof = prove(deployment, home_folder(), Clock(), remark)
        report = as_text(proof)
        (out / "proof.json").write_text(report, encoding="utf-8")
        (out / "proof.html").write_text(as_html(proof), encoding="utf-8")
        gate.note_proof(actor, begun, report.encode(), passed=proof.passed)
    answer(
        {"passed": proof.passed, "verdict": proof.verdict, "report": str(out)},
        [proof.verdict, f"the report: {out / 'proof.html'}"],
        as_json=as_json,
    )
    if not proof.passed:
        raise Fault(f"the canary test failed; {out / 'proof.html'} says what was left where")


def _make(out: Path) -> None:
    try:
        out.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        raise Refused(f"{out} exists; name a folder that does not, and it is made") from None
    except OSError as error:
        raise Refused(f"{out} cannot be made: {error.strerror}; name another --out") from None
