"""The records of false engagements: what each lacks, and the form that completes it."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from overt.console.console import Console, SignedIn
from overt.decisions.incident import IncidentRecord
from overt.decisions.review import LONGEST_REASON
from overt.errors import NotPermitted, Refused
from overt.gate.gate import Gate
from overt.policy.access import Actor

Words = Annotated[str, Form()]


def incident_pages(console: Console) -> APIRouter:
    """Give the routes of the incident records."""
    router = APIRouter()
    Reader = Annotated[SignedIn, Depends(console.signed_in)]  # noqa: N806  a type alias
    Sender = Annotated[SignedIn, Depends(console.sent_form)]  # noqa: N806  likewise

    @router.get("/incidents")
    def incidents(who: Reader) -> HTMLResponse:
        return _page(console, who)

    @router.post("/incidents/{incident}/record")
    def record(  # noqa: PLR0913, PLR0917  the fields of a form
        incident: str,
        who: Sender,
        leaflet: Words = "",
        complaint: Words = "",
        stop_minutes: Words = "",
        outcome: Words = "",
    ) -> Response:
        def act(gate: Gate, actor: Actor) -> None:
            news = IncidentRecord(
                leaflet.strip() or None, complaint.strip() or None, _minutes(stop_minutes),
                outcome.strip() or None,
            )  # fmt: skip
            gate.record_incident(actor, incident, news)

        return _acted(console, who, act)

    @router.post("/incidents/{incident}/close")
    def close(incident: str, who: Sender) -> Response:
        def act(gate: Gate, actor: Actor) -> None:
            gate.close_incident(actor, incident)

        return _acted(console, who, act)

    return router


def _minutes(written: str) -> int | None:
    if not written.strip():
        return None
    if not written.strip().isdecimal():
        raise Refused("the length of the stop is a number of minutes")
    return int(written)


def _page(console: Console, who: SignedIn, error: str = "", status: int = 200) -> HTMLResponse:
    gate = console.gates()
    actor = console.actor(who)
    return console.page(
        "incidents.html",
        status=status,
        actor=actor.id,
        csrf=who.form_token,
        incidents=gate.incidents(actor),
        longest=LONGEST_REASON,
        error=error,
    )


def _acted(console: Console, who: SignedIn, act: Callable[[Gate, Actor], None]) -> Response:
    gate = console.gates()
    try:
        act(gate, console.actor(who))
    except NotPermitted:
        raise
    except Refused as refusal:
        return _page(console, who, str(refusal), 409)
    return RedirectResponse("/incidents", status_code=303)
