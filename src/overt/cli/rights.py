"""`overt rights`: what a named person asks for, from receipt to the written answer."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from overt.cli.acting import acting
from overt.cli.answer import answer as tell
from overt.errors import Refused
from overt.gate.rights import AnswerOrder, RequestOrder, SearchOrder
from overt.gate.rights_rows import Request
from overt.identifiers import AlertId, SubjectId, WatchlistName
from overt.policy.rights import Ground, Outcome, Right
from overt.rates.how_many import how_many
from overt.units import Clock

app = typer.Typer(
    help="Access, rectification, erasure and restriction, asked for by a named person.",
    no_args_is_help=True,
)

Id = Annotated[str, typer.Argument(metavar="ID", help="The request's id, from `rights list`.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


@app.command()
def receive(
    *,
    right: Annotated[Right, typer.Option(help="What they ask for.")],
    name: Annotated[str, typer.Option(help="Who asks.")],
    contact: Annotated[str, typer.Option(help="Where the answer goes.")],
    words: Annotated[str, typer.Option(help="What they ask for, in their words.")],
    received_on: Annotated[str, typer.Option(metavar="DATE", help="When it came: 2026-11-30.")],
    as_json: AsJson = False,
) -> None:
    """Put a request on record. Name, contact and words are sealed; the log holds none of them."""
    order = RequestOrder(right, _day(received_on, "--received-on"), name, contact, words)
    with acting() as (gate, actor):
        found = gate.receive_request(actor, order)
    _tell(found, as_json=as_json)


@app.command("list")
def list_requests(as_json: AsJson = False) -> None:
    """List the requests with the day on which each is due."""
    with acting() as (gate, actor):
        found = gate.requests(actor)
    today = Clock().now().date()
    tell(
        {"requests": [dict(each.facts(today)) for each in found]},
        [_line(each) for each in found] or ["no requests"],
        as_json=as_json,
    )


@app.command()
def show(request: Id, as_json: AsJson = False) -> None:
    """Show one request with who asked, and the answer once it was given."""
    with acting() as (gate, actor):
        found = gate.request(actor, request)
    told = found.told
    facts = {
        **found.facts(Clock().now().date()),
        "name": told.name, "contact": told.contact, "words": told.words,
        "identified_by": told.identified_by, "reason": told.reason, "answer": told.answer,
    }  # fmt: skip
    lines = [
        _line(found), f"  from: {told.name}, {told.contact}", f"  asks: {told.words}",
        *([f"  identified by: {told.identified_by}"] if told.identified_by else []),
        *(f"  {each}" for each in told.done), *([told.answer] if told.answer else []),
    ]  # fmt: skip
    tell(facts, lines, as_json=as_json)


@app.command()
def identity(
    request: Id,
    *,
    ask: Annotated[bool, typer.Option("--ask", help="They were asked; the time waits.")] = False,
    how: Annotated[str | None, typer.Option(help="How it is known who they are.")] = None,
    told_on: Annotated[
        str | None, typer.Option(metavar="DATE", help="When they told it; today if left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Record that the person was asked who they are, or how it is known."""
    if ask == (how is not None):
        raise Refused("either --ask, or --how TEXT with what established who they are")
    with acting() as (gate, actor):
        if how is None:
            found = gate.ask_identity(actor, request)
        else:
            day = _day(told_on, "--told-on") if told_on else Clock().now().date()
            found = gate.identify_requester(actor, request, how=how, told_on=day)
    _tell(found, as_json=as_json)


@app.command()
def extend(
    request: Id,
    reason: Annotated[str, typer.Option(help="Why it takes longer; the person is told.")],
    as_json: AsJson = False,
) -> None:
    """Extend the time by two months, once, before it ends."""
    with acting() as (gate, actor):
        found = gate.extend_request(actor, request, reason=reason)
    _tell(found, as_json=as_json)


@app.command()
def search(
    request: Id,
    *,
    subject: Annotated[
        list[str] | None, typer.Option(help="An id of theirs on lists; once for each.")
    ] = None,
    alert: Annotated[
        list[str] | None, typer.Option(help="An alert on them, as somebody wrongly alerted on.")
    ] = None,
    not_theirs: Annotated[
        list[str] | None,
        typer.Option(help="An id or alert of an earlier search that is another's after all."),
    ] = None,
    because: Annotated[str, typer.Option(help="How that is known.")] = "",
    as_json: AsJson = False,
) -> None:
    """Find what is held on the person: entries, manifests, alerts, decisions, incidents.

    What was found before stays found.
    """
    with acting() as (gate, actor):
        found = gate.search_request(
            actor,
            request,
            SearchOrder(
                [SubjectId(each) for each in subject or ()],
                [AlertId(each) for each in alert or ()],
                not_theirs or (),
                because,
            ),
        )
    tell(
        {
            "held": [{"what": each.what, **dict(each.facts)} for each in found.held],
            "perhaps": [{"list": name, "id": each} for name, each in found.perhaps],
        },
        [
            *(
                f"{each.what}: " + ", ".join(f"{name} {value}" for name, value in each.facts)
                for each in found.held
            ),
            *(
                f"perhaps {each} on {name}: the entry's words hold the name; look, then search again"
                for name, each in found.perhaps
            ),
        ]
        or ["nothing is held under these"],
        as_json=as_json,
    )


