"""The deployments that are under way, and the button by which a team says that it is there (R10)."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from overt.console.console import Console, Reader, Sender, SignedIn, done_or_shown
from overt.identifiers import DeploymentId
from overt.policy.life import ENDED


def presence_pages(console: Console) -> APIRouter:
    """Give the routes of the deployments' page."""
    router = APIRouter()

    @router.get("/deployments")
    def deployments(who: Reader) -> HTMLResponse:
        return _page(console, who)

    @router.post("/deployments/{deployment_id}/check-in")
    def check_in(deployment_id: str, form: Sender) -> Response:
        def act() -> Response:
            officers = form["officers"].strip()
            count = int(officers) if officers.isdecimal() else 0
            actor = console.actor(form.who)
            console.gates().check_in(actor, DeploymentId(deployment_id), officers=count)
            return RedirectResponse("/deployments", status_code=303)

        return done_or_shown(act, lambda error: _page(console, form.who, error, 409))

    return router


def _page(console: Console, who: SignedIn, error: str = "", status: int = 200) -> HTMLResponse:
    actor = console.actor(who)
    lines = [line for line in console.gates().deployments(actor) if line.stage not in ENDED]
    return console.page_for(who, actor, "deployments.html", status=status, lines=lines, error=error)
