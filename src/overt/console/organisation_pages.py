"""In through the organisation: off to its provider, back from it, and a code where one is wanted.

What comes back is refused unless this very browser began it here, once, some minutes ago.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from overt.console.console import Console, Words
from overt.console.entry import let_in, sign_in_page
from overt.console.journeys import LASTS
from overt.gate.organisation_sign_in import CodeWanted
from overt.openid.doubt import WORDS, Doubt, NotProven
from overt.openid.id_token import Statement
from overt.openid.journey import Return

ON_ITS_WAY: Final = "overt-sign-on"
"""The cookie of a browser that was sent off; sent along when the provider sends it back."""
PATH: Final = "/sign-in/organisation"
Said = Annotated[str, Query(max_length=4000)]


def organisation_pages(console: Console) -> APIRouter:
    """Give the routes of signing in through the organisation."""
    router = APIRouter()

    @router.get("/sign-in/organisation")
    def off(request: Request) -> Response:
        scheme = "https" if console.https else "http"
        back_to = f"{scheme}://{request.headers['host'].lower()}{PATH}/back"
        try:
            journey, address = console.gates().begin_organisation_sign_in(back_to)
        except NotProven as refusal:
            return sign_in_page(console, str(refusal))
        answer = RedirectResponse(address, status_code=303)
        _hold(console, answer, console.journeys.keep(journey))
        return answer

    @router.get("/sign-in/organisation/back")
    def back(
        request: Request, state: Said = "", code: Said = "", iss: Said = "", error: Said = ""
    ) -> HTMLResponse:
        gate = console.gates()
        journey = console.journeys.take_journey(request.cookies.get(ON_ITS_WAY, ""))
        if journey is None:
            gate.note_foreign_answer()
            return sign_in_page(console, WORDS[Doubt.STATE])
        try:
            statement = gate.statement_for(journey, Return(state, code, iss, error))
        except NotProven as refusal:
            return sign_in_page(console, str(refusal))
        return _entered(console, statement, "")

    @router.post("/sign-in/organisation/code")
    def code(request: Request, code: Words = "") -> HTMLResponse:
        statement = console.journeys.take_statement(request.cookies.get(ON_ITS_WAY, ""))
        if statement is None:
            console.gates().note_foreign_answer()
            return sign_in_page(console, WORDS[Doubt.STATE])
        return _entered(console, statement, code.strip())

    return router


def _entered(console: Console, statement: Statement, code: str) -> HTMLResponse:
    """Sign in, or ask for the code, or for another code: the statement is kept for that alone."""
    try:
        told = console.gates().sign_in_by_organisation(statement, code=code)
    except CodeWanted:
        return _ask_code(console, statement, "")
    except NotProven as refusal:
        if refusal.doubt is Doubt.WRONG_CODE:
            return _ask_code(console, statement, str(refusal))
        return sign_in_page(console, str(refusal))
    answer = let_in(console, told)
    answer.delete_cookie(ON_ITS_WAY, path=PATH)
    return answer


def _ask_code(console: Console, statement: Statement, error: str) -> HTMLResponse:
    status = 401 if error else 200
    answer = console.page("second_factor.html", status=status, actor=None, error=error)
    _hold(console, answer, console.journeys.keep(statement))
    return answer


def _hold(console: Console, answer: Response, token: str) -> None:
    """Lax, not strict: the browser comes back from another site, by a link."""
    answer.set_cookie(
        ON_ITS_WAY,
        token,
        max_age=int(LASTS),
        path=PATH,
        httponly=True,
        samesite="lax",
        secure=console.https,
    )
