"""In and out: the sign-in link works once, the session is a cookie that scripts cannot read."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse

from overt.console.console import COOKIE, Console, SignedIn
from overt.console.sign_in import A_SHIFT


def entry(console: Console) -> APIRouter:
    """Give the routes that open and close a session."""
    router = APIRouter()

    @router.get("/sign-in")
    def sign_in(token: str = "") -> HTMLResponse:
        session = console.sign_in.open_session(token)
        answer = console.page("signed_in.html")
        answer.set_cookie(
            COOKIE,
            session,
            max_age=int(A_SHIFT),
            httponly=True,
            samesite="strict",
            secure=console.https,
        )
        return answer

    @router.post("/sign-out")
    def sign_out(who: Annotated[SignedIn, Depends(console.sent_form)]) -> RedirectResponse:
        console.sign_in.close_session(who.session)
        answer = RedirectResponse("/signed-out", status_code=303)
        answer.delete_cookie(COOKIE)
        return answer

    @router.get("/signed-out")
    def signed_out() -> HTMLResponse:
        return console.page(
            "message.html",
            title="Signed out",
            text="A new sign-in link comes from where `overt console` runs.",
            way_on=None,
            actor=None,
        )

    return router
