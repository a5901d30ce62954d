"""`overt alerts`: see what was raised, judge it, send somebody, stop it, say what came of it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from overt.cli.acting import acting
from overt.cli.answer import answer
from overt.cli.drawing import side_by_side
from overt.decisions.case import Case
from overt.decisions.engagement import IdentityMethod, NotEngaged, Outcome
from overt.decisions.performance import OperatorStatistics
from overt.decisions.states import AWAITING_JUDGEMENT, Judgement
from overt.decisions.wording import NEXT, STATES, wording_of
from overt.errors import Fault, Refused
from overt.gate.alert_rows import Exhibits
from overt.gate.decoys import DecoyOrder
from overt.gate.engagements import Ending
from overt.identifiers import AlertId, DeploymentId, SubjectId
from overt.policy.access import Actor, Permission, permissions_of
from overt.units import iso

app = typer.Typer(help="Alerts: read, judge, send, stop, end.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(metavar="ID", help="The alert's id, from `alerts list`.")]
Reason = Annotated[str, typer.Option(help="What was seen, in words; never blank.")]
Perceived = Annotated[
    str | None,
    typer.Option(
        metavar="GROUP",
        help="Of a false alert: the group as you perceive the person; counted, kept with nobody.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


class Choice(Enum):
    """The three judgements, as typed."""

    POSSIBLE_MATCH = Judgement.POSSIBLE_MATCH.value
    NOT_THE_PERSON = Judgement.NOT_THE_PERSON.value
    UNSURE = Judgement.UNSURE.value


class Step(Enum):
    """What happened on the street, as typed."""

    SAME_PERSON = "same-person"
    ENGAGED = "engaged"
    DOUBT = "doubt"
    TRUE = Outcome.TRUE.value
    FALSE = Outcome.FALSE.value
    UNIDENTIFIED = Outcome.UNIDENTIFIED.value
    NOT_LOCATED = Outcome.NOT_LOCATED.value
    NOT_ENGAGED = Outcome.NOT_ENGAGED.value


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
    """Show one alert with its images, drawn in the terminal; nobody judges without.

    With --json no image is opened. With --out they are handed over, for a justification.
    """
    written: list[Path] = []
    drawn: list[str] = []
    with acting() as (gate, actor):
        if out is None and as_json:
            case = gate.alert(actor, AlertId(alert))
        elif out is None:
            opened = gate.examine_alert if _reads_alerts(actor) else gate.open_sent_alert
            case, shown = opened(actor, AlertId(alert))
            drawn = side_by_side(shown.probe, shown.listed)
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
    for line in drawn:  # our own colours, which `answer` would spell out
        print(line)


@app.command()
def decide(
    alert: Id,
    judgement: Annotated[Choice, typer.Option(help="What you judge after comparing.")],
    reason: Reason,
    perceived: Perceived = None,
    as_json: AsJson = False,
) -> None:
    """Record your judgement. Open the images first: `overt alerts show`, or `overt console`."""
    with acting() as (gate, actor):
        case = gate.decide(
            actor, AlertId(alert), Judgement(judgement.value),
            reason=reason.strip(), perceived=perceived,
        )  # fmt: skip
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


@app.command()
def outcome(
    alert: Id,
    step: Annotated[Step, typer.Argument(help="What happened.")],
    reason: Reason,
    method: Annotated[
        IdentityMethod | None, typer.Option(help="How it is known who the person is (true, false).")
    ] = None,
    because: Annotated[
        NotEngaged | None, typer.Option(help="Why nobody spoke with them (not-engaged).")
    ] = None,
    perceived: Perceived = None,
    as_json: AsJson = False,
) -> None:
    """Record what came of an alert on the street, step by step.

    same-person before engaged, engaged before true, false or unidentified. True and false take
    --method: the alert is none. A false engagement opens an incident record.
    """
    if perceived is not None and step is not Step.FALSE:
        raise Refused("only a false alert is counted by perceived group: leave --perceived out")
    with acting() as (gate, actor):
        told = reason.strip()
        match step:
            case Step.SAME_PERSON:
                case = gate.confirm_same_person(actor, AlertId(alert), reason=told)
            case Step.ENGAGED:
                case = gate.engage(actor, AlertId(alert), reason=told)
            case Step.DOUBT:
                case = gate.doubt_alert(actor, AlertId(alert), reason=told)
            case _:
                ending = Ending(
                    Outcome(step.value),
                    told,
                    method,
                    because,
                    perceived,
                )
                case = gate.end_alert(actor, AlertId(alert), ending)
    _answer_moved(case, as_json=as_json)


@app.command()
def unfinished(
    deployment: Annotated[str, typer.Argument(metavar="DEPLOYMENT_ID")], as_json: AsJson = False
) -> None:
    """List the alerts of a deployment that nobody has brought to an end yet."""
    with acting() as (gate, actor):
        found = gate.unfinished_alerts(actor, DeploymentId(deployment))
    answer(
        {"deployment": deployment, "unfinished": list(found)},
        list(found) or ["every alert has come to an end"],
        as_json=as_json,
    )


@app.command()
def statistics(as_json: AsJson = False) -> None:
    """Tell how each person judges: time, rejections, disagreement, decoys. Counts, from the log."""
    with acting() as (gate, actor):
        found = gate.review_statistics(actor)
    answer(
        {"operators": [each.facts() for each in found]},
        [_performance(each) for each in found] or ["nobody has judged anything yet"],
        as_json=as_json,
    )


@app.command()
def decoy(
    deployment: Annotated[str, typer.Argument(metavar="DEPLOYMENT_ID")],
    seen: Annotated[Path, typer.Option(help="The image in the place of the camera's.")],
    listed: Annotated[Path, typer.Option(help="The image in the place of the list's.")],
    subject: Annotated[str, typer.Option(help="An id like those on the list.")],
    category: Annotated[str, typer.Option(help="A category like those on the list.")],
    consent: Annotated[str, typer.Option(help="How everybody in the images consented.")],
    same_person: Annotated[
        bool, typer.Option("--same-person", help="The images do show one person.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Plant a test among the alerts; which one it became, nobody is told."""
    order = DecoyOrder(
        DeploymentId(deployment), seen, listed, SubjectId(subject), category,
        same_person=same_person, consent=consent.strip(),
    )  # fmt: skip
    with acting() as (gate, actor):
        gate.plant_decoy(actor, order)
    answer({"planted": True}, ["a decoy was planted"], as_json=as_json)


