"""The engagement officer's pages, for a phone: whom they were sent to, and what came of it."""

from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from typing import Annotated, TypeVar
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from overt.console.alert_pages import banners_of, groups_of
from overt.console.console import Console, SignedIn, image_address
from overt.console.words import METHODS, OUTCOMES, REFRAINING
from overt.decisions.case import Case
from overt.decisions.engagement import IdentityMethod, NotEngaged, Outcome
from overt.decisions.review import LONGEST_REASON
from overt.decisions.states import FINAL
from overt.errors import NotPermitted, Refused
from overt.gate.engagements import Ending
from overt.gate.gate import Gate
from overt.identifiers import AlertId
from overt.policy.access import Actor

Words = Annotated[str, Form()]
Chosen = TypeVar("Chosen", bound=Enum)


def street_pages(console: Console) -> APIRouter:
    """Give the routes of whoever was sent."""
    router = APIRouter()
    Reader = Annotated[SignedIn, Depends(console.signed_in)]  # noqa: N806  a type alias
    Sender = Annotated[SignedIn, Depends(console.sent_form)]  # noqa: N806  likewise

    @router.get("/street")
    def sent(who: Reader) -> HTMLResponse:
        gate = console.gates()
        actor = console.actor(who)
        cases = gate.sent_alerts(actor)
        return console.page(
            "street.html",
            actor=actor.id,
            csrf=who.form_token,
            cases=cases,
            banners=banners_of(cases),
        )

    @router.get("/street/{alert_id}")
    def one(alert_id: str, who: Reader) -> HTMLResponse:
        return _page(console, who, AlertId(alert_id))

    @router.post("/street/{alert_id}/same-person")
    def same_person(alert_id: str, who: Sender, reason: Words = "") -> Response:
        def act(gate: Gate, actor: Actor) -> Case:
            return gate.confirm_same_person(actor, AlertId(alert_id), reason=reason)

        return _acted(console, who, AlertId(alert_id), act)

    @router.post("/street/{alert_id}/engage")
    def engage(alert_id: str, who: Sender, reason: Words = "") -> Response:
        def act(gate: Gate, actor: Actor) -> Case:
            return gate.engage(actor, AlertId(alert_id), reason=reason)

        return _acted(console, who, AlertId(alert_id), act)

    @router.post("/street/{alert_id}/doubt")
    def doubt(alert_id: str, who: Sender, reason: Words = "") -> Response:
        def act(gate: Gate, actor: Actor) -> Case:
            return gate.doubt_alert(actor, AlertId(alert_id), reason=reason)

        return _acted(console, who, AlertId(alert_id), act)

    _ending_page(router, console)
    return router


def _ending_page(router: APIRouter, console: Console) -> None:
    Sender = Annotated[SignedIn, Depends(console.sent_form)]  # noqa: N806  a type alias

    @router.post("/street/{alert_id}/end")
    def end(  # noqa: PLR0913, PLR0917  the fields of a form
        alert_id: str,
        who: Sender,
        outcome: Words = "",
        reason: Words = "",
        method: Words = "",
        because: Words = "",
        perceived: Words = "",
    ) -> Response:
        def act(gate: Gate, actor: Actor) -> Case:
            ending = _ending(outcome, reason, method, because)
            told = replace(ending, perceived=perceived or None)
            return gate.end_alert(actor, AlertId(alert_id), told)

        return _acted(console, who, AlertId(alert_id), act)


def _ending(outcome: str, reason: str, method: str, because: str) -> Ending:
    told = _chosen(Outcome, outcome)
    if told is None:
        raise Refused("choose what came of it; nothing is chosen for you")
    return Ending(told, reason, _chosen(IdentityMethod, method), _chosen(NotEngaged, because))


def _chosen(kind: type[Chosen], value: str) -> Chosen | None:
    return next((each for each in kind if each.value == value), None)


def _page(
    console: Console, who: SignedIn, alert_id: AlertId, error: str = "", status: int = 200
) -> HTMLResponse:
    gate = console.gates()
    actor = console.actor(who)
    case, shown = gate.open_sent_alert(actor, alert_id)
    return console.page(
        "street_alert.html",
        status=status,
        actor=actor.id,
        csrf=who.form_token,
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
    gate = console.gates()
    try:
        case = act(gate, console.actor(who))
    except NotPermitted:
        raise
    except Refused as refusal:
        return _page(console, who, alert_id, str(refusal), 409)
    ended = case.review.state in FINAL
    return RedirectResponse(
        "/street" if ended else f"/street/{quote(alert_id, safe='')}", status_code=303
    )
