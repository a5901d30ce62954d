"""`overt footfall`: who passes, counted by people, held against whom false alerts fall on (R67)."""

from typing import Annotated

import typer

from overt.cli.acting import acting
from overt.cli.answer import answer
from overt.cli.deployment_moves import AsJson
from overt.errors import Refused
from overt.gate.footfall import FootfallLine
from overt.identifiers import DeploymentId
from overt.rates.how_many import people

app = typer.Typer(
    help="Who passes, by perceived group, counted by people and never by the program.",
    no_args_is_help=True,
)


@app.command()
def add(
    deployment: Annotated[str, typer.Argument(metavar="DEPLOYMENT", help="The deployment's id.")],
    *,
    count: Annotated[
        list[str], typer.Option(metavar="GROUP=N", help="Once for each group, 0 among them.")
    ],
    how: Annotated[str, typer.Option(help="Where, when and how they were counted.")],
    as_json: AsJson = False,
) -> None:
    """Add a count of the people who pass, as whoever counted perceived them."""
    counts = _counts(count)
    with acting() as (gate, actor):
        gate.count_footfall(actor, DeploymentId(deployment), counts, how=how)
    answer(
        {"counted": counts, "deployment": deployment},
        [f"{deployment}: {people(sum(counts.values()))} counted"],
        as_json=as_json,
    )


@app.command()
def show(as_json: AsJson = False) -> None:
    """Tell, group by group, how false alerts stand against who passes."""
    with acting() as (gate, actor):
        found = gate.footfall(actor)
    answer(
        {
            "profiles": [
                {
                    "profile": each.profile,
                    "groups": [group.as_json() for group in each.groups],
                    "false_alerts_not_tested": each.untested,
                }
                for each in found
            ]
        },
        [line for each in found for line in _lines(each)],
        as_json=as_json,
    )


def _counts(given: list[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for each in given:
        group, _, number = each.partition("=")
        if not number.isdecimal() or len(number) > 9:
            raise Refused(f"--count {each[:60]}: write GROUP=N with a whole number")
        if group in counts:
            raise Refused(f"--count {group[:40]}: given twice")
        counts[group] = int(number)
    return counts


def _lines(each: FootfallLine) -> list[str]:
    told = [f"  {group}: {group.verdict.value}" for group in each.groups]
    untested = (
        [f"  {each.untested} false alerts where nobody counted who passed: not tested"]
        if each.untested
        else []
    )
    return [f"{each.profile}:", *(told or ["  nothing to hold against each other yet"]), *untested]
