"""What is kept of a seeded walk and read of it: consents, passes, the report."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from overt.cli.acting import acting
from overt.cli.answer import answer
from overt.config.walk_log import parse_walk_log, participant_id
from overt.errors import Refused
from overt.gate.walks import ConsentOrder
from overt.identifiers import DeploymentId
from overt.rates.how_many import how_many
from overt.rates.walk_matching import REACH, Reach
from overt.units import Seconds

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
Walk = Annotated[str, typer.Argument(metavar="DEPLOYMENT", help="The walk's deployment id.")]
Participant = Annotated[
    str, typer.Argument(metavar="PARTICIPANT", help="The id on the walk's list; never a name.")
]


def add_records(app: typer.Typer) -> None:
    for name, command in (
        ("consent", consent), ("withdraw", withdraw), ("consents", consents), ("log", log),
        ("report", report),
    ):  # fmt: skip
        app.command(name)(command)


def consent(
    participant: Participant,
    *,
    given_on: Annotated[str, typer.Option(metavar="DATE", help="When they agreed: 2026-11-30.")],
    explained: Annotated[
        str,
        typer.Option(help="What was explained: purpose, cameras, what is kept, how to withdraw."),
    ],
    as_json: AsJson = False,
) -> None:
    """Put a participant's consent on record. Without it they are neither sought nor logged."""
    order = ConsentOrder(participant_id(participant), _day(given_on), explained)
    with acting() as (gate, actor):
        gate.record_consent(actor, order)
    answer(
        {"participant": participant, "given_on": given_on},
        [f"{participant}: the consent of {given_on} is on record"],
        as_json=as_json,
    )


def withdraw(participant: Participant, as_json: AsJson = False) -> None:
    """Withdraw a consent: passes, reference images and alerts of the participant are erased."""
    with acting() as (gate, actor):
        gone = gate.withdraw_consent(actor, participant_id(participant))
    answer(
        {
            "participant": participant,
            "passes": gone.passes,
            "lists": list(gone.erased.lists),
            "images": gone.erased.images,
            "alerts": gone.erased.alerts,
        },
        [
            (
                f"{participant} is out: {how_many(gone.passes, 'pass', 'passes')}, {how_many(gone.erased.images, 'image')} and "
                f"{how_many(gone.erased.alerts, 'alert')} erased"
            )
        ],
        as_json=as_json,
    )


def consents(as_json: AsJson = False) -> None:
    """List the consents, standing and withdrawn."""
    with acting() as (gate, actor):
        found = gate.walk_consents(actor)
    answer(
        {"consents": [dict(each.facts()) for each in found]},
        [
            f"{each.participant}: {'withdrawn' if each.withdrawn_at else 'stands'}, "
            f"given {each.given_on.isoformat()}: {each.explained}"
            for each in found
        ]
        or ["no consents"],
        as_json=as_json,
    )


def log(
    walk: Walk,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE.csv",
            help="participant,camera,at,light,distance,eyewear,headgear and perhaps zone.",
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Log the passes of a file: all of them, or none with every bad line named."""
    passes = parse_walk_log(_content(file), file=file.name)
    with acting() as (gate, actor):
        count = gate.log_passes(actor, DeploymentId(walk), passes, file=file.name)
    answer({"walk": walk, "passes": count}, [f"{walk}: {count} passes logged"], as_json=as_json)


def report(
    walk: Walk,
    *,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the report goes.")],
    before: Annotated[
        float, typer.Option(min=0, max=120, help="Seconds that an alert may precede its pass.")
    ] = float(REACH.before),
    after: Annotated[
        float, typer.Option(min=0, max=300, help="Seconds that it may follow it.")
    ] = float(REACH.after),
    as_json: AsJson = False,
) -> None:
    """Report TRR and FAR of a walk, by condition, with every doubt counted."""
    from overt.assurance.report_files import require_folder, write_whole
    from overt.assurance.walk_report import walk_page, walk_report

    require_folder(out)
    with acting() as (gate, actor):
        record = gate.walk(actor, DeploymentId(walk))
    told = walk_report(record, Reach(Seconds(before), Seconds(after)))
    files = write_whole(
        out,
        {
            "walk.json": (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode(),
            "walk.html": walk_page(told).encode(),
        },
    )
    answer(
        told,
        [*told["summary"], *told["warnings"], *(f"written: {each}" for each in files)],
        as_json=as_json,
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"--given-on {text[:40]!r} is no date; write 2026-11-30") from None


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Refused(f"{file}: cannot be read: {error.strerror}") from None
