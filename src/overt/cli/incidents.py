"""`overt incidents`: the record of each false engagement, its closing, and the clock of a breach."""

from collections.abc import Sequence
from typing import Annotated

import typer

from overt.cli.acting import acting
from overt.cli.answer import answer
from overt.cli.deployment_records import moment
from overt.decisions.incident import IncidentRecord
from overt.gate.breaches import RegulatorTold
from overt.gate.incident_rows import Incident
from overt.policy.breach import Breach
from overt.units import Clock, iso

app = typer.Typer(
    help="False engagements and breaches, and what was done about them.", no_args_is_help=True
)

Id = Annotated[str, typer.Argument(metavar="ID", help="The incident's id, from `incidents list`.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


@app.command("list")
def list_incidents(as_json: AsJson = False) -> None:
    """List the incidents, newest first."""
    with acting() as (gate, actor):
        found = gate.incidents(actor)
    answer(
        {"incidents": [each.facts() for each in found]},
        [_line(each) for each in found] or ["no incidents"],
        as_json=as_json,
    )


@app.command()
def show(incident: Id, as_json: AsJson = False) -> None:
    """Show one incident and what its record still lacks."""
    with acting() as (gate, actor):
        found = gate.incident(actor, incident)
    _answer(found, as_json=as_json)


@app.command()
def record(
    incident: Id,
    leaflet: Annotated[
        str | None, typer.Option(help="Which leaflet the person was given, or why none.")
    ] = None,
    complaint: Annotated[
        str | None, typer.Option(help="The reference under which they can complain.")
    ] = None,
    stop_minutes: Annotated[int | None, typer.Option(help="How long they were kept.")] = None,
    outcome: Annotated[str | None, typer.Option(help="What came of it for the person.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say what was done; what was said before stays unless it is said anew."""
    news = IncidentRecord(leaflet, complaint, stop_minutes, outcome)
    with acting() as (gate, actor):
        found = gate.record_incident(actor, incident, news)
    _answer(found, as_json=as_json)


@app.command()
def close(incident: Id, as_json: AsJson = False) -> None:
    """Close a record that says everything; refused while anything is missing."""
    with acting() as (gate, actor):
        found = gate.close_incident(actor, incident)
    _answer(found, as_json=as_json)


@app.command()
def breach(
    nature: Annotated[str, typer.Option(help="What happened, naming nobody.")],
    aware_at: Annotated[str, typer.Option(metavar="TIME", help="When it became known.")],
    as_json: AsJson = False,
) -> None:
    """Put a breach of personal data on record: the regulator is to be told within 72 hours."""
    at = moment(aware_at, "--aware-at")
    with acting() as (gate, actor):
        found = gate.report_breach(actor, aware_at=at, nature=nature)
    _answer_breaches([found], as_json=as_json)


@app.command("breach-told")
def breach_told(
    breach: Annotated[str, typer.Argument(metavar="ID", help="From `incidents breaches`.")],
    *,
    at: Annotated[str, typer.Option(metavar="TIME", help="When the regulator was told.")],
    reference: Annotated[str, typer.Option(help="Of the notification.")] = "",
    why_late: Annotated[str, typer.Option(help="The reasons, if it was later.")] = "",
    not_owed: Annotated[str, typer.Option(help="Instead: why nobody's rights are at risk.")] = "",
    as_json: AsJson = False,
) -> None:
    """Put on record that the regulator was told of a breach, or why nothing is owed."""
    told = RegulatorTold(moment(at, "--at"), reference, why_late, not_owed)
    with acting() as (gate, actor):
        found = gate.tell_of_breach(actor, breach, told)
    _answer_breaches([found], as_json=as_json)


@app.command()
def breaches(as_json: AsJson = False) -> None:
    """List the breaches with their clocks, oldest first."""
    with acting() as (gate, actor):
        found = gate.breaches(actor)
    _answer_breaches(found, as_json=as_json)


def _answer_breaches(found: Sequence[Breach], *, as_json: bool) -> None:
    now = Clock().now()
    answer(
        {
            "breaches": [
                {
                    "breach": each.id,
                    "aware_at": iso(each.aware_at),
                    "due_at": iso(each.due_at),
                    "told_at": iso(each.told_at) if each.told_at else None,
                    "owed": each.owed,
                    "clock": each.clock(now),
                }
                for each in found
            ]
        },
        [f"{each.id}  known {iso(each.aware_at)}  {each.clock(now)}" for each in found]
        or ["no breaches"],
        as_json=as_json,
    )


def _answer(found: Incident, *, as_json: bool) -> None:
    answer(found.facts(), [_line(found), *_record_lines(found)], as_json=as_json)


def _line(found: Incident) -> str:
    state = f"closed by {found.closed_by}" if found.closed_at else "open"
    lacks = f", lacks {', '.join(found.record.missing)}" if found.record.missing else ""
    return f"{found.id}  {iso(found.opened_at)}  alert {found.alert}  {state}{lacks}"


def _record_lines(found: Incident) -> list[str]:
    record = found.record
    told = {
        "leaflet": record.leaflet,
        "complaint": record.complaint,
        "stop": None if record.stop_minutes is None else f"{record.stop_minutes} minutes",
        "outcome": record.outcome,
    }
    return [f"  {name}: {words}" for name, words in told.items() if words is not None]
