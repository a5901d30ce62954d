"""In and out: by an account's password and code, or by the link where the console was started.

The session is a cookie that scripts cannot read and other sites cannot send.
"""

from contextlib import suppress
from typing import Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from overt.console.console import COOKIE, Console, Reader, Sender, SignedIn, Words
from overt.console.sign_in import A_SHIFT
from overt.errors import NotPermitted
from overt.gate.opened_session import SignedInAs
from overt.gate.session_standing import Way
from overt.gate.sessions import SignInFailed
from overt.identifiers import ActorId
from overt.policy.access import Actor, Permission, permissions_of

FIRST_PAGES: Final = (
    (Permission.ALERT_READ, "/"),
    (Permission.ALERT_ENGAGE, "/street"),
    (Permission.INCIDENT_RECORD, "/incidents"),
    (Permission.RIGHTS_ANSWER, "/requests"),
    (Permission.WALK_LOG, "/walks"),
)
"""Where somebody with the permission begins, the first that they hold."""


def entry(console: Console) -> APIRouter:
    """Give the routes that open and close a session."""
    router = APIRouter()

    @router.get("/sign-in")
    def sign_in(token: str = "") -> HTMLResponse:
        if not token:
            return sign_in_page(console)
        console.sign_in.use_link(token)
        gate = console.gates()
        return let_in(console, gate.sign_in_by_link(gate.whoami()))

    @router.post("/sign-in")
    def sign_in_as(account: Words = "", password: Words = "", code: Words = "") -> HTMLResponse:
        gate = console.gates()
        try:
            told = gate.sign_in(
                ActorId(account.strip()), password=password.strip(), code=code, way=Way.BROWSER
            )
        except SignInFailed as refusal:
            return sign_in_page(console, str(refusal))
        return let_in(console, told)

    @router.get("/home")
    def home(who: Reader) -> Response:
        actor = console.actor(who)
        first = first_page(actor)
        if first is not None:
            return RedirectResponse(first, status_code=303)
        return console.page_for(
            who,
            actor,
            "message.html",
            title="Signed in",
            text="None of your roles has a page here; the command line has the rest.",
            way_on=None,
        )

    _ways_out(router, console)
    return router


def _ways_out(router: APIRouter, console: Console) -> None:
    @router.post("/sign-out")
    def sign_out(form: Sender) -> RedirectResponse:
        actor = console.actor(form.who)
        with suppress(NotPermitted):  # told; whoever has no role any more gets out all the same
            console.gates().sign_out(actor, form.who.session)
        return _let_out(console, form.who)

    @router.post("/sign-out-everywhere")
    def everywhere(form: Sender) -> RedirectResponse:
        console.gates().sign_out_everywhere(console.actor(form.who))
        return _let_out(console, form.who)

    @router.get("/signed-out")
    def signed_out() -> HTMLResponse:
        return console.page(
            "message.html",
            title="Signed out",
            text="Sign in again with your account, or with a new link from `overt console`.",
            way_on=("/sign-in", "Sign in"),
            actor=None,
        )


def first_page(actor: Actor) -> str | None:
    held = permissions_of(actor.roles)
    return next((page for permission, page in FIRST_PAGES if permission in held), None)


def sign_in_page(console: Console, error: str = "") -> HTMLResponse:
    """The form, and the organisation's button where one is configured."""
    return console.page(
        "sign_in.html",
        status=401 if error else 200,
        actor=None,
        error=error,
        organisation=console.gates().organisation(),
    )


def let_in(console: Console, told: SignedInAs) -> HTMLResponse:
    """Open the first page for a session, which the browser holds from now on.

    Where new credentials were made they are shown first.
    """
    console.sign_in.adopt(told.token, told.ends_at)
    shown = "signed_in.html" if told.renewed is None else "renewed.html"
    answer = console.page(shown, renewed=told.renewed, actor=None)
    answer.set_cookie(
        COOKIE,
        told.token,
        max_age=int(A_SHIFT),
        httponly=True,
        samesite="strict",
        secure=console.https,
    )
    return answer


def _let_out(console: Console, who: SignedIn) -> RedirectResponse:
    console.sign_in.close_session(who.session)
    answer = RedirectResponse("/signed-out", status_code=303)
    answer.delete_cookie(COOKIE)
    return answer
