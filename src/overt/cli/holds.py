"""`overt holds`: alerts that are kept beyond their time, why, and until when."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from overt.cli.acting import acting
from overt.cli.answer import answer
from overt.cli.deployment_moves import AsJson
from overt.errors import Refused
from overt.identifiers import AlertId
from overt.policy.holds import Hold, HoldGround
from overt.units import UtcTime, iso, utc

app = typer.Typer(help="Legal holds: alerts kept beyond their time.", no_args_is_help=True)

Alert = Annotated[str, typer.Argument(metavar="ALERT", help="The alert's id.")]


@app.command()
def place(
    alert: Alert,
    ground: Annotated[HoldGround, typer.Option(help="Why it is kept.")],
    reference: Annotated[str, typer.Option(help="A case number or the like; no name.")],
    review_by: Annotated[str, typer.Option(help="When it is reviewed: a date, ISO 8601.")],
    as_json: AsJson = False,
) -> None:
    """Keep an alert with its evidence; on one that is held, set another review date."""
    with acting() as (gate, actor):
        hold = gate.place_hold(
            actor, AlertId(alert), ground, reference=reference, review_by=_moment(review_by)
        )
    answer({"held": facts(hold)}, [hold.in_words], as_json=as_json)


@app.command()
def release(
    alert: Alert,
    reason: Annotated[str, typer.Option(help="Why it may go; no name.")],
    as_json: AsJson = False,
) -> None:
    """Let a held alert die at its time, or now. It takes another person than the one who holds it."""
    with acting() as (gate, actor):
        gate.release_hold(actor, AlertId(alert), reason=reason)
    answer({"released": alert}, [f"{alert} is held no longer"], as_json=as_json)


@app.command("list")
def list_holds(as_json: AsJson = False) -> None:
    """List what is held, the next review first."""
    with acting() as (gate, actor):
        found = gate.holds(actor)
    answer(
        {"holds": [facts(hold) for hold in found]},
        [hold.in_words for hold in found] or ["nothing is held"],
        as_json=as_json,
    )


def facts(hold: Hold) -> dict[str, str]:
    return {
        "alert": hold.alert,
        "ground": hold.ground.value,
        "reference": hold.reference,
        "by": hold.by,
        "placed_at": iso(hold.placed_at),
        "review_by": iso(hold.review_by),
    }


def _moment(text: str) -> UtcTime:
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(f"{text!r} is no date: write 2026-12-24, or 2026-12-24T12:00:00Z") from None
    return utc(told if told.tzinfo else told.replace(tzinfo=UTC))
