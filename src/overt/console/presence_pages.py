"""The deployments that are under way, and the button by which a team says that it is there (R10)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from overt.console.console import Console, SignedIn
from overt.errors import NotPermitted, Refused
from overt.identifiers import DeploymentId
from overt.policy.life import ENDED

Words = Annotated[str, Form()]


def presence_pages(console: Console) -> APIRouter:
    """Give the routes of the deployments' page."""
    router = APIRouter()
    Reader = Annotated[SignedIn, Depends(console.signed_in)]  # noqa: N806  a type alias
    Sender = Annotated[SignedIn, Depends(console.sent_form)]  # noqa: N806  likewise

    @router.get("/deployments")
    def deployments(who: Reader) -> HTMLResponse:
        return _page(console, who)

    @router.post("/deployments/{deployment_id}/check-in")
    def check_in(deployment_id: str, who: Sender, officers: Words = "") -> Response:
        gate = console.gates()
        try:
            count = int(officers) if officers.strip().isdecimal() else 0
            gate.check_in(console.actor(who), DeploymentId(deployment_id), officers=count)
        except NotPermitted:
            raise
        except Refused as refusal:
            return _page(console, who, error=str(refusal), status=409)
        return RedirectResponse("/deployments", status_code=303)

    return router


def _page(console: Console, who: SignedIn, *, error: str = "", status: int = 200) -> HTMLResponse:
    gate = console.gates()
    actor = console.actor(who)
    lines = [line for line in gate.deployments(actor) if line.stage not in ENDED]
    return console.page(
        "deployments.html",
        status=status,
        actor=actor.id,
        csrf=who.form_token,
        banners=[],
        lines=lines,
        error=error,
    )
