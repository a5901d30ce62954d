"""The console as one application: pages, forms, live news, and how each refusal looks."""

import logging
from collections.abc import Callable, Iterable
from importlib.resources import files
from typing import Final

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from overt.console.alert_pages import alert_pages
from overt.console.console import Console, ForeignForm, NotSignedIn
from overt.console.entry import entry
from overt.console.guard import Guard
from overt.console.incident_pages import incident_pages
from overt.console.journeys import Journeys
from overt.console.live_updates import live_updates
from overt.console.organisation_pages import organisation_pages
from overt.console.presence_pages import presence_pages
from overt.console.rights_pages import rights_pages
from overt.console.run_pages import run_pages
from overt.console.sign_in import SignIn
from overt.console.street_pages import street_pages
from overt.console.walk_pages import walk_pages
from overt.console.words import page_templates
from overt.errors import Fault, NotPermitted, Refused
from overt.gate.alerts import NoSuchAlert
from overt.gate.gate import Gate
from overt.policy.doors import ROUTES, Route
from overt.units import Seconds

POLL: Final = Seconds(0.7)
LOG: Final = logging.getLogger("overt.console")


def build_app(
    gates: Callable[[], Gate],
    *,
    sign_in: SignIn,
    hosts: frozenset[str],
    https: bool = False,
    poll: Seconds = POLL,
) -> ASGIApp:
    """Give the console; `hosts` are the names, with port, that it answers to."""
    console = Console(gates, sign_in, page_templates(), https, poll, Journeys(sign_in.now))
    app = FastAPI(
        openapi_url=None, docs_url=None, redoc_url=None, dependencies=[Depends(console.allowed)]
    )
    app.state.console = console
    app.mount("/static", StaticFiles(directory=str(files("overt.console") / "static")))
    # The streams first: /alerts/live is no alert's page.
    routers = routers_of(console)
    require_a_row_each(routes_of(routers))
    for router in routers:
        app.include_router(router)
    _tell_refusals(app, console)
    return Guard(app, hosts, https)


def routers_of(console: Console) -> tuple[APIRouter, ...]:
    return (
        entry(console),
        organisation_pages(console),
        live_updates(console),
        alert_pages(console),
        presence_pages(console),
        run_pages(console),
        street_pages(console),
        incident_pages(console),
        rights_pages(console),
        walk_pages(console),
    )


def routes_of(routers: Iterable[APIRouter]) -> set[Route]:
    return {
        (method, route.path)
        for router in routers
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }


def require_a_row_each(served: set[Route]) -> None:
    """Raise Fault where the table of permissions does not name a page: it is not served."""
    if unknown := served - ROUTES.keys():
        raise Fault(f"pages without a permission: {', '.join(map(' '.join, sorted(unknown)))}")


def _tell_refusals(app: FastAPI, console: Console) -> None:
    """Every refusal is a page: what was refused and how to mend it."""

    def message(title: str, status: int) -> Callable[[Request, Exception], Response]:
        def tell(request: Request, refusal: Exception) -> Response:
            del request
            return _message(console, title, str(refusal), status)

        return tell

    def bad_request(request: Request, refusal: Exception) -> Response:
        del request, refusal  # what a library says of a form is no message for a person
        return _message(console, "Not a request of this console", "Open the page again.", 400)

    def http(request: Request, refusal: Exception) -> Response:
        del request
        status = refusal.status_code if isinstance(refusal, HTTPException) else 404
        return _message(console, "No such page", "It is not here, or not any more.", status)

    def fault(request: Request, fault: Exception) -> Response:
        LOG.error("%s %s: %s", request.method, request.url.path, fault)
        return _message(console, "The program cannot do that now", str(fault), 500)

    for kind, title, status in (
        (NotSignedIn, "Sign in first", 401),
        (NotPermitted, "Not yours to do", 403),
        (ForeignForm, "Form refused", 403),
        (NoSuchAlert, "No such alert", 404),
        (Refused, "Refused", 409),
    ):
        app.add_exception_handler(kind, message(title, status))
    app.add_exception_handler(RequestValidationError, bad_request)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Fault, fault)


def _message(console: Console, title: str, text: str, status: int) -> Response:
    on = {401: ("/sign-in", "Sign in"), 500: None}.get(status, ("/home", "Go on"))
    return console.page(
        "message.html", status=status, title=title, text=text, way_on=on, actor=None
    )
