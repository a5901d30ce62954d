"""The records of false engagements: what each lacks, and the form that completes it."""

from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from overt.console.console import Console, Reader, Sender, SignedIn, done_or_shown
from overt.decisions.incident import IncidentRecord
from overt.decisions.review import LONGEST_REASON
from overt.errors import Refused
from overt.gate.gate import Gate
from overt.policy.access import Actor, Permission, permissions_of


def incident_pages(console: Console) -> APIRouter:
    """Give the routes of the incident records."""
    router = APIRouter()

    @router.get("/incidents")
    def incidents(who: Reader) -> HTMLResponse:
        return _page(console, who)

    @router.post("/incidents/{incident}/record")
    def record(incident: str, form: Sender) -> Response:
        def act(gate: Gate, actor: Actor) -> None:
            news = IncidentRecord(
                form["leaflet"].strip() or None, form["complaint"].strip() or None,
                _minutes(form["stop_minutes"]), form["outcome"].strip() or None,
            )  # fmt: skip
            gate.record_incident(actor, incident, news)

        return _acted(console, form.who, act)

    @router.post("/incidents/{incident}/close")
    def close(incident: str, form: Sender) -> Response:
        def act(gate: Gate, actor: Actor) -> None:
            gate.close_incident(actor, incident)

        return _acted(console, form.who, act)

    return router


def _minutes(written: str) -> int | None:
    if not written.strip():
        return None
    if not written.strip().isdecimal():
        raise Refused("the length of the stop is a number of minutes")
    return int(written)


def _page(console: Console, who: SignedIn, error: str = "", status: int = 200) -> HTMLResponse:
    actor, now = console.actor(who), console.sign_in.now()
    return console.page_for(
        who,
        actor,
        "incidents.html",
        status=status,
        incidents=console.gates().incidents(actor),
        breaches=[
            (each, each.clock(now), each.alarm(now) is not None)
            for each in console.gates().breaches(actor)
        ],
        answers=Permission.RIGHTS_ANSWER in permissions_of(actor.roles),
        longest=LONGEST_REASON,
        error=error,
    )


def _acted(console: Console, who: SignedIn, act: Callable[[Gate, Actor], None]) -> Response:
    def done() -> Response:
        act(console.gates(), console.actor(who))
        return RedirectResponse("/incidents", status_code=303)

    return done_or_shown(done, lambda error: _page(console, who, error, 409))