def _performance(each: OperatorStatistics) -> str:
    time = "no" if each.median_seconds is None else f"{each.median_seconds:g} s"
    return (
        f"{each.by}: {each.judgements} judged, {each.rejected} rejected, {time} median time; "
        f"{each.disagreed} of {each.judged_by_two} judged by two differ; "
        f"{each.decoys_caught} of {each.decoys} decoys caught, {each.decoys_accepted} accepted; "
        f"{each.same_person_rejected} of {each.same_person_decoys} true pairs rejected"
    )


def _answer_moved(case: Case, *, as_json: bool) -> None:
    state = case.review.state
    answer(case.fields(), [f"{case.alert.id}: {STATES[state]}. {NEXT[state]}"], as_json=as_json)


def _line(case: Case) -> str:
    alert = case.alert
    either = f" or {alert.second}" if alert.ambiguous else ""
    return (
        f"{alert.id}  {iso(alert.captured_at)}  {alert.camera}  resembles {alert.subject_id}"
        f"{either}  {_score(case)} (threshold {alert.threshold:g}, list "
        f"{alert.list_size})  {STATES[case.review.state]}"
    )


def _score(case: Case) -> str:
    """How alike, once whoever reads it has judged for themselves (R42)."""
    return "hidden until you judge" if case.blind else f"{case.alert.similarity:.4f}"


def _reads_alerts(actor: Actor) -> bool:
    return Permission.ALERT_READ in permissions_of(actor.roles)


def _told(case: Case) -> Iterator[str]:
    alert, listed = case.alert, case.listed
    words = wording_of(listed.category)
    yield f"{alert.id}: {STATES[case.review.state]}. {NEXT[case.review.state]}"
    yield f"seen      camera {alert.camera}, {case.place}, {iso(alert.captured_at)}"
    yield f"moving    {alert.heading.value}"
    yield (
        f"resembles {alert.subject_id}: similarity {_score(case)}, threshold "
        f"{alert.threshold:g}, list {alert.list_size}, {alert.shots} shots"
    )
    if alert.ambiguous:
        yield (f"AMBIGUOUS {alert.second} is about as alike: it may be either, or neither")
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
