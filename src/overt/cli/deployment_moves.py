"""The moves of a deployment's life that people make, as commands: submit, suspend, close, ..."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from overt.cli.acting import acting
from overt.cli.answer import answer
from overt.errors import Refused
from overt.gate.gate import expire_by_itself
from overt.identifiers import DeploymentId
from overt.policy.rule import RuleResult

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
File = Annotated[Path, typer.Argument(metavar="DEPLOYMENT.toml", help="The deployment.")]
Id = Annotated[str, typer.Argument(metavar="DEPLOYMENT", help="The deployment's id.")]
Reason = Annotated[str, typer.Option(help="Why, in words.")]


def rules_told(results: Iterable[RuleResult]) -> list[dict[str, str]]:
    return [
        {
            "rule": result.rule.name.lower().replace("_", "-"),
            "row": result.rule.row,
            "says": result.rule.says,
            "outcome": result.outcome.value,
            "message": result.message,
        }
        for result in results
    ]


def add_moves(app: typer.Typer) -> None:
    for command in (submit, suspend, resume, close, evaluate):
        app.command()(command)
    app.command("evaluation-form")(evaluation_form)


def submit(file: File, as_json: AsJson = False) -> None:
    """Put a deployment before an authorising officer, exactly as it stands."""
    with acting() as (gate, actor):
        submitted = gate.submit_deployment(actor, file)
    answer(
        {
            "submitted": str(file),
            "rules": rules_told(submitted.results),
            "forecast": submitted.forecast,
        },
        [
            f"{file} is submitted; an authorising officer may sign it: overt deployment sign",
            f"forecast: {submitted.forecast}",
        ],
        as_json=as_json,
    )


def suspend(deployment: Id, reason: Reason, as_json: AsJson = False) -> None:
    """Stop looking at anybody, at once, until an authorising officer lets it go on."""
    with acting() as (gate, actor):
        gate.suspend_deployment(actor, DeploymentId(deployment), reason=reason)
    _done("suspended", deployment, "nobody is looked at until it is resumed", as_json=as_json)


def resume(deployment: Id, reason: Reason, as_json: AsJson = False) -> None:
    """Let a suspended deployment go on, inside its window."""
    with acting() as (gate, actor):
        gate.resume_deployment(actor, DeploymentId(deployment), reason=reason)
    _done("resumed", deployment, "it goes on", as_json=as_json)


def close(deployment: Id, reason: Reason, as_json: AsJson = False) -> None:
    """End a deployment for good before its window does. Nothing reopens it.

    What dies with it is destroyed at once. Alerts that nobody has brought to an end are listed.
    """
    with acting() as (gate, actor):
        gate.close_deployment(actor, DeploymentId(deployment), reason=reason)
        expire_by_itself(gate)
        left = gate.unfinished_alerts(actor, DeploymentId(deployment))
    answer(
        {"closed": deployment, "unfinished": list(left)},
        [
            f"{deployment}: it is closed for good",
            *(f"still without an end: {alert} (overt alerts outcome)" for alert in left),
        ],
        as_json=as_json,
    )


def evaluate(
    deployment: Id,
    report: Annotated[Path, typer.Option(help="The evaluation; its digest is recorded.")],
    conclusion: Annotated[str, typer.Option(help="What came of it, in words.")],
    as_json: AsJson = False,
) -> None:
    """Put the evaluation of a purged deployment on record.

    On the form of `evaluation-form` its figures have to be the log's, and no answer may be blank.
    """
    with acting() as (gate, actor):
        gate.evaluate_deployment(actor, DeploymentId(deployment), report, conclusion=conclusion)
    _done("evaluated", deployment, "its evaluation is on record", as_json=as_json)


def evaluation_form(
    deployment: Id,
    out: Annotated[Path, typer.Option(help="A new file, in Markdown.")],
    as_json: AsJson = False,
) -> None:
    """Write the evaluation with every figure filled in from the log; people add the answers."""
    if out.exists():
        raise Refused(f"{out} exists; name a file that does not")
    with acting() as (gate, actor):
        form = gate.evaluation_form(actor, DeploymentId(deployment))
        try:
            out.write_text(form, encoding="utf-8")
        except OSError as error:
            raise Refused(f"{out} cannot be written: {error.strerror}") from None
    answer(
        {"deployment": deployment, "form": str(out)},
        [f"written: {out}", f"then: overt deployment evaluate {deployment} --report {out}"],
        as_json=as_json,
    )


def _done(what: str, deployment: str, said: str, *, as_json: bool) -> None:
    answer({what: deployment}, [f"{deployment}: {said}"], as_json=as_json)
