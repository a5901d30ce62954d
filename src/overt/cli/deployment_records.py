"""What is put on record for a deployment, and read of it: notice, signs, decisions, show, list."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from overt.cli.acting import acting
from overt.cli.answer import answer
from overt.cli.deployment_moves import AsJson, Id
from overt.errors import Refused
from overt.gate.deployment_views import DeploymentLine, DeploymentView, PlaceLine
from overt.gate.life import DecisionOrder, NoticeOrder
from overt.identifiers import DeploymentId
from overt.rates.how_many import how_many
from overt.units import UtcTime, iso, utc

Time = Annotated[str | None, typer.Option(metavar="TIME", help="As 2026-11-30T10:00:00Z.")]


class Ruling(Enum):
    GRANTED = "granted"
    REFUSED = "refused"


def add_records(app: typer.Typer) -> None:
    for name, command in (
        ("notice", notice), ("signs", signs), ("approve", approve), ("decision", decision),
        ("record", record), ("show", show), ("list", list_deployments), ("places", places),
        ("public-record", public_record_files), ("notice-feed", notice_feed_file),
    ):  # fmt: skip
        app.command(name)(command)


def moment(text: str, option: str) -> UtcTime:
    """Read a time that somebody gave with an option."""
    try:
        return utc(datetime.fromisoformat(text))
    except ValueError as error:
        raise Refused(
            f"{option} {text[:60]!r} is no time with its zone; write 2026-11-30T10:00:00Z"
        ) from error


def notice(
    deployment: Id,
    *,
    proof: Annotated[Path, typer.Option(help="The notice as it was published.")],
    published_at: Annotated[
        str, typer.Option(metavar="TIME", help="When the public could read it.")
    ],
    where: Annotated[str, typer.Option(help="Where it was published.")],
    told_from: Time = None,
    told_until: Time = None,
    told_place: Annotated[str | None, typer.Option(help="The place that it told.")] = None,
    as_json: AsJson = False,
) -> None:
    """Put the public notice on record. What it told is what was signed, unless said otherwise."""
    order = NoticeOrder(
        proof=proof,
        published_at=moment(published_at, "--published-at"),
        where=where,
        from_=moment(told_from, "--told-from") if told_from else None,
        until=moment(told_until, "--told-until") if told_until else None,
        place=told_place,
    )
    with acting() as (gate, actor):
        owed = gate.record_notice(actor, DeploymentId(deployment), order)
    answer(
        {"noticed": deployment, "published_at": iso(order.published_at), "owes": owed},
        [
            f"{deployment}: the notice is on record",
            *([f"under its profile it has to say: {owed}"] if owed else []),
        ],
        as_json=as_json,
    )


def signs(
    deployment: Id,
    *,
    photo: Annotated[list[Path], typer.Option(help="A photograph of a sign; once for each.")],
    where: Annotated[str, typer.Option(help="Where the signs stand.")],
    as_json: AsJson = False,
) -> None:
    """Put the signs around the zone on record, by their photographs. Only digests are kept."""
    with acting() as (gate, actor):
        count = gate.record_signs(actor, DeploymentId(deployment), photo, where=where)
    answer(
        {"deployment": deployment, "signs": count},
        [f"{deployment}: {count} signs are on record"],
        as_json=as_json,
    )


def approve(
    deployment: Id,
    rationale: Annotated[str, typer.Option(help="Why it is right all the same.")],
    as_json: AsJson = False,
) -> None:
    """Approve a sensitive place or event, as a senior officer who did not sign it."""
    with acting() as (gate, actor):
        foretold = gate.approve_deployment(actor, DeploymentId(deployment), rationale=rationale)
    answer(
        {"approved": deployment, "forecast": foretold},
        [f"{deployment} is approved", f"forecast: {foretold or 'none is on record'}"],
        as_json=as_json,
    )


def decision(
    deployment: Id,
    *,
    paper: Annotated[Path, typer.Option(help="The decision; its digest is recorded.")],
    body: Annotated[str, typer.Option(help="The court or independent body.")],
    reference: Annotated[str, typer.Option(help="Its reference of the decision.")],
    ruling: Annotated[Ruling, typer.Option(help="What it decided.")],
    valid_until: Annotated[str, typer.Option(metavar="TIME", help="Until when it holds.")],
    as_json: AsJson = False,
) -> None:
    """Put a court's or an independent body's decision on record. A refusal stops a run at once."""
    order = DecisionOrder(
        paper, body, reference, ruling is Ruling.GRANTED, moment(valid_until, "--valid-until")
    )
    with acting() as (gate, actor):
        gate.record_decision(actor, DeploymentId(deployment), order)
    answer(
        {"deployment": deployment, "decision": ruling.value},
        [f"{deployment}: {ruling.value} is on record"],
        as_json=as_json,
    )


def record(
    deployment: Id,
    file: Annotated[Path, typer.Option(help="The written record; its digest is kept.")],
    as_json: AsJson = False,
) -> None:
    """Put on record the written account that urgent authority owes."""
    with acting() as (gate, actor):
        gate.keep_written_record(actor, DeploymentId(deployment), file)
    answer({"recorded": deployment}, [f"{deployment}: the record is kept"], as_json=as_json)


def show(deployment: Id, as_json: AsJson = False) -> None:
    """Show how far a deployment has come, what is on record of it, and what is missing."""
    with acting() as (gate, actor):
        view = gate.deployment(actor, DeploymentId(deployment))
    answer(_told(view), view_lines(view), as_json=as_json)


def list_deployments(as_json: AsJson = False) -> None:
    """List the deployments with their stages."""
    with acting() as (gate, actor):
        lines = gate.deployments(actor)
    answer(
        {"deployments": [_told(line) for line in lines]},
        [_line(line) for line in lines] or ["no deployments"],
        as_json=as_json,
    )


def places(as_json: AsJson = False) -> None:
    """Tell how long each place was watched in all, and how many faces were seen there."""
    with acting() as (gate, actor):
        found = gate.places(actor)
    answer(
        {"places": [_told(place) for place in found]},
        [_place(place) for place in found] or ["no place was watched"],
        as_json=as_json,
    )


def public_record_files(
    deployment: Id,
    *,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="record.csv and record.json.")],
    as_json: AsJson = False,
) -> None:
    """Write the record of a deployment for the public, worked out from the log."""
    from overt.assurance.report_files import require_folder, write_whole
    from overt.policy import public_record

    require_folder(out)
    with acting() as (gate, actor):
        found = gate.public_record(actor, DeploymentId(deployment))
    told = public_record.as_json(found)
    written = {
        "record.csv": public_record.as_csv([found]).encode(),
        "record.json": (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode(),
    }
    files = write_whole(out, written)
    lines = [f"{name}: {value}" for name, value in found.columns(drill=False).items()]
    answer(told, [*lines, *(f"written: {each}" for each in files)], as_json=as_json)


def notice_feed_file(
    *,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="notices.atom is written here.")
    ],
    publisher: Annotated[str, typer.Option(help="Who publishes it: the force or controller.")],
    site: Annotated[str, typer.Option(metavar="URL", help="Where it will be found.")] = "",
    as_json: AsJson = False,
) -> None:
    """Write the notices on record as an Atom feed, each with its lead time."""
    from overt.assurance.report_files import require_folder, write_whole
    from overt.policy.notice_feed import FEED_FILE, atom

    require_folder(out)
    if not publisher.strip():
        raise Refused("say who publishes it: --publisher NAME")
    with acting() as (gate, actor):
        notices = gate.public_notices(actor)
    files = write_whole(out, {FEED_FILE: atom(notices, publisher=publisher, site=site)})
    answer(
        {
            "feed": str(files[0]),
            "notices": [
                {"id": each.id, "deployment": each.deployment, "lead_minutes": each.lead_minutes}
                for each in notices
            ],
        },
        [
            *(f"{each.deployment}: {each.lead_minutes} minutes ahead" for each in notices),
            f"written: {files[0]}, {len(notices)} notices",
        ],
        as_json=as_json,
    )


def _told(value: DeploymentLine | DeploymentView | PlaceLine) -> dict[str, object]:
    return {name: _plain(each) for name, each in asdict(value).items()}


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return iso(UtcTime(value))
        case Enum():
            return value.value
        case tuple() | list():
            return [_plain(each) for each in value]
        case Mapping():
            return {name: _plain(each) for name, each in value.items()}
    return value


def _line(line: DeploymentLine) -> str:
    window = (
        f"{iso(line.starts_at)} to {iso(line.ends_at)}" if line.starts_at and line.ends_at else ""
    )
    return f"{line.id}: {line.stage.value}, {line.governed_by.partition(' ')[0]}, {window}"


def view_lines(view: DeploymentView) -> list[str]:
    told = [
        f"  {iso(act.at)} {act.by}: {act.event}"
        + "".join(f", {name} {value}" for name, value in act.facts.items())
        for act in view.acts
    ]
    next_moves = ", ".join(view.next_moves) or "none"
    return [_line(view.line), *told, f"  next: {next_moves}"]


def _place(place: PlaceLine) -> str:
    return (
        f"{place.place}: {how_many(place.deployments, 'deployment')}, {place.seconds / 3600:.1f} hours, "
        f"{how_many(place.faces, 'face')}, {how_many(place.alerts, 'alert')}, last {iso(place.last)}"
    )
