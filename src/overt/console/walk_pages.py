"""The marshal's page of a seeded walk, for a phone: who passed which camera, in what conditions."""

from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import quote, urlencode

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from overt.config.walk_log import (
    Distance,
    Eyewear,
    Headgear,
    Light,
    WalkPass,
    Zone,
    chosen,
    conditions_of,
    participant_id,
)
from overt.console.console import Console, Reader, Sender, SignedIn, done_or_shown
from overt.errors import Refused
from overt.gate.gate import Gate
from overt.identifiers import CameraId, DeploymentId
from overt.policy.access import Actor
from overt.units import Clock

CONDITIONS: Final = (
    ("light", "Light", tuple(each.value for each in Light)),
    ("distance", "Nearest to the camera", tuple(each.value for each in Distance)),
    ("eyewear", "Eyewear", tuple(each.value for each in Eyewear)),
    ("headgear", "Headgear", tuple(each.value for each in Headgear)),
)
ASKED: Final = ("participant", "camera", "zone", *(name for name, _, _ in CONDITIONS))
STAYS: Final = ("camera", "light", "distance")
"""What the next pass likely has too; who passed and what they wore is chosen anew each time."""
ZONES: Final = (
    (Zone.THROUGH.value, "Through the zone"),
    (Zone.OUTSIDE.value, "Outside it"),
    (Zone.UNSURE.value, "Unsure"),
)
HINTS: Final = {"near": "up to 5 m", "middle": "5 to 10 m", "far": "over 10 m"}


def walk_pages(console: Console) -> APIRouter:
    """Give the routes of whoever logs the passes of a walk."""
    router = APIRouter()

    @router.get("/walks")
    def walks(who: Reader) -> HTMLResponse:
        actor = console.actor(who)
        return console.page_for(who, actor, "walks.html", walks=console.gates().walks(actor))

    @router.get("/walks/{deployment_id}")
    def one(
        deployment_id: str, who: Reader, camera: str = "", light: str = "", distance: str = ""
    ) -> HTMLResponse:
        kept = {"camera": camera, "light": light, "distance": distance}
        return _page(console, who, DeploymentId(deployment_id), kept)

    @router.post("/walks/{deployment_id}/passed")
    def passed(deployment_id: str, form: Sender) -> Response:
        told = form.only(*ASKED)

        def act(gate: Gate, actor: Actor) -> None:
            gate.log_passes(actor, DeploymentId(deployment_id), _pass(told))

        return _acted(console, form.who, DeploymentId(deployment_id), act, told)

    @router.post("/walks/{deployment_id}/take-back")
    def take_back(deployment_id: str, form: Sender) -> Response:
        def act(gate: Gate, actor: Actor) -> None:
            gate.take_back_pass(actor, DeploymentId(deployment_id), form["logged"])

        return _acted(console, form.who, DeploymentId(deployment_id), act, {})

    return router


def _pass(told: Mapping[str, str]) -> WalkPass:
    """What was tapped. The gate puts its own time to it."""
    for name in ("participant", "camera"):
        if not told[name].strip():
            raise Refused(f"choose the {name}; nothing is chosen for you")
    return WalkPass(
        participant=participant_id(told["participant"].strip()),
        camera=CameraId(told["camera"]),
        at=Clock().now(),
        zone=chosen(Zone, told["zone"], "zone"),
        conditions=conditions_of(told),
    )


def _page(  # noqa: PLR0913  what a page shows
    console: Console,
    who: SignedIn,
    deployment_id: DeploymentId,
    kept: Mapping[str, str],
    *,
    error: str = "",
    status: int = 200,
) -> HTMLResponse:
    actor = console.actor(who)
    return console.page_for(
        who,
        actor,
        "walk.html",
        status=status,
        desk=console.gates().walk_desk(actor, deployment_id),
        conditions=CONDITIONS,
        zones=ZONES,
        hints=HINTS,
        kept={name: kept.get(name, "") for name in (*STAYS, "participant", "eyewear", "headgear")},
        error=error,
    )


def _acted(
    console: Console,
    who: SignedIn,
    deployment_id: DeploymentId,
    act: Callable[[Gate, Actor], None],
    told: Mapping[str, str],
) -> Response:
    def done() -> Response:
        act(console.gates(), console.actor(who))
        kept = urlencode({name: told[name] for name in STAYS if told.get(name)})
        return RedirectResponse(f"/walks/{quote(deployment_id, safe='')}?{kept}", status_code=303)

    def again(error: str) -> Response:
        return _page(console, who, deployment_id, told, error=error, status=409)

    return done_or_shown(done, again)
