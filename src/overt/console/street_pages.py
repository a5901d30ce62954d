"""The engagement officer's pages, for a phone: whom they were sent to, and what came of it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, Protocol
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from overt.console.alert_pages import banners_of, groups_of
from overt.console.console import (
    Console,
    Reader,
    Sender,
    Sent,
    SignedIn,
    done_or_shown,
    image_address,
)
from overt.console.words import METHODS, OUTCOMES, REFRAINING, chosen
from overt.decisions.case import Case
from overt.decisions.engagement import IdentityMethod, NotEngaged, Outcome
from overt.decisions.review import LONGEST_REASON
from overt.decisions.states import FINAL
from overt.errors import Refused
from overt.gate.engagements import Ending
from overt.gate.gate import Gate
from overt.identifiers import AlertId
from overt.policy.access import Actor


class Step(Protocol):
    """What an officer does on the street before the end, for a reason."""

    def __call__(self, gate: Gate, actor: Actor, alert_id: AlertId, /, *, reason: str) -> Case: ...


STEPS: Final[Mapping[str, Step]] = {
    "same-person": Gate.confirm_same_person,
    "engage": Gate.engage,
    "doubt": Gate.doubt_alert,
}
"""By the path of the form."""


def street_pages(console: Console) -> APIRouter:
    """Give the routes of whoever was sent."""
    router = APIRouter()

    @router.get("/street")
    def sent(who: Reader) -> HTMLResponse:
        actor = console.actor(who)
        cases = console.gates().sent_alerts(actor)
        return console.page_for(who, actor, "street.html", cases=cases, banners=banners_of(cases))

    @router.get("/street/{alert_id}")
    def one(alert_id: str, who: Reader) -> HTMLResponse:
        return _page(console, who, AlertId(alert_id))

    for path, step in STEPS.items():
        router.post(f"/street/{{alert_id}}/{path}")(_step(console, step))

    @router.post("/street/{alert_id}/end")
    def end(alert_id: str, form: Sender) -> Response:
        def act(gate: Gate, actor: Actor) -> Case:
            return gate.end_alert(actor, AlertId(alert_id), _ending(form))

        return _acted(console, form.who, AlertId(alert_id), act)

    return router


def _step(console: Console, step: Step) -> Callable[[str, Sent], Response]:
    def take(alert_id: str, form: Sender) -> Response:
        def act(gate: Gate, actor: Actor) -> Case:
            return step(gate, actor, AlertId(alert_id), reason=form["reason"])

        return _acted(console, form.who, AlertId(alert_id), act)

    return take


def _ending(form: Sent) -> Ending:
    told = chosen(Outcome, form["outcome"])
    if told is None:
        raise Refused("choose what came of it; nothing is chosen for you")
    ending = Ending(
        told,
        form["reason"],
        chosen(IdentityMethod, form["method"]),
        chosen(NotEngaged, form["because"]),
    )
    return replace(ending, perceived=form["perceived"] or None)


def _page(
    console: Console, who: SignedIn, alert_id: AlertId, error: str = "", status: int = 200
) -> HTMLResponse:
    actor = console.actor(who)
    case, shown = console.gates().open_sent_alert(actor, alert_id)
    return console.page_for(
        who,
        actor,
        "street_alert.html",
        status=status,
        banners=banners_of([case]),
        case=case,
        images={
            "probe": image_address(shown.probe),
            "scene": image_address(shown.scene),
            "listed": [image_address(image) for image in shown.listed],
        },
        box=shown.box,
        outcomes=OUTCOMES,
        groups=groups_of(case),
        methods=METHODS,
        refraining=REFRAINING,
        longest=LONGEST_REASON,
        error=error,
    )


def _acted(
    console: Console, who: SignedIn, alert_id: AlertId, act: Callable[[Gate, Actor], Case]
) -> Response:
    """Do what the form asks; an alert that ended closes on this phone."""

    def done() -> Response:
        case = act(console.gates(), console.actor(who))
        ended = case.review.state in FINAL
        return RedirectResponse(
            "/street" if ended else f"/street/{quote(alert_id, safe='')}", status_code=303
        )

    return done_or_shown(done, lambda error: _page(console, who, alert_id, error, 409))
