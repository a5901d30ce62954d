"""`overt alerts`: see what was raised, judge it, send somebody, stop it, hand it over."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from overt.cli.acting import acting
from overt.cli.answer import answer
from overt.decisions.case import Case
from overt.decisions.states import AWAITING_JUDGEMENT, Judgement
from overt.decisions.wording import NEXT, STATES, wording_of
from overt.errors import Fault, Refused
from overt.gate.alert_rows import Exhibits
from overt.identifiers import AlertId
from overt.units import iso

app = typer.Typer(help="Alerts: read, judge, send, stop.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(metavar="ID", help="The alert's id, from `alerts list`.")]
Reason = Annotated[str, typer.Option(help="What was seen, in words; never blank.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


class Choice(Enum):
    """The three judgements, as typed."""

    POSSIBLE_MATCH = Judgement.POSSIBLE_MATCH.value
    NOT_THE_PERSON = Judgement.NOT_THE_PERSON.value
    UNSURE = Judgement.UNSURE.value


@app.command("list")
def list_alerts(
    awaiting: Annotated[bool, typer.Option("--awaiting", help="Only those not judged.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the alerts, newest first."""
    with acting() as (gate, actor):
        cases = gate.alerts(actor)
    if awaiting:
        cases = tuple(case for case in cases if case.review.state in AWAITING_JUDGEMENT)
    answer(
        {"alerts": [case.fields() for case in cases]},
        [_line(case) for case in cases] or ["no alerts"],
        as_json=as_json,
    )


@app.command()
def show(
    alert: Id,
    out: Annotated[
        Path | None,
        typer.Option(help="Write the images to this folder: a disclosure, logged as one."),
    ] = None,
    recipient: Annotated[str, typer.Option(help="Who gets the images (with --out).")] = "",
    justification: Annotated[
        str, typer.Option(help="Why they get them (with --out); kept in the log.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Show one alert; with --out, hand its images over to a recipient, for a justification."""
    written: list[Path] = []
    with acting() as (gate, actor):
        if out is None:
            case = gate.alert(actor, AlertId(alert))
        else:
            with _new_folder(out) as folder:
                case, shown = gate.disclose_alert(
                    actor, AlertId(alert), recipient=recipient, justification=justification
                )
                written = _write(folder, shown)
    answer(
        {**case.fields(), "images": [str(path) for path in written]},
        [*_told(case), *(f"written: {path}" for path in written)],
        as_json=as_json,
    )


@app.command()
def decide(
    alert: Id,
    judgement: Annotated[Choice, typer.Option(help="What you judge after comparing.")],
    reason: Reason,
    as_json: AsJson = False,
) -> None:
    """Record your judgement. Look at the images first: `overt console` shows them."""
    with acting() as (gate, actor):
        case = gate.decide(actor, AlertId(alert), Judgement(judgement.value), reason=reason.strip())
    _answer_moved(case, as_json=as_json)


@app.command()
def dispatch(
    alert: Id,
    to: Annotated[list[str], typer.Option(help="Who is sent; once for each.")],
    reason: Reason,
    as_json: AsJson = False,
) -> None:
    """Record who is sent. Refused before a person judged the alert a possible match."""
    with acting() as (gate, actor):
        names = tuple(name.strip() for name in to)
        case = gate.dispatch(actor, AlertId(alert), recipients=names, reason=reason.strip())
    _answer_moved(case, as_json=as_json)


@app.command()
def stop(alert: Id, reason: Reason, as_json: AsJson = False) -> None:
    """Record a doubt: the alert ends, and whoever was sent is called back."""
    with acting() as (gate, actor):
        case = gate.stop_alert(actor, AlertId(alert), reason=reason.strip())
    _answer_moved(case, as_json=as_json)


def _answer_moved(case: Case, *, as_json: bool) -> None:
    state = case.review.state
    answer(case.fields(), [f"{case.alert.id}: {STATES[state]}. {NEXT[state]}"], as_json=as_json)


def _line(case: Case) -> str:
    alert = case.alert
    either = f" or {alert.second}" if alert.ambiguous else ""
    return (
        f"{alert.id}  {iso(alert.captured_at)}  {alert.camera}  resembles {alert.subject_id}"
        f"{either}  {alert.similarity:.4f} (threshold {alert.threshold:g}, list "
        f"{alert.list_size})  {STATES[case.review.state]}"
    )


def _told(case: Case) -> Iterator[str]:
    alert, listed = case.alert, case.listed
    words = wording_of(listed.category)
    yield f"{alert.id}: {STATES[case.review.state]}. {NEXT[case.review.state]}"
    yield f"seen      camera {alert.camera}, {case.place}, {iso(alert.captured_at)}"
    yield (
        f"resembles {alert.subject_id}: similarity {alert.similarity:.4f}, threshold "
        f"{alert.threshold:g}, list {alert.list_size}, {alert.shots} shots"
    )
    if alert.ambiguous:
        yield (
            f"AMBIGUOUS {alert.second} is about as alike ({alert.second_similarity:.4f}): "
            "it may be either, or neither"
        )
    if alert.lookalikes:
        yield f"ALIKE     known to resemble {alert.subject_id}: {', '.join(alert.lookalikes)}"
    status = f", {listed.status}" if listed.status else ""
    yield f"listed as {words.name}{status}. {words.notice}"
    if listed.stood_down:
        yield f"NO LONGER SOUGHT: {listed.stood_down}"
    yield f"because   {listed.reason}"
    yield f"response  {listed.response_plan}"
    for act in case.review.acts:
        to = f" to {', '.join(act.recipients)}" if act.recipients else ""
        yield f"{iso(act.at)} {act.by}: {act.move.name.lower().replace('_', ' ')}{to}: {act.reason}"
    yield f"destroyed by {iso(case.delete_after)}"


@contextmanager
def _new_folder(out: Path) -> Iterator[Path]:
    """Make the folder first, so that nothing is disclosed that cannot be written."""
    try:
        out.mkdir(mode=0o700)
    except FileExistsError:
        raise Refused(f"{out} exists; name a folder that does not, and it is made") from None
    except OSError as error:
        raise Refused(f"{out} cannot be made: {error.strerror}") from None
    try:
        yield out
    except Refused:
        out.rmdir()
        raise


def _write(folder: Path, shown: Exhibits) -> list[Path]:
    pieces = {"seen.jpg": shown.probe, "scene.jpg": shown.scene} | {
        f"listed-{number}.jpg": image for number, image in enumerate(shown.listed, start=1)
    }
    paths = []
    for name, content in pieces.items():
        path = folder / name
        try:
            with open(path, "xb", opener=_private) as file:
                file.write(content)
        except OSError as error:
            raise Fault(f"{path} cannot be written: {error.strerror}") from error
        paths.append(path)
    return paths


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
