"""`overt check-in`: the engagement team says that it is there. Without it matching pauses (R10)."""

from typing import Annotated

import typer

from overt.cli.acting import acting
from overt.cli.answer import answer
from overt.cli.deployment_moves import AsJson, Id
from overt.identifiers import DeploymentId
from overt.units import iso


def add_to(app: typer.Typer) -> None:
    app.command("check-in")(check_in)


def check_in(
    deployment: Id,
    officers: Annotated[int, typer.Option(help="How many officers are there.")],
    as_json: AsJson = False,
) -> None:
    """Say that the engagement team is there. When the last check-in lapses, matching pauses."""
    with acting() as (gate, actor):
        until = gate.check_in(actor, DeploymentId(deployment), officers=officers)
    answer(
        {"deployment": deployment, "officers": officers, "holds_until": iso(until)},
        [f"{deployment}: officers there: {officers}; check in again before {iso(until)}"],
        as_json=as_json,
    )