@app.command()
def restrict(request: Id, as_json: AsJson = False) -> None:
    """Keep what is held and use it no more: the person is looked for on no list."""
    with acting() as (gate, actor):
        done = gate.restrict_person(actor, request)
    tell({"restricted": list(done)}, [f"restricted: {', '.join(done)}"], as_json=as_json)


@app.command()
def lift(
    request: Id,
    reason: Annotated[str, typer.Option(help="Why, and how the person was told beforehand.")],
    as_json: AsJson = False,
) -> None:
    """Lift the restrictions of a request."""
    with acting() as (gate, actor):
        gate.lift_restriction(actor, request, reason=reason)
    tell({"lifted": request}, [f"{request}: lifted"], as_json=as_json)


@app.command()
def erase(request: Id, as_json: AsJson = False) -> None:
    """Erase the person: entries, images, templates, alerts. Manifests keep the bare id."""
    with acting() as (gate, actor):
        gone = gate.erase_for_request(actor, request)
    tell(
        {"lists": list(gone.lists), "images": gone.images, "alerts": gone.alerts},
        [
            (
                f"erased: {how_many(len(gone.lists), 'entry', 'entries')}, "
                f"{how_many(gone.images, 'image')}, {how_many(gone.alerts, 'alert')}"
            )
        ],
        as_json=as_json,
    )


@app.command()
def correct(
    request: Id,
    *,
    watchlist: Annotated[str, typer.Option(help="The list whose entry is wrong.")],
    change: Annotated[
        list[str], typer.Option(metavar="FIELD=TEXT", help="reason, status or date_of_birth.")
    ],
    as_json: AsJson = False,
) -> None:
    """Rectify what a list says of the person."""
    changes = dict(_change(each) for each in change)
    with acting() as (gate, actor):
        gate.correct_for_request(actor, request, WatchlistName(watchlist), changes)
    tell(
        {"corrected": sorted(changes)},
        [f"{watchlist}: corrected {', '.join(sorted(changes))}"],
        as_json=as_json,
    )


@app.command()
def answer(
    request: Id,
    *,
    outcome: Annotated[Outcome, typer.Option(help="What was decided.")],
    controller: Annotated[str, typer.Option(help="Who answers: the force, with its address.")],
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="answer.txt and answer.html go there.")
    ],
    ground: Annotated[Ground | None, typer.Option(help="On which ground it is refused.")] = None,
    reason: Annotated[str, typer.Option(help="Why, as it is kept for the Commissioner.")] = "",
    told_reason: Annotated[
        str, typer.Option(help="Why, as the person is told; nothing where that would undo it.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Write the answer, once and for good."""
    from overt.assurance.report_files import require_folder, write_whole

    require_folder(out)
    order = AnswerOrder(outcome, controller, ground, reason, told_reason)
    with acting() as (gate, actor):
        written = gate.answer_request(actor, request, order)
    files = write_whole(
        out, {"answer.txt": written.text.encode(), "answer.html": written.html.encode()}
    )
    tell(
        {"answered": request, "outcome": outcome.value, "files": [str(each) for each in files]},
        [written.text, *(f"written: {each}" for each in files)],
        as_json=as_json,
    )


def _tell(found: Request, *, as_json: bool) -> None:
    tell(found.facts(Clock().now().date()), [_line(found)], as_json=as_json)


def _line(found: Request) -> str:
    facts = found.facts(Clock().now().date())
    if found.outcome is not None:
        state = f"answered: {found.outcome.value}"
    elif facts["due_on"] is None:
        state = "waits for the person to tell who they are"
    else:
        state = f"due on {facts['due_on']}{', OVERDUE' if facts['overdue'] else ''}"
    return f"{found.id}  {found.right.value}, received {facts['received_on']}, {state}"


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"{option} {text[:40]!r} is no date; write 2026-11-30") from None


def _change(text: str) -> tuple[str, str]:
    name, mark, value = text.partition("=")
    if not mark:
        raise Refused(f"--change {text[:60]!r} is not FIELD=TEXT")
    return name.strip(), value
